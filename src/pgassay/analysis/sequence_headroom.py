"""Which columns a sequence feeds, and how many numbers are left for them."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

from pgassay.analysis.sql_identifier import qualified, quoted
from pgassay.facts.catalog import Catalog, Column, Identity, Sequence, TableName
from pgassay.facts.column_maximum import ColumnMaximum

# Deparsed with search_path = pg_catalog, so the name is always qualified. A default that reckons
# with the number, such as nextval('q') * 10, holds others than the sequence gives.
_NEXTVAL = re.compile(
    r"nextval\('(?P<plain>(?:[^']|'')+)'::regclass\)"
    r"|\(nextval\('(?P<cast>(?:[^']|'')+)'::regclass\)\)::(?:smallint|integer|bigint|numeric)"
)
_NUMERIC = re.compile(r"numeric(?:\((?P<digits>\d+),(?P<scale>-?\d+)\))?")
INTEGER_LIMITS = {
    "smallint": (-(2**15), 2**15 - 1),
    "integer": (-(2**31), 2**31 - 1),
    "bigint": (-(2**63), 2**63 - 1),
}


@dataclass(frozen=True, slots=True)
class FedColumn:
    """A column of integers or numeric that takes its numbers from a sequence. `indexed`: the least
    and the greatest are at the ends of an index. `unique`: no two rows can have the same.
    `by_itself`: by its default or as an identity column; else it only owns the sequence, and the
    code asks for the numbers, as it does with SQLAlchemy's Sequence()."""

    column: Column
    sequence: Sequence
    indexed: bool
    unique: bool
    by_itself: bool = True

    @property
    def type(self) -> str:
        return self.column.base_type or self.column.type


def fed_columns(catalog: Catalog) -> tuple[FedColumn, ...]:
    """Identity columns, serial columns, those whose default calls nextval() of a sequence that
    nobody owns, and those without a default that own one; in the order of the catalog's columns."""
    sequences = {qualified(*s.table_name): s for s in catalog.of(Sequence)}
    identities = {s.owned_by: s for s in sequences.values() if s.identity_column}
    owned = {s.owned_by: s for s in sequences.values() if s.owned_by and not s.identity_column}
    first = _first_columns(catalog)
    found = []
    for column in catalog.columns:
        sequence = identities.get(column.identity) or _of_default(column, sequences)
        by_itself = sequence is not None
        if sequence is None and not column.generated and not column.default:
            sequence = owned.get(column.identity)
        if sequence is None or not _holds_numbers(column):
            continue
        keys = first.get(column.identity, set())
        found.append(FedColumn(column, sequence, bool(keys), "unique" in keys, by_itself))
    return _without_partitions(catalog, found)


def _holds_numbers(column: Column) -> bool:
    type_ = column.base_type or column.type
    return type_ in INTEGER_LIMITS or _NUMERIC.fullmatch(type_) is not None


def type_limits(type_: str) -> tuple[int, int] | None:
    """The least and the greatest whole number of a type; None for numeric without digits."""
    match = _NUMERIC.fullmatch(type_)
    if match is None:
        return INTEGER_LIMITS[type_]
    if match["digits"] is None:
        return None
    most = 10 ** int(match["digits"]) - 1
    scale = int(match["scale"])
    most = most // 10**scale if scale >= 0 else most * 10**-scale
    return -most, most


def _without_partitions(catalog: Catalog, found: list[FedColumn]) -> tuple[FedColumn, ...]:
    """A partition's rows are its parent's too, so that is where they are looked at."""
    parents = {t.table_name: t.partition_of for t in catalog.tables if t.partition_of}
    known = {(qualified(*f.column.table_name), f.column.name, f.sequence.table_name) for f in found}

    def of_parent(fed: FedColumn) -> bool:
        parent = parents.get(fed.column.table_name, "")
        return (parent, fed.column.name, fed.sequence.table_name) in known

    return tuple(fed for fed in found if not of_parent(fed))


