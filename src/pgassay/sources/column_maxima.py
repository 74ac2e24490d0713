"""Reads how far the numbers in a column reach, and how far the sequence that feeds it."""

from __future__ import annotations

import math
from typing import Any

import psycopg
from psycopg import errors, sql

from pgassay.analysis.sequence_headroom import FedColumn, fed_columns
from pgassay.facts.catalog import Catalog, Sequence
from pgassay.facts.column_maximum import ColumnMaximum
from pgassay.facts.unavailable import Unavailable
from pgassay.sources.read_only import Reading, read_only

_NEEDS = "sequence positions"
_QUICK_MS = 2000
_SHOWN = 5


def read_column_maxima(
    connection: psycopg.Connection[Any], catalog: Catalog
) -> tuple[ColumnMaximum | Unavailable, ...] | Unavailable:
    """One fact for each column that a sequence feeds, and one `Unavailable` for each reason why
    some could not be had; `Unavailable` alone where the connection fails.

    Nothing is written. A column that no index begins with is looked through for two seconds at
    most; the others cost two index look-ups.
    """
    found: list[ColumnMaximum] = []
    lost: dict[tuple[str, str], list[str]] = {}
    try:
        with read_only(connection) as reading:
            usual = reading.cursor.execute("SHOW statement_timeout").fetchall()[0][0]
            for fed in fed_columns(catalog):
                answer = _read(reading, fed, usual)
                if isinstance(answer, ColumnMaximum):
                    found.append(answer)
                else:
                    lost.setdefault(answer, []).append(fed.column.subject)
    except (psycopg.Error, UnicodeDecodeError) as failed:
        return Unavailable(_NEEDS, f"They could not be read: {_first_line(failed)}.")
    fed_by = {fed.sequence.table_name for fed in fed_columns(catalog)}
    for sequence in catalog.of(Sequence):
        if not sequence.readable and sequence.table_name not in fed_by:
            lost.setdefault(_NOT_READABLE, []).append(sequence.subject)
    return (*found, *(_unavailable(why, names) for why, names in lost.items()))


_NOT_READABLE = (
    "this role may not see the position of {}",
    "GRANT SELECT ON ALL SEQUENCES IN SCHEMA ..., or pg_read_all_data, to the role.",
)


def _unavailable(why: tuple[str, str], names: list[str]) -> Unavailable:
    shown = ", ".join(names[:_SHOWN])
    if len(names) > _SHOWN:
        shown += f" and {len(names) - _SHOWN} more"
    reason = why[0].replace("{}", shown)
    return Unavailable(_NEEDS, f"{reason[0].upper()}{reason[1:]}.", why[1], "\n".join(names))


def _read(reading: Reading, fed: FedColumn, usual: str) -> ColumnMaximum | tuple[str, str]:
    """The fact, or why it cannot be had: a sentence with {} for the column, and a next step."""
    column, sequence = fed.column, fed.sequence
    table = sql.Identifier(column.schema, column.table)
    name = sql.Identifier(column.name)
    ends = sql.SQL("SELECT min({0}) AS minimum, max({0}) AS maximum FROM {1}").format(name, table)
    taken = sql.SQL("SELECT EXISTS (SELECT 1 FROM {1} WHERE {0} = {2}) AS taken")
    try:
        with reading.cursor.connection.transaction():
            if not fed.indexed:
                _limit(reading, f"{_QUICK_MS}ms")
            reach = _one(reading, ends)
            if not all(n is None or math.isfinite(n) for n in (reach.minimum, reach.maximum)):
                return ("a row of {} holds NaN or an infinity, past which no sequence comes", "")
            position = _position(reading, sequence, empty=reach.maximum is None)
            if position is None:
                return _NOT_READABLE
            last_value, called = position
            coming = last_value + sequence.increment if called else last_value
            number = sql.Literal(coming)
            held = _one(reading, taken.format(name, table, number)).taken
            if not fed.indexed:
                _limit(reading, usual)
    except errors.QueryCanceled:
        if fed.indexed:
            return ("reading {} took too long", "Raise database.statement_timeout_s.")
        return (
            "no index begins with {}, and looking through the table took too long",
            f"CREATE INDEX CONCURRENTLY ON {_shown(table, reading)} ({_shown(name, reading)});",
        )
    except errors.LockNotAvailable:
        return ("another session holds a lock on the table of {}", "Run again when it is done.")
    except errors.InsufficientPrivilege as denied:
        message = denied.diag.message_primary or _first_line(denied)
        if "row-level security" in message:
            # PostgreSQL's words when row_security = off meets a policy (check_enable_rls).
            return (
                "row-level security hides rows of {} from role " + reading.role,
                "Use a role with BYPASSRLS, or the table's owner.",
            )
        return (
            "role " + reading.role + " may not read the table or sequence of {}",
            f"GRANT pg_read_all_data TO {reading.role}; or SELECT on them.",
        )
    except psycopg.Error as failed:
        if reading.cursor.connection.broken:
            raise
        return ("{} could not be read: " + _first_line(failed), "")
    return ColumnMaximum(
        column.schema,
        column.table,
        column.name,
        sequence.table_name,
        None if reach.minimum is None else math.ceil(reach.minimum),
        None if reach.maximum is None else math.floor(reach.maximum),
        last_value,
        called,
        held,
    )


def _position(reading: Reading, sequence: Sequence, *, empty: bool) -> tuple[int, bool] | None:
    """The sequence's last value and whether it was handed out; None where it cannot be known.

    Its row is looked at as it is now, whatever the transaction's snapshot. With USAGE only,
    PostgreSQL tells the last value, but nothing of a sequence that was not called.
    """
    name = sql.Identifier(*sequence.table_name)
    row = sql.SQL("SELECT last_value, is_called FROM {}").format(name)
    try:
        with reading.cursor.connection.transaction():
            found = _one(reading, row)
            return found.last_value, found.is_called
    except errors.InsufficientPrivilege:
        last = sql.SQL("SELECT pg_catalog.pg_sequence_last_value({}::regclass) AS last_value")
        known = _one(reading, last.format(sql.Literal(_shown(name, reading)))).last_value
        if known is not None:
            return known, True
        # Nothing can be behind an empty table.
        return (sequence.start, False) if empty else None


def _limit(reading: Reading, timeout: str) -> None:
    set_timeout = "SELECT pg_catalog.set_config('statement_timeout', %s, true)"
    reading.cursor.execute(set_timeout, [timeout])


def _one(reading: Reading, statement: sql.Composed) -> Any:
    return reading.cursor.execute(statement).fetchall()[0]


def _shown(name: sql.Identifier, reading: Reading) -> str:
    return name.as_string(reading.cursor)


def _first_line(error: Exception) -> str:
    return (str(error) or type(error).__name__).strip().splitlines()[0]
