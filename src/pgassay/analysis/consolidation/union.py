"""What one history's schema adds to another's, and where the two say otherwise.

The target is the union of the histories, not the models, which may be the wrong side.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass

from pgassay.analysis.schema_diff import compare
from pgassay.analysis.schema_diff.columns import COLUMN_ORDER
from pgassay.analysis.type_change import keeps_every_value
from pgassay.facts.catalog import (
    KINDS,
    Catalog,
    Column,
    Constraint,
    Database,
    Part,
    SchemaObject,
    Sequence,
    Table,
    TableName,
)
from pgassay.facts.comparison import Difference
from pgassay.facts.consolidation import Decision

INTO, OTHER = "into", "other"
"""The sides of a comparison."""

IGNORED = frozenset({COLUMN_ORDER})
"""Properties that decide nothing: no statement changes the order of columns."""

_RANKS = {kind: rank for rank, kind in enumerate(KINDS)}


@dataclass(frozen=True, slots=True)
class Union:
    """`added` are the other's objects that the first lacks, in an order in which they can be made;
    what comes with a table that is added is not listed by itself. `altered` are shared objects
    that must become as the other has them, with their differences. `both` are shared ones that are
    alike."""

    added: tuple[SchemaObject, ...]
    altered: tuple[tuple[Difference, ...], ...]
    decisions: tuple[Decision, ...]
    both: tuple[str, ...]
    refused: tuple[str, ...]


def union(
    into: Catalog,
    other: Catalog,
    *,
    assumed_in_into: Collection[TableName] = (),
    assumed_in_other: Collection[TableName] = (),
) -> Union:
    """`into` keeps all it has. Tables that were only assumed in one are as the other makes them.

    Where the two differ on a type, the one that holds every value of both wins; where neither does,
    the union is refused. Of anything else, `into` wins.
    """
    comparison = compare({INTO: into, OTHER: other})
    known = {_key(thing) for thing in into.objects()}
    new_tables = {t.table_name for t in other.tables if _key(t) not in known}
    columns = {(c.schema, c.table, c.name) for c in into.columns}
    added = [t for t in other.objects() if _key(t) not in known and _counts(t, new_tables, columns)]
    together: dict[tuple[str, str], list[Difference]] = {}
    for difference in comparison.differences:
        if difference.property not in {"presence", *IGNORED}:
            together.setdefault((difference.kind, difference.subject), []).append(difference)
    altered, decisions, refused = [], [], []
    for differences in together.values():
        table = differences[0].table_name
        if table in assumed_in_other:
            continue
        if table in assumed_in_into:
            altered.append(tuple(differences))
            continue
        if differences[0].property == "kind":
            refused.append(
                _said(differences[0]) + ": one name for two kinds of object. "
                "Rename one of them, by a revision, and run this again."
            )
            continue
        winner = _winner(differences)
        if winner is None:
            refused.append(
                f"{_said(_type(differences))}: neither type holds every value of the "
                "other. Change it in one of the histories, by a revision, and run this again."
            )
            continue
        wins, why = winner
        if wins == OTHER:
            altered.append(tuple(differences))
        decisions += list(_decided(differences, wins, why))
    return Union(
        added=tuple(_ordered(added)),
        altered=tuple(altered),
        decisions=tuple(decisions),
        both=tuple(_alike(into, other, together.keys())),
        refused=tuple(refused),
    )


def _key(thing: SchemaObject) -> tuple[str, tuple[str, str, str]]:
    return (thing.KIND, thing.identity)


def _counts(
    thing: SchemaObject,
    new_tables: Collection[TableName],
    columns: Collection[tuple[str, str, str]],
) -> bool:
    """Whether the object is made by itself, and not with what it is part of."""
    if isinstance(thing, Database):
        return False
    if isinstance(thing, Sequence) and thing.owned_by:
        # Of a column that is there and has no such default yet.
        return not thing.identity_column and thing.owned_by in columns
    if isinstance(thing, Constraint) and thing.kind == "foreign key":
        # Apart from its table, so that tables may refer to each other.
        return True
    return not (isinstance(thing, Part) and thing.table_name in new_tables)


def _ordered(things: list[SchemaObject]) -> list[SchemaObject]:
    def rank(thing: SchemaObject) -> tuple[int, int]:
        is_key = isinstance(thing, Constraint) and thing.kind == "foreign key"
        return (int(is_key), _RANKS[type(thing)])

    return sorted(things, key=rank)


def _type(differences: list[Difference]) -> Difference:
    return next(d for d in differences if d.property == "type")


def _winner(differences: list[Difference]) -> tuple[str, str] | None:
    """Whose version holds, and why; None where it cannot be had without losing values."""
    typed = next((d for d in differences if d.property == "type" and d.kind == "column"), None)
    if typed is None:
        return INTO, "the history that is kept decides"
    objects = dict(typed.objects)
    mine, theirs = objects[INTO], objects[OTHER]
    assert isinstance(mine, Column)
    assert isinstance(theirs, Column)
    if keeps_every_value(theirs.type, mine.type):
        return INTO, "it holds every value of the other"
    if keeps_every_value(mine.type, theirs.type):
        return OTHER, "it holds every value of the other"
    return None


def _decided(differences: list[Difference], wins: str, why: str) -> Iterator[Decision]:
    loses = OTHER if wins == INTO else INTO
    for difference in differences:
        values = dict(difference.values)
        yield Decision(
            difference.subject,
            difference.property,
            kept=values.get(wins, ""),
            dropped=values.get(loses, ""),
            why=why,
        )


def _said(difference: Difference) -> str:
    values = dict(difference.values)
    return (
        f"{difference.kind} {difference.subject} has {difference.property} "
        f"{values.get(INTO, '?')} in one and {values.get(OTHER, '?')} in the other"
    )


def _alike(into: Catalog, other: Catalog, differing: Collection[tuple[str, str]]) -> Iterator[str]:
    theirs = {_key(thing) for thing in other.objects()}
    for thing in into.objects():
        if isinstance(thing, Table) and _key(thing) in theirs:
            parts = [s for _, s in differing if s.startswith(f"{thing.subject}.")]
            if not parts and (thing.KIND, thing.subject) not in differing:
                yield thing.subject
