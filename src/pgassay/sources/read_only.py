"""The one kind of transaction in which production is read."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import psycopg
from psycopg.pq import TransactionStatus
from psycopg.rows import namedtuple_row

from pgassay.sources.queries import query


@dataclass(frozen=True, slots=True)
class Reading:
    """An open read-only transaction. `search_path` is the session's own, schemas in order; inside
    the transaction it is pg_catalog only. `current_schema` is where it would create a table."""

    cursor: psycopg.Cursor[Any]
    role: str
    search_path: tuple[str, ...]
    current_schema: str


@contextmanager
def read_only(connection: psycopg.Connection[Any]) -> Iterator[Reading]:
    """One REPEATABLE READ READ ONLY transaction: one snapshot, and nothing can be written.

    The connection must be idle, or the transaction would join one that is neither.
    """
    if connection.info.transaction_status is not TransactionStatus.IDLE:
        raise ValueError("the connection is inside a transaction already")
    with connection.transaction(), connection.cursor(row_factory=namedtuple_row) as cursor:
        cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
        if connection.info.encoding == "ascii":
            # Of an SQL_ASCII database; psycopg would give bytes.
            cursor.execute("SET LOCAL client_encoding = 'UTF8'")
        session: Any = cursor.execute(query("session")).fetchone()
        # Not on `cursor`: a named tuple cannot have twelve fields named set_config.
        connection.execute(query("settings"))
        path = parse_search_path(session.search_path, session.role)
        yield Reading(cursor, session.role, path, session.current_schema or "public")


_PATH_ENTRY = re.compile(r'"((?:[^"]|"")*)"|([^,\s"]+)')


def parse_search_path(setting: str, role: str) -> tuple[str, ...]:
    """The schemas that a search_path setting names, also those the role may not look into, which
    current_schemas() would leave out without a word."""
    schemas = (
        quoted.replace('""', '"') if quoted else plain.lower()
        for quoted, plain in _PATH_ENTRY.findall(setting)
    )
    return tuple(role if schema == "$user" else schema for schema in schemas)