def _of_default(column: Column, sequences: dict[str, Sequence]) -> Sequence | None:
    if column.generated or not column.default:
        return None
    match = _NEXTVAL.fullmatch(column.default)
    return sequences.get((match["plain"] or match["cast"]).replace("''", "'")) if match else None


def _first_columns(catalog: Catalog) -> dict[Identity, set[str]]:
    """The columns that an index of all rows begins with; "unique" where it is its only one."""
    found: dict[Identity, set[str]] = defaultdict(set)
    for constraint in catalog.constraints:
        if constraint.kind in ("primary key", "unique") and constraint.index_valid:
            identity = (constraint.schema, constraint.table, constraint.columns[0])
            alone = len(constraint.columns) == 1
            found[identity].add("unique" if alone else "indexed")
    for index in catalog.indexes:
        if not index.valid or not index.columns or " WHERE " in index.definition:
            continue
        first = index.columns[0]
        begin = re.escape(f"USING btree ({quoted(first)}")
        if re.match(rf"{begin}[,) ]", index.definition):
            only = re.match(rf"{begin}\)", index.definition) is not None
            alone = index.unique and only
            found[(index.schema, index.table, first)].add("unique" if alone else "indexed")
    return found


def next_value(sequence: Sequence, read: ColumnMaximum) -> int:
    """The number that the next nextval() gives, whether or not the sequence has it left."""
    return read.last_value + sequence.increment if read.called else read.last_value


def is_behind(sequence: Sequence, read: ColumnMaximum) -> bool:
    """Whether rows hold numbers that the sequence has still to give. One that cycles comes to them
    in any case; whether that does harm is its column's matter (`FedColumn.unique`)."""
    coming = next_value(sequence, read)
    if sequence.increment > 0:
        return read.maximum is not None and coming <= read.maximum
    return read.minimum is not None and coming >= read.minimum


@dataclass(frozen=True, slots=True)
class Headroom:
    """How many of the numbers that a sequence can give to its columns are used. `column` is the one
    whose type ends first, None where the sequence itself does. `last` is the furthest number in
    use, `limit` the last there is."""

    sequence: Sequence
    column: Column | None
    first: int
    last: int
    limit: int

    @property
    def used(self) -> int:
        return abs(self.last - self.first) + 1

    @property
    def size(self) -> int:
        return abs(self.limit - self.first) + 1

    @property
    def left(self) -> int:
        return max(self.size - self.used, 0)

    @property
    def share(self) -> float:
        return min(self.used / self.size, 1.0)


def headrooms(catalog: Catalog, maxima: dict[Identity, ColumnMaximum]) -> Iterator[Headroom]:
    """Of every sequence that was called and whose position is known, or whose column holds rows.

    One that cycles has no end, unless its column's type ends first, or takes no number twice.
    Steps are counted as numbers: with an increment of 10, ten of them are used by each row.
    """
    fed: dict[TableName, list[FedColumn]] = defaultdict(list)
    for feeding in fed_columns(catalog):
        fed[feeding.sequence.table_name].append(feeding)
    for sequence in catalog.of(Sequence):
        up = sequence.increment > 0
        limit = sequence.maximum if up else sequence.minimum
        column = None
        reached = [sequence.last_value] if sequence.last_value is not None else []
        for feeding in fed[sequence.table_name]:
            limits = type_limits(feeding.type)
            of_type = limits[1 if up else 0] if limits else limit
            if abs(of_type) < abs(limit):
                limit, column = of_type, feeding.column
            read = maxima.get(feeding.column.identity)
            if read is not None:
                reached += [read.last_value] if read.called else []
                held = read.maximum if up else read.minimum
                reached += [held] if held is not None else []
        keyed = any(feeding.unique for feeding in fed[sequence.table_name])
        if not reached or (sequence.cycle and column is None and not keyed):
            continue
        last = max(reached) if up else min(reached)
        first = sequence.minimum if up else sequence.maximum
        yield Headroom(sequence, column, first, last, limit)
