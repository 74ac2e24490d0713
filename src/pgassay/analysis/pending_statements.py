"""Reading what a pending statement does: its command, its table's weight, its own words."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from pgassay.analysis.sql_effects import bare, statements_of
from pgassay.facts.assay import Assay
from pgassay.facts.catalog import TableName
from pgassay.facts.location import Location
from pgassay.facts.pending_run import MODES, PendingRun, WatchedStatement
from pgassay.facts.table_size import TableSize, TableSizes
from pgassay.findings import Severity

ROW_EXCLUSIVE = MODES.index("RowExclusiveLock")
SHARE = MODES.index("ShareLock")
ACCESS_EXCLUSIVE = MODES.index("AccessExclusiveLock")
_SHOWN = 72
_COMMAND = re.compile(
    r"(?:ALTER|CREATE|DROP|REFRESH|LOCK|VACUUM|CLUSTER|REINDEX|TRUNCATE|UPDATE|DELETE|INSERT|MERGE"
    r"|COPY|SELECT|WITH|DO|CALL|VALUES|TABLE)\b",
    re.IGNORECASE,
)
_CHANGES_ROWS = re.compile(r"\b(?:UPDATE|DELETE\s+FROM|MERGE\s+INTO)\b", re.IGNORECASE)
_DEFINES = re.compile(r"(?:CREATE|ALTER)\b", re.IGNORECASE)
_CONCURRENTLY = re.compile(r"\bCONCURRENTLY\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Weight:
    """How much there is of a table: `words` such as "41 GB, 300 million rows"."""

    words: str
    is_small: bool


def statements(assay: Assay) -> Iterator[WatchedStatement]:
    """Of the pending revisions, in order."""
    if isinstance(assay.pending, PendingRun):
        yield from assay.pending.statements


def command(statement: WatchedStatement) -> str:
    """Its first word, such as "ALTER"; "" where it is none of those that are known."""
    found = _COMMAND.match(bare(statement.sql))
    return found[0].upper() if found else ""


def is_concurrent(statement: WatchedStatement) -> bool:
    return _CONCURRENTLY.search(bare(statement.sql)) is not None


def changes_rows(statement: WatchedStatement) -> bool:
    """Whether it updates or deletes, also within a DO block, a WITH or a routine that it calls; the
    body of one that it makes only says what it will do. What went past SQLAlchemy may do
    anything."""
    if not statement.sql:
        return True
    run = [sql for sql in statements_of(statement.sql) if not _DEFINES.match(sql)]
    return any(_CHANGES_ROWS.search(text) for text in (*run, *(statement.routines for _ in run)))


def shown(statement: WatchedStatement) -> str:
    """Its text in one line, cut."""
    text = " ".join(bare(statement.sql).split()).rstrip(";") or "SQL sent past SQLAlchemy"
    return text if len(text) <= _SHOWN else f"{text[: _SHOWN - 3]}..."


def location(assay: Assay, statement: WatchedStatement) -> Location | None:
    """The revision's file."""
    revisions = assay.main.revisions if assay.main else ()
    return next((r.location for r in revisions if r.id == statement.revision), None)


def weight(assay: Assay, table: TableName) -> Weight:
    """Of a table in production. One whose size nobody has told is not small."""
    sizes = assay.sizes
    if not isinstance(sizes, TableSizes):
        return Weight("of unknown size", is_small=False)
    size = sizes.sizes.get(table)
    if size is None:
        return Weight(f"not in {sizes.source}", is_small=False)
    total = size.bytes + size.index_bytes
    limit = assay.settings.migrations.small_table_mb * 1_000_000
    return Weight(_words(size), is_small=total < limit)


def severity(assay: Assay, table: TableName, worst: Severity) -> Severity:
    """A small table is done before anybody notices."""
    return Severity.INFO if weight(assay, table).is_small else worst


def known_empty(assay: Assay, table: TableName) -> bool:
    """Whether the table is known to hold nothing: never where nobody told."""
    size = assay.sizes.sizes.get(table) if isinstance(assay.sizes, TableSizes) else None
    return size is not None and size.bytes == 0


def _words(size: TableSize) -> str:
    said = _bytes(size.bytes)
    return said if size.rows is None else f"{said}, {_count(size.rows)} rows"


def _bytes(number: int) -> str:
    for factor, unit in ((10**12, "TB"), (10**9, "GB"), (10**6, "MB"), (10**3, "kB")):
        if number >= factor:
            return f"{number / factor:.3g} {unit}"
    return f"{number} bytes"


def _count(number: int) -> str:
    for factor, unit in ((10**9, "billion"), (10**6, "million")):
        if number >= factor:
            return f"{number / factor:.3g} {unit}"
    return f"{number:,}"
