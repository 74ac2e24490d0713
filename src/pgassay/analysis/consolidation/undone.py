"""What one history renames or drops, and the other still has: a union would bring it back."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from pgassay.facts.catalog import Catalog, TableName
from pgassay.facts.consolidation import Decision
from pgassay.facts.history import Statement

_NAME = r'(?:(?:[\w$]+|"[^"]+")\.)?(?:[\w$]+|"[^"]+")'
_TABLE = rf"ALTER\s+TABLE\s+(?:IF\s+EXISTS\s+)?(?:ONLY\s+)?({_NAME})"
_RENAMES_COLUMN = re.compile(rf"{_TABLE}\s+RENAME\s+(?:COLUMN\s+)?({_NAME})\s+TO\b", re.I)
_RENAMES_TABLE = re.compile(rf"{_TABLE}\s+RENAME\s+TO\s+({_NAME})", re.I)
_DROPS_COLUMN = re.compile(
    rf"\bDROP\s+(?:COLUMN\s+)?(?:IF\s+EXISTS\s+)?(?!CONSTRAINT\b|DEFAULT\b|NOT\b|IDENTITY\b"
    rf"|EXPRESSION\b)({_NAME})",
    re.I,
)
_DROPS_TABLE = re.compile(rf"DROP\s+TABLE\s+(?:IF\s+EXISTS\s+)?({_NAME}(?:\s*,\s*{_NAME})*)", re.I)


def renamed(statements: Iterable[Statement], other: str, mine: Catalog, into: str) -> list[str]:
    """Why there is no union: with the old and the new name, values would stand under either."""
    found = []
    for table, column, statement in _named(statements, (_RENAMES_COLUMN, _RENAMES_TABLE)):
        if _RENAMES_TABLE.search(statement.sql):
            column = ""
        if _has(mine, table, column):
            name = ".".join((*table, column)).rstrip(".")
            found.append(
                f"Revision {statement.revision} of {other}/ renames {name}, which {into}/ has by "
                f"the old name: a union would have both. Rename it in {into}/ by a revision first."
            )
    return found


def dropped(statements: Iterable[Statement], mine: Catalog, theirs: Catalog) -> Iterator[Decision]:
    """What the other history drops and does not make again, and the one that stays keeps."""
    said = set()
    for table, column in _dropped(statements):
        if _has(mine, table, column) and not _has(theirs, table, column):
            subject = ".".join((*table, column)).rstrip(".")
            if subject not in said and not (column and not _has(theirs, table, "")):
                said.add(subject)
                why = (
                    "the history that is kept decides; where it was dropped it is made again, empty"
                )
                yield Decision(subject, "presence", "present", "dropped", why)


def _dropped(statements: Iterable[Statement]) -> Iterator[tuple[TableName, str]]:
    for statement in statements:
        for found in _DROPS_TABLE.finditer(statement.sql):
            for name in found[1].split(","):
                yield _table(name.strip()), ""
        altered = re.match(_TABLE, statement.sql.strip(), re.I)
        if altered:
            for found in _DROPS_COLUMN.finditer(statement.sql[altered.end() :]):
                yield _table(altered[1]), _bare(found[1])


def _named(
    statements: Iterable[Statement], patterns: Iterable[re.Pattern[str]]
) -> Iterator[tuple[TableName, str, Statement]]:
    for statement in statements:
        for pattern in patterns:
            if found := pattern.search(statement.sql):
                yield _table(found[1]), _bare(found[2]), statement
                break


def _has(catalog: Catalog, table: TableName, column: str) -> bool:
    if not column:
        return any(t.table_name == table for t in catalog.tables)
    return any(c.table_name == table and c.name == column for c in catalog.columns)


def _table(written: str) -> TableName:
    schema, dot, name = written.rpartition(".")
    return (_bare(schema) if dot else "public", _bare(name))


def _bare(name: str) -> str:
    return name.strip('"') if name.startswith('"') else name.lower()
