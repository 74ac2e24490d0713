"""Looks whether the tables that must hold rows are there and hold some."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import psycopg
from psycopg import errors, sql

from pgassay.facts.table_rows import TableRows
from pgassay.sources.named_tables import (
    NamedTable,
    grant_needed,
    parse_table_name,
    tables_named,
)
from pgassay.sources.read_only import Reading, read_only


def read_critical_rows(
    connection: psycopg.Connection[Any], names: Iterable[str]
) -> tuple[TableRows, ...]:
    """One answer a name, in their order. What cannot be read has `has_rows` None and a reason.

    `t` is the first table of that name in the search path, or else the only one of that name in
    any schema; `schema.t` is that one.
    """
    names = tuple(names)
    answers: list[TableRows] = []
    try:
        with read_only(connection) as reading:
            for name in names:
                answers.append(_answer(reading, name))
    except (psycopg.Error, UnicodeDecodeError) as failed:
        # The connection is gone: what was asked before still holds, the rest is not known.
        reason = _first_line(failed)
        answers += [TableRows(name, True, None, reason) for name in names[len(answers) :]]
    return tuple(answers)


def _first_line(error: Exception) -> str:
    return (str(error) or type(error).__name__).strip().splitlines()[0]


def _answer(reading: Reading, written: str) -> TableRows:
    schema, name = parse_table_name(written)
    found = tables_named(reading, name)
    if schema:
        found = tuple(t for t in found if t.schema == schema)
    in_path = [t for t in found if t.schema in reading.search_path]
    if not found:
        where = f"schema {schema}" if schema else "any schema"
        return TableRows(written, False, None, f"no table {name} in {where}")
    if not schema and not in_path and len(found) > 1:
        places = ", ".join(t.shown for t in found)
        return TableRows(
            written, True, None, f"ambiguous: {places}; write the schema in critical.tables"
        )
    return _look(reading, written, found[0])


def _look(reading: Reading, written: str, table: NamedTable) -> TableRows:
    if table.other_kind in ("view", "foreign table"):
        # Reading one may run functions of the user's, or ask another server.
        reason = f"{table.shown} is a {table.other_kind}, which is not read on the target"
        return TableRows(written, True, None, reason)
    statement = sql.SQL("SELECT EXISTS (SELECT 1 FROM {}) AS has_rows")
    try:
        with reading.cursor.connection.transaction():
            rows = reading.cursor.execute(statement.format(table.identifier())).fetchall()
    except errors.InsufficientPrivilege as denied:
        return TableRows(written, True, None, _denied(reading, table, denied))
    except psycopg.Error as failed:
        if reading.cursor.connection.broken:
            raise
        return TableRows(written, True, None, f"{table.shown}: {_first_line(failed)}")
    return TableRows(written, True, rows[0].has_rows)


def _denied(reading: Reading, table: NamedTable, denied: psycopg.Error) -> str:
    message = denied.diag.message_primary or _first_line(denied)
    if "row-level security" in message:
        # PostgreSQL's words when row_security = off meets a policy (check_enable_rls).
        return (
            f"row-level security hides rows of {table.shown} from role {reading.role}: use a role "
            f"with BYPASSRLS, or the table's owner"
        )
    return (
        f"role {reading.role} may not read {table.shown}: {message}; {grant_needed(reading, table)}"
    )
