"""Reads how big a database's tables are."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import psycopg
from psycopg import errors

from pgassay.facts.catalog import TableName
from pgassay.facts.table_size import TableSize
from pgassay.facts.unavailable import Unavailable
from pgassay.sources.queries import query
from pgassay.sources.read_only import read_only

_NEEDS = "table sizes"
_WHO = (
    "SELECT relation::regclass, mode, pid, pg_blocking_pids(pid) FROM pg_locks "
    "WHERE mode = 'AccessExclusiveLock';"
)


def read_table_sizes(
    connection: psycopg.Connection[Any],
) -> Mapping[TableName, TableSize] | Unavailable:
    """Every table and materialized view of users', in the order of their names.

    All of them or none: where one is left out, nobody could say whether it is small or not there.
    """
    if connection.closed:
        return Unavailable(
            _NEEDS,
            "The table sizes could not be read: the connection was lost.",
            "Run again; the server's log says why.",
        )
    try:
        with read_only(connection) as reading:
            text = query("table_sizes", connection.info.server_version // 10000)
            rows = reading.cursor.execute(text).fetchall()
    except errors.LockNotAvailable as locked:
        return Unavailable(
            _NEEDS,
            "The table sizes could not be read: another session keeps a table locked, "
            f"even from being looked at ({_primary(locked)}).",
            f"Run again once the lock is gone; who holds it: {_WHO}",
            str(locked),
        )
    except errors.QueryCanceled as slow:
        return Unavailable(
            _NEEDS,
            f"The table sizes could not be read: {_primary(slow)}.",
            "Raise database.statement_timeout_s.",
            str(slow),
        )
    except (psycopg.Error, UnicodeDecodeError) as failed:
        return Unavailable(
            _NEEDS, f"The table sizes could not be read: {_primary(failed)}.", detail=str(failed)
        )
    return {(r.schema, r.name): TableSize(r.bytes, r.index_bytes, r.rows) for r in rows}


def _primary(error: Exception) -> str:
    message = error.diag.message_primary if isinstance(error, psycopg.Error) else None
    return (message or str(error) or type(error).__name__).strip().splitlines()[0]
