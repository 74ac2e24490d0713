"""Watching what statements hold, read and write anew on a scratch database."""

from __future__ import annotations

from typing import Any

import psycopg

from pgassay.analysis.session_state import Command
from pgassay.facts.touch import Touch
from pgassay.sources import ddl_log
from pgassay.sources.queries import query

Connection = psycopg.Connection[Any]


def install(connection: Connection) -> bool:
    """Begin, with the log of what is touched. False where the role is no superuser."""
    if not ddl_log.install(connection):
        return False
    connection.execute(query("watch/install"))
    return True


def take(connection: Connection) -> tuple[tuple[Command, ...], dict[int, Touch]]:
    """The commands that changed the schema, and what was touched; nothing of it is left."""
    with connection.transaction():
        rows = connection.execute(query("watch/read")).fetchall()
        connection.execute(query("watch/remove"))
    commands = tuple(Command.read(place, state, columns) for place, _, state, columns in rows)
    return commands, ddl_log.take_placed(connection)
