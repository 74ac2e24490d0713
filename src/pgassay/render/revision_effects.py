"""What a revision did to which objects, in a few lines."""

from __future__ import annotations

from collections.abc import Sequence

from rich.cells import cell_len
from rich.text import Text

from pgassay.facts.history_listing import ListedRevision, RevisionEffects, TouchedObject
from pgassay.render.plain import name
from pgassay.render.terminal_lines import Lines, wrapped

_SIGNS = (
    ("creates", "+", "green"),
    ("alters", "~", "yellow"),
    ("drops", "-", "red"),
)

_WHOLE = frozenset(("table", "foreign table", "view", "materialized view"))


def effect_lines(listed: ListedRevision, room: int, verbose: int) -> Lines:
    """One line, and one for each other history that touches the same; with `verbose` all objects,
    and who owns them where another revision does."""
    effects = listed.effects
    if effects is None:
        return []
    lines = _all(effects, listed.revision.id, room) if verbose > 0 else [_brief(effects, room)]
    return [line for line in lines if line.plain] + _shared(effects, room, verbose)


def _all(effects: RevisionEffects, revision: str, room: int) -> Lines:
    lines: Lines = []
    for verb, _, style in _SIGNS:
        objects: tuple[TouchedObject, ...] = getattr(effects, verb)
        if objects:
            said = ", ".join(_title(o) + _owner(o, revision) for o in objects)
            lines += wrapped(Text(said), room, label=Text(f"{verb}: ", style=style))
    return lines


def _owner(thing: TouchedObject, revision: str) -> str:
    return f" (of {name(thing.owner)})" if thing.owner not in ("", revision) else ""


def _brief(effects: RevisionEffects, room: int) -> Text:
    """Such as `+ users, goals  ~ expenses`; the last kinds are cut to numbers where room ends."""
    groups = [
        (sign, style, [_title(o) for o in _without_parts(getattr(effects, verb))])
        for verb, sign, style in _SIGNS
    ]
    line = Text()
    groups = [group for group in groups if group[2]]
    for at, (sign, style, names) in enumerate(groups):
        # What the others need at least: a sign and a number.
        left = room - line.cell_len - 14 * (len(groups) - at - 1) - (2 if line else 0)
        line.append("  " if line else "").append(f"{sign} ", style=style)
        line.append(_fitting(names, left - 2))
    return line


def _fitting(names: Sequence[str], room: int) -> str:
    for count in range(len(names), 0, -1):
        more = f" and {len(names) - count} more" if count < len(names) else ""
        shown = ", ".join(names[:count]) + more
        if cell_len(shown) <= room:
            return shown
    return f"{len(names)} objects"


def _shared(effects: RevisionEffects, room: int, verbose: int) -> Lines:
    objects = [o for verb, _, _ in _SIGNS for o in _without_parts(getattr(effects, verb))]
    lines: Lines = []
    for other in dict.fromkeys(o for thing in objects for o in thing.also_in):
        label = Text(f"also in {name(other)}/: ", style="bold yellow")
        names = [_title(o) for o in objects if other in o.also_in]
        if verbose > 0:
            lines += wrapped(Text(", ".join(names)), room, label=label)
        else:
            lines.append(label + Text(_fitting(names, room - label.cell_len)))
    return lines


def _without_parts(objects: Sequence[TouchedObject]) -> list[TouchedObject]:
    """Without what comes and goes with a table or view that is among them: indexes, sequences."""
    whole = {o.name for o in objects if o.kind in _WHOLE}

    def is_part(thing: TouchedObject) -> bool:
        if thing.kind in _WHOLE or thing.kind == "table column":
            return False
        if thing.table is not None and ".".join(thing.table) in whole:
            return True
        if thing.kind == "sequence":
            return thing.name.startswith(tuple(f"{w}_" for w in whole))
        return thing.name.partition(" on ")[2] in whole

    return [o for o in objects if not is_part(o)]


def _title(thing: TouchedObject) -> str:
    """`users` for a table, `index ix_users_email` for another; the schema where it is not
    public."""
    shown = name(thing.name).replace(" on public.", " on ").removeprefix("public.")
    return shown if thing.kind == "table" else f"{thing.kind.removeprefix('table ')} {shown}"
