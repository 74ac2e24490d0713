"""Reads a table once for all its rules, part by part."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import psycopg

from pgassay.analysis.table_scan import TableScan
from pgassay.facts.catalog import TableName
from pgassay.sources.failing_rows import FailingRows
from pgassay.sources.queries import query
from pgassay.sources.scan_pace import ScanPace, TimeSpent

BLOCKS = 4000
"""A part: 31 MiB of 8 KiB blocks, a second or so. Smaller ones cost more, larger ones are late to
stop."""

_ROWS = 1000
# From here on the server looks for a range of ctid where it starts, not from the first block
# (PostgreSQL 14, "TID Range Scan").
_RANGES = 14


@dataclass(frozen=True, slots=True)
class ScanUnit:
    """A heap: a table, or one of its partitions. `kind` is pg_class.relkind."""

    name: TableName
    kind: str
    is_heap: bool
    blocks: int

    @property
    def is_read(self) -> bool:
        """A partitioned table has no rows of its own; views and foreign tables are never read."""
        return self.kind in ("r", "m")


@dataclass(frozen=True, slots=True)
class Scanned:
    """How far it came: of `blocks`, how many were `seen`. `rows` is whether there are any."""

    blocks: int
    seen: int
    rows: bool

    @property
    def is_whole(self) -> bool:
        return self.seen == self.blocks


def scan_units(cursor: psycopg.Cursor[Any], table: TableName) -> tuple[ScanUnit, ...]:
    """The heaps of a table; () where there is no such table."""
    rows = cursor.execute(query("scan_units"), {"schema": table[0], "name": table[1]}).fetchall()
    return tuple(ScanUnit((schema, name), *rest) for schema, name, *rest in rows)


def scan_rows(
    cursor: psycopg.Cursor[Any],
    scan: TableScan,
    units: Sequence[ScanUnit],
    found: Sequence[FailingRows],
    pace: ScanPace,
) -> Scanned:
    """Fills `found`, one for each rule of the scan. Stops early where the time is over."""
    read = [unit for unit in units if unit.is_read]
    blocks, seen, rows = sum(unit.blocks for unit in read), 0, False
    for unit in read:
        for part, size in _parts(unit, scan.major):
            try:
                pace.go_on()
            except TimeSpent:
                return Scanned(blocks, seen, rows)
            rows = rows or _has_rows(cursor, unit)
            _scan_part(cursor, scan, unit, part, found)
            seen += size
    return Scanned(blocks, seen, rows)


def _parts(unit: ScanUnit, major: int) -> Iterator[tuple[tuple[int, int | None] | None, int]]:
    """Ranges of blocks, with how many are in each; None for all of them."""
    if unit.blocks <= BLOCKS or not unit.is_heap or major < _RANGES:
        yield None, unit.blocks
        return
    for first in range(0, unit.blocks, BLOCKS):
        end = first + BLOCKS
        is_last = end >= unit.blocks
        yield (first, None if is_last else end), min(BLOCKS, unit.blocks - first)


def _has_rows(cursor: psycopg.Cursor[Any], unit: ScanUnit) -> bool:
    name = psycopg.sql.Identifier(*unit.name)
    asked = psycopg.sql.SQL("SELECT EXISTS (SELECT FROM ONLY {})").format(name)
    row = cursor.execute(asked).fetchone()
    return bool(row and row[0])


def _scan_part(
    cursor: psycopg.Cursor[Any],
    scan: TableScan,
    unit: ScanUnit,
    part: tuple[int, int | None] | None,
    found: Sequence[FailingRows],
) -> None:
    rows = cursor.execute(scan.rows(unit.name, part, _ROWS).encode()).fetchall()
    if len(rows) < _ROWS:
        for key, currency, amounts, broken in rows:
            for failing, is_broken in zip(found, broken, strict=True):
                if is_broken:
                    failing.keep(key)
                    failing.add(1, currency, amounts)
        return
    width = 1 + len(scan.amounts.columns)
    counted = cursor.execute(scan.counts(unit.name, part).encode()).fetchall()
    for place, failing in enumerate(found):
        here = 0
        for currency, *numbers in counted:
            count, *sums = numbers[place * width : (place + 1) * width]
            here += count
            failing.add(count, currency, sums)
        if here and failing.room:
            asked = scan.only([place]).rows(unit.name, part, failing.room)
            for key, *_ in cursor.execute(asked.encode()).fetchall():
                failing.keep(key)
