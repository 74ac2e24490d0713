"""What an SQL text does to a schema, as far as its text is plain; execution tells more."""

from __future__ import annotations

import re
from collections.abc import Iterable

from pgassay.analysis.sql_script import pieces
from pgassay.facts.catalog import TableName

_COMMENT = re.compile(
    r"(?P<kept>'[^']*(?:''[^']*)*'|\"[^\"]*\"|(?P<tag>\$(?:[^\W\d]\w*)?\$).*?(?P=tag))"
    r"|--[^\n]*|/\*.*?\*/",
    re.DOTALL,
)
_NAME = r'(?:"[^"]+"|[\w$]+)'
_QUALIFIED = rf"(?P<schema>{_NAME}\s*\.\s*)?(?P<name>{_NAME})"
_TABLE = (
    re.compile(
        r"\s*(?:CREATE\s+(?:UNLOGGED\s+|FOREIGN\s+)?TABLE\s+(?:IF\s+NOT\s+EXISTS\s+)?"
        r"|ALTER\s+(?:FOREIGN\s+)?TABLE\s+(?:IF\s+EXISTS\s+)?(?:ONLY\s+)?)" + _QUALIFIED,
        re.IGNORECASE,
    ),
    re.compile(
        r"\s*CREATE\s+(?:UNIQUE\s+)?INDEX\s+(?:CONCURRENTLY\s+)?(?:IF\s+NOT\s+EXISTS\s+)?"
        rf"(?:{_NAME}\s+)?ON\s+(?:ONLY\s+)?" + _QUALIFIED,
        re.IGNORECASE,
    ),
    re.compile(
        r"\s*CREATE\s+(?:OR\s+REPLACE\s+)?(?:CONSTRAINT\s+)?(?:TRIGGER|POLICY)\s+"
        rf"{_NAME}\s.*?\bON\s+" + _QUALIFIED,
        re.IGNORECASE | re.DOTALL,
    ),
)
_DEFINES = re.compile(
    r"\s*(?:CREATE|ALTER|DROP|COMMENT|GRANT|REVOKE|DO|SECURITY\s+LABEL|REINDEX)\b", re.IGNORECASE
)
_CHANGES = re.compile(
    r"\s*(?:INSERT|UPDATE|DELETE|MERGE|TRUNCATE|COPY|CALL|WITH\b.*\b(?:INSERT|UPDATE|DELETE))\b",
    re.IGNORECASE | re.DOTALL,
)
_HIDDEN = re.compile(r"\s*(?:DO|CALL|EXECUTE|SELECT)\b", re.IGNORECASE)


def bare(statement: str) -> str:
    """A statement without its comments. Of a comment in a comment something is left, so this is for
    looking at a statement, not for running it."""
    return _COMMENT.sub(lambda m: m["kept"] or " ", statement).strip()


def statements_of(sql: str) -> list[str]:
    """The statements' texts, without comments."""
    return [bare(p.text) for p in pieces(sql) if p.kind == "sql"]


def defines_schema(sql: str) -> bool:
    """Whether a statement of it creates, alters or drops something."""
    return any(_DEFINES.match(s) for s in statements_of(sql))


def changes_rows(sql: str) -> bool:
    """Whether a statement of it writes rows."""
    return any(_CHANGES.match(s) for s in statements_of(sql))


def tables_in(texts: Iterable[str]) -> frozenset[TableName]:
    """The tables that the texts create or alter; the schema "" where none is named."""
    found: set[TableName] = set()
    for text in texts:
        for statement in statements_of(text):
            if any(name := match for p in _TABLE if (match := p.match(statement))):
                schema = _folded((name["schema"] or "").rstrip(". \n\t"))
                found.add((schema, _folded(name["name"])))
    return frozenset(found)


def hides_something(sql: str) -> bool:
    """Whether a statement may do what its text does not show, as a DO block may."""
    return any(_HIDDEN.match(s) for s in statements_of(sql))


def _folded(name: str) -> str:
    name = name.strip()
    return name[1:-1] if name.startswith('"') else name.lower()
