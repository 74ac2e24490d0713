"""Which columns a sequence feeds, and how many numbers are left for them."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

from pgassay.analysis.sql_identifier import qualified, quoted
from pgassay.facts.catalog import Catalog, Column, Identity, Sequence, TableName
from pgassay.facts.column_maximum import ColumnMaximum

# Deparsed with search_path = pg_catalog, so the name is always qualified.
_NEXTVAL = re.compile(r"nextval\('((?:[^']|'')+)'::regclass\)")
INTEGER_LIMITS = {
    "smallint": (-(2**15), 2**15 - 1),
    "integer": (-(2**31), 2**31 - 1),
    "bigint": (-(2**63), 2**63 - 1),
}


@dataclass(frozen=True, slots=True)
class FedColumn:
    """A column of whole numbers that takes them from a sequence. `indexed`: the least and the
    greatest are at the ends of an index. `unique`: no two rows can have the same."""

    column: Column
    sequence: Sequence
    indexed: bool
    unique: bool

    @property
    def type(self) -> str:
        return self.column.base_type or self.column.type


def fed_columns(catalog: Catalog) -> tuple[FedColumn, ...]:
    """Identity columns, serial columns, and those whose default calls nextval() of a sequence that
    nobody owns; in the order of the catalog's columns."""
    sequences = {qualified(*s.table_name): s for s in catalog.of(Sequence)}
    identities = {s.owned_by: s for s in sequences.values() if s.identity_column}
    first = _first_columns(catalog)
    found = []
    for column in catalog.columns:
        sequence = identities.get(column.identity) or _of_default(column, sequences)
        if sequence is None or (column.base_type or column.type) not in INTEGER_LIMITS:
            continue
        keys = first.get(column.identity, set())
        found.append(FedColumn(column, sequence, bool(keys), "unique" in keys))
    return _without_partitions(catalog, found)


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
    match = _NEXTVAL.search(column.default)
    return sequences.get(match[1].replace("''", "'")) if match else None


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
    """Whether rows hold numbers that the sequence has still to give."""
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

    One that cycles has no end, unless its column's type ends first. Steps are counted as numbers:
    with an increment of 10, ten of them are used by each row.
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
            of_type = INTEGER_LIMITS[feeding.type][1 if up else 0]
            if abs(of_type) < abs(limit):
                limit, column = of_type, feeding.column
            read = maxima.get(feeding.column.identity)
            if read is not None:
                reached += [read.last_value] if read.called else []
                held = read.maximum if up else read.minimum
                reached += [held] if held is not None else []
        if not reached or (sequence.cycle and column is None):
            continue
        last = max(reached) if up else min(reached)
        first = sequence.minimum if up else sequence.maximum
        yield Headroom(sequence, column, first, last, limit)
