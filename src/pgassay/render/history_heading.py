"""What stands above a history's graph: its files, its stamp and whether it builds."""

from __future__ import annotations

from collections import Counter

from rich.text import Text

from pgassay.facts.history_listing import ListedHistory, ListedStamp
from pgassay.facts.stamp_sighting import StampSighting
from pgassay.render.plain import counted, name, one_line
from pgassay.render.terminal_lines import Lines, wrapped

MEANINGS = {
    "applied": "applied",
    "pending": "pending",
    "unknown": "not known if applied",
    "broken": "no readable file",
}
"""What is said of a revision, or of a place in the graph that has none."""
_FEW = 3


def history_heading(history: ListedHistory, width: int) -> Lines:
    facts = history.history
    counts = counted(len(history.revisions), "revision")
    line = Text.assemble((f"{name(facts.name)}/", "bold"), f"  {counts}")
    line.append(f"; {_ends('head', history.heads)}; {_ends('base', history.bases)}")
    lines = wrapped(line, width)
    ini = f"{facts.ini.path} [{facts.ini_section}]" if facts.ini else "named by no ini file"
    table = ".".join(part for part in history.version_table if part)
    said = Text(f"{name(ini)}; version table {name(table)}", style="dim")
    lines += wrapped(said, width, indent=2)
    lines += wrapped(_stamp(history), width, indent=2, label=Text("stamp: "))
    if history.build == "fails":
        failing = dict.fromkeys(p.revision for p in history.problems if p.kind == "fails")
        said = Text(f"fails on an empty database at {_few(tuple(failing))}", style="red")
        lines += wrapped(said, width, indent=2, label=Text("build: "))
    elif history.build != "built":
        why = "was not asked for (--no-build)" if history.build == "not asked" else "not known"
        said = Text(f"{why}, so who owns which object is not known", style="yellow")
        lines += wrapped(said, width, indent=2, label=Text("build: "))
    for note in history.build_notes:
        lines += wrapped(Text(one_line(note), style="yellow"), width, indent=2, label=Text("run: "))
    return lines


def _ends(noun: str, ids: tuple[str, ...]) -> str:
    if not ids:
        return f"no {noun}"
    return f"{noun} {_few(ids)}" if len(ids) == 1 else f"{len(ids)} {noun}s: {_few(ids)}"


def _few(ids: tuple[str, ...]) -> str:
    more = f" and {len(ids) - _FEW} more" if len(ids) > _FEW else ""
    return ", ".join(name(i) for i in ids[:_FEW]) + more


def _stamp(history: ListedHistory) -> Text:
    stamp = history.stamp
    states: Counter[str] = Counter({r.revision.id: r.state for r in history.revisions}.values())
    counts = ", ".join(f"{states[s]} {MEANINGS[s]}" for s in MEANINGS if states[s])
    shown = _row_of(stamp)
    style = "yellow" if stamp.status == "unknown" or stamp.strangers else ""
    if stamp.position:
        shown += f" is {stamp.position}" if len(stamp.revisions) == 1 else f" are {stamp.position}"
    said = f"{shown}: {counts}" if counts and stamp.status != "unknown" else shown
    return Text("; ".join((said, *map(_sighting, stamp.sightings))), style)


def _sighting(seen: StampSighting) -> str:
    """Where a row that no file has was seen."""
    where = f"in {name(seen.ref)}" if seen.ref else f"at commit {seen.commit}"
    where = where if seen.commit else f"in {name(seen.path)}"
    if seen.is_ahead:
        count = counted(len(seen.steps), "revision")
        return f"{name(seen.revision)} is {where}, {count} after {name(seen.continues)}"
    gone = f", removed by commit {seen.removed}" if seen.removed else ""
    return f"{name(seen.revision)} was {where}{gone}"


def _row_of(stamp: ListedStamp) -> str:
    note = f" ({one_line(stamp.reason)})" if stamp.reason else ""
    if stamp.status == "unknown":
        return f"not known{note}"
    if stamp.status == "absent":
        return f"no table {name(stamp.table)}{note}"
    if stamp.status == "empty":
        return f"{name(stamp.table)} is empty{note}"
    return ", ".join(
        name(r) + (" (in no file here)" if r in stamp.strangers else "") for r in stamp.revisions
    )
