"""What concerns a table's columns together: their order, new names, what partitions inherit."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from pgassay.analysis.schema_diff.side import Side
from pgassay.facts.catalog import Column, TableName
from pgassay.facts.comparison import PRESENT, Difference

COLUMN_ORDER = "column order"


def column_orders(sides: Sequence[Side]) -> Iterator[Difference]:
    """The tables whose columns, as far as all sides have them, stand in another order."""
    asked = [s for s in sides if s.scope.says("table", COLUMN_ORDER, usual=False)]
    if len(asked) < 2 or _agree(asked):
        return
    for name in {name: None for side in asked for name in side.tables}:
        there = [side for side in asked if name in side.tables]
        orders = {side: [c.name for c in side.columns.get(name, ())] for side in there}
        shared = set.intersection(*(set(order) for order in orders.values()))
        left = {s: [c for c in order if c in shared] for s, order in orders.items()}
        if any(order != left[there[0]] for order in left.values()):
            values = tuple((side.name, ", ".join(order)) for side, order in left.items())
            objects = tuple((side.name, side.tables[name]) for side in there)
            yield Difference("table", *name, "", COLUMN_ORDER, values, objects)


def _agree(sides: Sequence[Side]) -> bool:
    """Whether the columns are the same in the same places, as they mostly are."""
    first, *others = (side.catalog.columns for side in sides)
    return all(
        len(columns) == len(first)
        and all(
            a.position == b.position and a.name == b.name and a.table == b.table
            for a, b in zip(first, columns, strict=True)
        )
        for columns in others
    )


def renamed(differences: Iterable[Difference], sides: Sequence[Side]) -> list[Difference]:
    """Notes, on columns that are missing somewhere, which may be the same under two names."""
    found = list(differences)
    missing = [d for d in found if d.kind == "column" and d.property == "presence"]
    partners: dict[int, str] = {}
    for one in missing:
        fits = [other for other in missing if _may_be_one(one, other, sides)]
        if len(fits) == 1:
            partners[id(one)] = fits[0].name
    return [replace(d, renamed_from=partners[id(d)]) if id(d) in partners else d for d in found]


def _may_be_one(one: Difference, other: Difference, sides: Sequence[Side]) -> bool:
    if one.table_name != other.table_name or one.name == other.name:
        return False
    here = {side for side, value in one.values if value == PRESENT}
    there = {side for side, value in other.values if value == PRESENT}
    asked = {side for side, _ in one.values}
    if here & there or here | there != asked or asked != {side for side, _ in other.values}:
        return False
    places = {
        (_rank(side, one.table_name, d.name), column.type)
        for d in (one, other)
        for side in sides
        for at, column in d.objects
        if at == side.name and isinstance(column, Column)
    }
    return len(places) == 1


def _rank(side: Side, table: TableName, name: str) -> int:
    """The column's place among those that are there: dropped ones leave gaps in attnum."""
    return [column.name for column in side.columns[table]].index(name)


def with_parents(differences: Iterable[Difference], sides: Sequence[Side]) -> list[Difference]:
    """Without the differences of a partition's or child's columns that the parent's have too: what
    is done to the parent is done to all of them. A missing one is named with the parent's."""
    found = list(differences)
    whole = {
        (d.table_name, d.name, d.property): place for place, d in enumerate(found) if _of_columns(d)
    }
    kept: list[Difference] = []
    also: dict[int, list[str]] = {}
    for difference in found:
        place = _of_parent(difference, found, whole, sides)
        if place is None:
            kept.append(difference)
        elif difference.property == "presence":
            also.setdefault(place, []).append(f"column {difference.table}.{difference.name}")
    extended = {id(found[place]): names for place, names in also.items()}
    return [replace(d, also=(*d.also, *extended[id(d)])) if id(d) in extended else d for d in kept]


def _of_columns(difference: Difference) -> bool:
    return difference.kind == "column" or difference.property == COLUMN_ORDER


def _of_parent(
    difference: Difference,
    found: Sequence[Difference],
    whole: dict[tuple[TableName, str, str], int],
    sides: Sequence[Side],
) -> int | None:
    """The place of the same difference of the topmost table that it is inherited from."""
    if not _of_columns(difference):
        return None
    topmost: int | None = None
    table = difference.table_name
    seen = {table}
    while True:
        parents = {parent: None for side in sides for parent in side.parents(table)}
        for parent in parents:
            place = whole.get((parent, difference.name, difference.property))
            if place is None or parent in seen:
                continue
            if found[place].values == difference.values:
                topmost, table = place, parent
                seen.add(parent)
                break
        else:
            return topmost
