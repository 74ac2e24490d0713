"""What a history does to rows: it is carried over or named, never dropped."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Sequence
from itertools import pairwise

from pgassay.analysis.sql_words import words
from pgassay.facts.catalog import TableName
from pgassay.facts.consolidation import Operation
from pgassay.facts.history import Statement

_CHANGES_ROWS = frozenset({"insert", "update", "delete", "merge", "copy", "truncate"})
_MAY_CHANGE_ROWS = frozenset({"do", "call"})
_PARAMETER = re.compile(r"%\(\w+\)s|%s|(?<![:\w]):[a-z_]\w*|\$\d+")
# What a SELECT without FROM may call without changing anything.
_READS = re.compile(
    r"(pg_|to_reg|current_|has_)\w+|set_config|version|exists|coalesce|now|not|cast"
)
_HIDDEN = re.compile(r"\bcursor\(|raw_connection|dbapi_connection|driver_connection|copy_expert")
_RETURNING = re.compile(r"\s+RETURNING\s+[\w.,\" ]+\Z", re.I)
_SHOWN = 120
_WHOLE = 4000
"""From here on a statement's text may have been cut."""


def row_change(
    statement: Statement,
    history: str,
    shared: Collection[TableName] = (),
    *,
    reads_before: bool = False,
) -> tuple[Operation | None, str]:
    """The operation that does the same in a new revision, None where it cannot be carried over as
    it stands; and what people must know of it, "" where it changes no rows.

    `shared` are the tables that the history which stays has too: rows that are there are not
    updated or deleted once more, since other databases never had that done to them.
    `reads_before`: the revision has read rows by then, so that its values may be ids and the like,
    which another database has otherwise.
    """
    said = words(statement.sql)
    first = said[0] if said else ""
    shown = _shown(statement)
    revision = f"Revision {statement.revision} of {history}/"
    if first not in _CHANGES_ROWS:
        if first in _MAY_CHANGE_ROWS or _may_write(first, said):
            return None, (
                f"{revision} may change rows by `{shown}`: it is not carried over; bring it over "
                "by hand if databases still need it."
            )
        return None, ""
    if (reads_before and with_values(statement)) or not (texts := _texts(statement)):
        return None, (
            f"{revision} changes rows by `{shown}`, with values that only its file has, or that "
            "another run would have otherwise."
        )
    if first != "insert" and _target(said) in _names(shared):
        return None, (
            f"{revision} changes rows that are there by `{shown}`: it is not carried over, since "
            "other databases have rows of their own in that table."
        )
    return Operation(f"rows: {shown}", tuple(_once(text) for text in texts), data=True), ""


def with_values(statement: Statement) -> bool:
    return _PARAMETER.search(statement.sql) is not None


def reads_rows(statement: Statement) -> bool:
    """Whether it tells the revision what rows hold, so that later values may be this database's."""
    said = words(statement.sql)
    of_catalogs = {"pg_catalog", "information_schema"} & set(said)
    is_query = said[:1] in (("select",), ("with",)) and "from" in said and not of_catalogs
    return is_query or "returning" in said


def _texts(statement: Statement) -> tuple[str, ...]:
    """What the server got; () where that is not known."""
    is_whole = len(statement.sql) < _WHOLE and not with_values(statement)
    return statement.filled or ((statement.sql,) if is_whole else ())


def row_changes(
    statements: Iterable[Statement], history: str, shared: Collection[TableName] = ()
) -> tuple[str, ...]:
    """Every statement that changes rows, or may, with its revision."""
    return tuple(
        f"{s.revision}: `{_shown(s)}`"
        for s in statements
        if row_change(s, history, shared) != (None, "")
    )


def hidden_row_changes(path: str, text: str) -> str:
    """Why a revision's file may change rows that no statement showed, "" where it does not look
    so."""
    found = _HIDDEN.search(text)
    return (
        f"{path} goes past SQLAlchemy (`{found[0]}`): what it does to rows is not known."
        if found
        else ""
    )


def _shown(statement: Statement) -> str:
    return " ".join(statement.sql.split())[:_SHOWN]


def _may_write(first: str, said: Sequence[str]) -> bool:
    if first == "with":
        return bool(_CHANGES_ROWS & set(said))
    if first != "select" or "from" in said:
        return False
    called = [word for word, after in pairwise(said) if after == "("]
    return any(not _READS.fullmatch(word) for word in called if word != "select")


def _target(said: Sequence[str]) -> str:
    """The name of the table that an UPDATE, DELETE, MERGE, TRUNCATE or COPY is about."""
    rest = [w for w in said[1:] if w not in ("only", "from", "into", "table", "if", "exists")]
    if len(rest) > 2 and rest[1] == ".":
        return rest[2]
    return rest[0] if rest else ""


def _names(tables: Collection[TableName]) -> set[str]:
    return {name for _, name in tables}


def _once(text: str) -> str:
    """An INSERT that leaves rows alone which are there already. Nobody asks what it returns."""
    said = words(text)
    if said[0] != "insert" or "conflict" in said:
        return text
    bare = _RETURNING.sub("", text.rstrip().rstrip(";"))
    return text if "returning" in words(bare) else f"{bare} ON CONFLICT DO NOTHING"
