"""Statements of a history that change rows: they are carried over or named, never dropped."""

from __future__ import annotations

import re
from collections.abc import Sequence

from pgassay.analysis.sql_words import words
from pgassay.facts.consolidation import Operation
from pgassay.facts.history import Statement

_CHANGES_ROWS = frozenset({"insert", "update", "delete", "merge", "copy", "truncate"})
_MAY_CHANGE_ROWS = frozenset({"do", "call"})
_PARAMETER = re.compile(r"%\(\w+\)s|%s|(?<![:\w]):[a-z_]\w*|\$\d+")
_SHOWN = 120


def row_change(statement: Statement, history: str) -> tuple[Operation | None, str]:
    """The operation that does the same in a new revision, None where it cannot be carried over as
    it stands; and what people must know of it, "" where it changes no rows."""
    said = words(statement.sql)
    first = said[0] if said else ""
    if first not in _CHANGES_ROWS | _MAY_CHANGE_ROWS:
        return None, ""
    shown = " ".join(statement.sql.split())[:_SHOWN]
    revision = f"Revision {statement.revision} of {history}/"
    if first in _MAY_CHANGE_ROWS or _PARAMETER.search(statement.sql):
        return None, (
            f"{revision} may change rows by `{shown}`: bring it over by hand if databases still "
            "need it."
        )
    return Operation(f"rows: {shown}", (_once(statement.sql, said),), data=True), (
        f"{revision} changes rows by `{shown}`; it is carried over. Where it was done by hand "
        "already, it is done again, but for rows that a key keeps single."
    )


def all_carried(statements: Sequence[Statement], history: str) -> bool:
    """Whether each that changes rows is carried over."""
    changes = (row_change(statement, history) for statement in statements)
    return all(operation is not None or not told for operation, told in changes)


def _once(statement: str, said: Sequence[str]) -> str:
    """An INSERT that leaves rows alone which are there already."""
    if said[0] != "insert" or {"conflict", "returning"} & set(said):
        return statement
    return f"{statement.rstrip().rstrip(';')} ON CONFLICT DO NOTHING"
