"""What each revision of a history did to which objects, by what the server saw."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Literal

from pgassay.facts.history import Assumed, Build, Salvage
from pgassay.facts.history_listing import RevisionEffects, TouchedObject
from pgassay.facts.touch import Touch

Name = tuple[str, str]
"""(kind, name), which is what an object is in PostgreSQL's words."""

Effect = Literal["create", "alter", "drop"]


def touches_of(build: Build | None) -> tuple[Touch, ...] | None:
    """What the revisions were seen to touch; of a history that does not build, what its second run
    showed. None: not known. What was made for a history that lacks it is not the history's."""
    if build is None:
        return None
    if build.failure is None:
        return _by_revisions(build.touches)
    if not isinstance(build.salvage, Salvage):
        return _by_revisions(build.touches)
    touches = _by_revisions(build.salvage.touches)
    if touches is None:
        return None
    return tuple(t for t in touches if not _is_assumed(t, build.salvage.assumed))


def _by_revisions(touches: Sequence[Touch] | None) -> tuple[Touch, ...] | None:
    """Without what Alembic itself does, such as making its version table."""
    return None if touches is None else tuple(t for t in touches if t.revision)


def _is_assumed(touch: Touch, assumed: Sequence[Assumed]) -> bool:
    if touch.action != "create":
        return False
    plain = touch.name.replace('"', "")
    on = ".".join(touch.table) if touch.table else plain
    for thing in assumed:
        if thing.revision == touch.revision and '"' in thing.missing:
            name = thing.missing.split('"')[1]
            fitting = (name, f"public.{name}") if "." not in name else (name,)
            # A serial column's sequence hangs on no table yet when it is made.
            is_sequence = touch.kind == "sequence" and plain.startswith(
                tuple(f"{f}_" for f in fitting)
            )
            if on in fitting or plain in fitting or is_sequence:
                return True
    return False


def objects_of(touches: Sequence[Touch] | None) -> frozenset[Name]:
    """The objects that a history touches."""
    return frozenset((t.kind, t.name) for t in touches or ())


def revision_effects(
    touches: Sequence[Touch], others: Mapping[str, Collection[Name]]
) -> dict[str, RevisionEffects]:
    """What came of each revision that touched anything; `others` are the objects of the other
    histories, by name."""
    owners = {(t.kind, t.name): t.revision for t in touches if t.action == "create"}
    by_revision: dict[str, dict[Name, list[Touch]]] = {}
    for touch in touches:
        objects = by_revision.setdefault(touch.revision, {})
        objects.setdefault((touch.kind, touch.name), []).append(touch)

    def shown(name: Name, seen: list[Touch]) -> TouchedObject:
        also_in = tuple(other for other, objects in others.items() if name in objects)
        table = next((t.table for t in seen if t.table), None)
        return TouchedObject(*name, owners.get(name, ""), also_in, table)

    def having(objects: dict[Name, list[Touch]], effect: Effect) -> tuple[TouchedObject, ...]:
        return tuple(shown(n, seen) for n, seen in objects.items() if _effect(seen) == effect)

    return {
        revision: RevisionEffects(
            having(objects, "create"), having(objects, "alter"), having(objects, "drop")
        )
        for revision, objects in by_revision.items()
    }


def _effect(seen: Sequence[Touch]) -> Effect | None:
    """What is left of it at the revision's end: a view that is dropped and made again is made."""
    ends = [t.action for t in seen if t.action in ("create", "drop")]
    if not ends:
        return "alter"
    if ends[-1] == "create":
        return "create"
    return None if ends[0] == "create" else "drop"
