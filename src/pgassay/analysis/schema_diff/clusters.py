"""Brings together what is one object on several sides, passing over what is equal everywhere."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from operator import attrgetter
from typing import TypeVar

from pgassay.analysis.alignment import Meaning, NamedObject, align, definition_of
from pgassay.analysis.schema_diff.ground import Key, key_of
from pgassay.analysis.schema_diff.properties import reparsed_text
from pgassay.analysis.schema_diff.side import Side
from pgassay.analysis.text_equivalence import canonical
from pgassay.facts.catalog import KINDS, Constraint, Index, SchemaObject, TableName
from pgassay.facts.catalog import Sequence as SequenceObject

Cluster = dict[Side, SchemaObject]
"""One object on the sides that have it, in the order of the sides."""

RANK = {kind.KIND: place for place, kind in enumerate(KINDS)}

_GROUPS = tuple(map(attrgetter, ("tables", "columns", "constraints", "indexes", "others")))


def clusters(sides: Sequence[Side]) -> list[Cluster]:
    """Every object that is not the same on all sides, in the order of KINDS.

    Not the sequences of identity columns. What changed its kind under its name is one object.
    """
    found: dict[Key, Cluster] = {}
    for group in _GROUPS:
        _unequal(sides, [group(side.catalog) for side in sides], found)
    pairs = list(_aligned(sides, found))
    whole = sorted((*found.values(), *pairs), key=lambda cluster: RANK[_first(cluster).KIND])
    return [{side: cluster[side] for side in sides if side in cluster} for cluster in whole]


def _first(cluster: Cluster) -> SchemaObject:
    return next(iter(cluster.values()))


def _unequal(
    sides: Sequence[Side],
    groups: Sequence[tuple[SchemaObject, ...]],
    found: dict[Key, Cluster],
) -> None:
    first, *others = groups
    # Most of a schema is equal, and comparing tuples is many times faster than what follows.
    if all(group == first for group in others):
        return
    keyed = [
        {
            key_of(thing): thing
            for thing in group
            if not (isinstance(thing, SequenceObject) and thing.identity_column)
        }
        for group in groups
    ]
    for key in {key: None for objects in keyed for key in objects}:
        there = {s: objects[key] for s, objects in zip(sides, keyed, strict=True) if key in objects}
        things = iter(there.values())
        one = next(things)
        if len(there) < len(sides) or any(thing != one for thing in things):
            found.setdefault(key, {}).update(there)


Named = TypeVar("Named", Constraint, Index)


def _aligned(sides: Sequence[Side], found: dict[Key, Cluster]) -> Iterator[Cluster]:
    """Takes the constraints and indexes out of `found`, and gives them paired."""
    by_name = {side.name: side for side in sides}
    constraints = _by_table(found, Constraint, sides)
    indexes = _by_table(found, Index, sides)
    meaning = _meaning(by_name)
    for table in {**constraints, **indexes}:
        of_constraints: list[Cluster] = [
            {by_name[s]: thing for s, thing in pair.items()}
            for pair in align(constraints.get(table, {}), meaning)
        ]
        of_indexes: list[Cluster] = [
            {by_name[s]: thing for s, thing in pair.items()}
            for pair in align(indexes.get(table, {}), meaning)
        ]
        yield from of_constraints
        yield from (c for c in of_indexes if not _joins_constraint(c, of_constraints))


def _by_table(
    found: dict[Key, Cluster], kind: type[Named], sides: Sequence[Side]
) -> dict[TableName, dict[str, list[Named]]]:
    tables: dict[TableName, dict[str, list[Named]]] = {}
    for key in [key for key in found if key[0] == kind.KIND]:
        for side, thing in found.pop(key).items():
            if isinstance(thing, kind):
                of_table = tables.setdefault(thing.table_name, {s.name: [] for s in sides})
                of_table[side.name].append(thing)
    return tables


def _meaning(sides: dict[str, Side]) -> Meaning | None:
    if not any(side.reparsed for side in sides.values()):
        return None

    def meaning(side: str, thing: NamedObject) -> object:
        known = reparsed_text(sides[side], thing, "definition")
        text = known.reparsed if known and not known.failed else definition_of(thing)
        return canonical(text) or text

    return meaning


def _joins_constraint(index: Cluster, constraints: list[Cluster]) -> bool:
    """Whether the index stands in for a constraint of its name where that is missing: it keeps the
    same columns, and nothing else of it matters. Otherwise one is missing and the other is new."""
    name = _first(index).identity
    for cluster in constraints:
        thing = _first(cluster)
        if thing.identity != name or cluster.keys() & index.keys():
            continue
        if all(_does_the_same(i, c) for i in index.values() for c in cluster.values()):
            cluster.update(index)
            return True
    return False


_KEY = re.compile(
    r"(?:UNIQUE|PRIMARY KEY)(?P<nulls> NULLS NOT DISTINCT)? (?P<columns>\(.*?\))"
    r"(?P<rest>(?: INCLUDE \(.*\))?)(?: WITH \(.*\))?(?: DEFERRABLE(?: INITIALLY DEFERRED)?)?",
    re.DOTALL,
)


def _does_the_same(index: SchemaObject, constraint: SchemaObject) -> bool:
    key = _KEY.fullmatch(definition_of(constraint)) if isinstance(constraint, Constraint) else None
    if key is None or not isinstance(index, Index):
        return False
    meant = f"USING btree {key['columns']}{key['rest']}{key['nulls'] or ''}"
    storage = re.sub(r" WITH \([^()]*\)$", "", index.definition)
    return index.valid and storage == meant
