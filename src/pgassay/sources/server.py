"""Reads what the server says of itself."""

from __future__ import annotations

from typing import Any

import psycopg

from pgassay.facts.server import Server
from pgassay.sources.queries import query
from pgassay.sources.read_only import read_only


def read_server(connection: psycopg.Connection[Any], url_masked: str) -> Server:
    """The server at the other end. `url_masked` is what reports show, password masked."""
    with read_only(connection) as reading:
        row = reading.cursor.execute(query("server")).fetchall()[0]
    return Server(
        url_masked,
        row.database,
        row.role,
        row.version,
        row.version_num,
        row.database_oid,
        _system_identifier(connection),
        frozenset(row.roles),
    )


def _system_identifier(connection: psycopg.Connection[Any]) -> str:
    """What initdb called the server; "" where this role may not ask."""
    try:
        with read_only(connection) as reading:
            row = reading.cursor.execute(query("system_identifier")).fetchall()[0]
    except psycopg.errors.InsufficientPrivilege:
        return ""
    return str(row.system_identifier)
