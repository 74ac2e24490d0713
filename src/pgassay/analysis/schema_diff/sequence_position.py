"""Where sequences stand: no schema, but the next row that is inserted depends on it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from collections.abc import Sequence as Many

from pgassay.analysis.schema_diff.ground import Key, key_of
from pgassay.analysis.schema_diff.properties import IDENTITY_PREFIX
from pgassay.analysis.schema_diff.side import Side
from pgassay.facts.catalog import Identity, SchemaObject, Sequence
from pgassay.facts.comparison import Difference

LAST_VALUE = "last value"
UNSEEN = "sequence position this role may not see"

# SEQ_LOG_VALS in PostgreSQL's sequence.c: what a crash or a restore may skip by itself.
_LOGGED_AHEAD = 32


def positions(sides: Many[Side]) -> Iterator[Difference]:
    """The sequences that stand further apart than PostgreSQL itself may have moved them."""
    asked = [side for side in sides if side.scope.data]
    if len(asked) < 2:
        return
    keyed = [{_key(s): s for s in side.sequences if s.readable} for side in asked]
    for key in {key: None for sequences in keyed for key in sequences}:
        there = {s: found[key] for s, found in zip(asked, keyed, strict=True) if key in found}
        if _are_apart(list(there.values())):
            yield _difference(there)


def unseen(sides: Many[Side]) -> set[Key]:
    """The sequences whose position would have been compared, but for a side that may not see it."""
    asked = [side for side in sides if side.scope.data]
    there = Counter(_key(s) for side in asked for s in side.sequences)
    return {
        key_of(s) for side in asked for s in side.sequences if not s.readable and there[_key(s)] > 1
    }


def _key(sequence: Sequence) -> tuple[object, ...]:
    """An identity column's is found by its column, whatever it is called."""
    return sequence.owned_by if sequence.identity_column else ("", *sequence.identity)


def _are_apart(sequences: list[Sequence]) -> bool:
    places = [_place(s) for s in sequences]
    step = min(abs(s.increment) for s in sequences)
    allowed = (_LOGGED_AHEAD + max(s.cache for s in sequences)) * max(step, 1)
    return max(places) - min(places) > allowed


def _place(sequence: Sequence) -> int:
    if sequence.last_value is None:
        return sequence.start - sequence.increment
    return sequence.last_value


def _difference(there: dict[Side, Sequence]) -> Difference:
    values = tuple(
        (side.name, "not used yet" if s.last_value is None else str(s.last_value))
        for side, s in there.items()
    )
    objects: tuple[tuple[str, SchemaObject], ...] = tuple(
        (side.name, sequence) for side, sequence in there.items()
    )
    kind, identity, prop = Sequence.KIND, next(iter(there.values())).identity, LAST_VALUE
    if all(s.identity_column and len(s.owned_by) == 3 for s in there.values()):
        kind, prop = "column", f"{IDENTITY_PREFIX}{LAST_VALUE}"
        owner = next(iter(there.values())).owned_by
        identity = (owner[0], owner[1], owner[2])
        objects = tuple(_columns(there, identity))
    return Difference(kind, *identity, prop, values, objects)


def _columns(there: dict[Side, Sequence], column: Identity) -> Iterator[tuple[str, SchemaObject]]:
    for side in there:
        for thing in side.columns.get((column[0], column[1]), ()):
            if thing.name == column[2]:
                yield side.name, thing
