"""One moment of a database for several connections."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import psycopg
from psycopg import sql

from pgassay.sources.queries import query
from pgassay.sources.read_only import Reading, read_only

Cursor = psycopg.Cursor[Any]


@dataclass(frozen=True, slots=True)
class SharedSnapshot:
    """`exported` is what other connections join it by, `shown` its pg_current_snapshot(), `at` when
    it was taken, ISO 8601. `reading` holds it."""

    reading: Reading
    exported: str
    shown: str
    at: str


@contextmanager
def shared_snapshot(connection: psycopg.Connection[Any]) -> Iterator[SharedSnapshot]:
    """Held as long as the block: no VACUUM of the database removes what died since then, so the
    block has to end. Works on a standby too."""
    with read_only(connection) as reading:
        # It sits idle while others read.
        connection.execute("SET LOCAL idle_in_transaction_session_timeout = 0")
        row = reading.cursor.execute(
            "SELECT pg_export_snapshot() AS exported, pg_current_snapshot()::text AS shown, "
            "to_char(now(), 'YYYY-MM-DD\"T\"HH24:MI:SSOF') AS at"
        ).fetchall()[0]
        yield SharedSnapshot(reading, row.exported, row.shown, row.at)


@contextmanager
def joined(
    connection: psycopg.Connection[Any], snapshot: SharedSnapshot, time_limit_s: float
) -> Iterator[Cursor]:
    """A read-only transaction of the same moment; each statement ends within the limit."""
    with connection.transaction(), connection.cursor() as cursor:
        cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
        cursor.execute(
            sql.SQL("SET TRANSACTION SNAPSHOT {}").format(sql.Literal(snapshot.exported))
        )
        connection.execute(query("settings"))
        for name, value in (
            ("statement_timeout", f"{max(1, int(time_limit_s * 1000))}ms"),
            ("max_parallel_workers_per_gather", "0"),
            ("constraint_exclusion", "on"),
        ):
            cursor.execute("SELECT pg_catalog.set_config(%s, %s, true)", [name, value])
        yield cursor
