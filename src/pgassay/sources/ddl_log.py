"""What migrations do to a scratch database, written down there by event triggers.

Nothing is parsed: the server names each object that a statement creates, alters, drops or
rewrites (PostgreSQL documentation, "Event Triggers"). Roles, databases and tablespaces are shared
by all databases, and no event trigger sees them.
"""

from __future__ import annotations

from typing import Any

import psycopg
from psycopg.rows import namedtuple_row

from pgassay.facts.touch import Touch
from pgassay.sources.queries import query

REVISION = "pgassay.revision"
"""The setting that names what runs; migrations run in the same session as who sets it."""

Connection = psycopg.Connection[Any]


def install(connection: Connection) -> bool:
    """Begin to write down. False where the role is no superuser, who alone may."""
    try:
        with connection.transaction():
            connection.execute(query("ddl_log/install"))
    except psycopg.errors.InsufficientPrivilege:
        return False
    return True


def take(connection: Connection) -> tuple[Touch, ...]:
    """What was touched, in order; the log is gone afterwards, and nothing of it is left."""
    return tuple(take_placed(connection).values())


def take_placed(connection: Connection) -> dict[int, Touch]:
    """What was touched by its place in the log, as `take` does."""
    with connection.transaction():
        cursor = connection.cursor(row_factory=namedtuple_row)
        rows: list[Any] = cursor.execute(query("ddl_log/read")).fetchall()
        connection.execute(query("ddl_log/remove"))
    return {
        row.place: Touch(
            row.revision,
            row.action,
            row.command,
            row.kind,
            row.name,
            (row.table_schema, row.table_name) if row.table_name else None,
            row.reason,
        )
        for row in rows
    }


def name_revision(connection: Connection, revision: str) -> None:
    """What this session does from now on is this revision's."""
    connection.execute("SELECT pg_catalog.set_config(%s, %s, false)", [REVISION, revision])
