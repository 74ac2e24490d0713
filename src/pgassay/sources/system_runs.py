"""Executing an SQL migration system on scratch, as its own tool would build an empty database."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from threading import Event, Thread
from typing import Any

import psycopg
from psycopg.pq import TransactionStatus

from pgassay.facts.migration_system import MigrationFile, MigrationSystem
from pgassay.facts.sql_run import SqlRun
from pgassay.facts.unavailable import Unavailable
from pgassay.postgres.scratch import Database
from pgassay.sources.ddl_log import install, name_revision, take
from pgassay.sources.managed_stand_in import stand_in
from pgassay.sources.sql_session import OutOfTime, SqlSession

Connection = psycopg.Connection[Any]

_TABLES = """
SELECT count(*) FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
WHERE c.relkind IN ('r', 'p') AND n.nspname <> 'information_schema' AND n.nspname !~ '^pg_'
  AND n.nspname <> ALL (%s)
"""


@dataclass(frozen=True, slots=True)
class Clock:
    """When a run's time is over, by time.monotonic()."""

    deadline: float

    @classmethod
    def of(cls, limit_s: float) -> Clock:
        return cls(time.monotonic() + limit_s)

    @contextmanager
    def stopping(self, connection: Connection) -> Iterator[None]:
        """Cancels what the connection runs when the time is over."""
        done = Event()

        def stop() -> None:
            # Again and again: a statement may begin just after one was told to end.
            while not done.wait(max(0.2, self.deadline - time.monotonic())):
                if time.monotonic() >= self.deadline and not connection.closed:
                    connection.cancel()

        watch = Thread(target=stop, daemon=True)
        watch.start()
        try:
            yield
        finally:
            done.set()
            watch.join()


def run_system(
    root: Path, system: MigrationSystem, database: Database, limit_s: float
) -> SqlRun | Unavailable:
    """Run the system's files in their order in `database`, which is empty and its own.

    What is run is what applies them, inside the transactions of the tool, and in sessions that last
    as long as its own. Unavailable where it does not end in `limit_s` seconds, or the server was
    lost.
    """
    needs = f"migrations {system.name}"
    clock = Clock.of(limit_s)
    managed = system.managed
    session = SqlSession(
        root, clock.deadline, on_empty=True, managed=managed, renamed=name_revision
    )
    try:
        with database.connect(autocommit=True) as connection:
            if managed:
                stand_in(connection, database)
            logged = install(connection)
        _run_files(session, clock, system, database)
        with database.connect(autocommit=True) as connection:
            touches = take(connection) if logged else ()
            row = connection.execute(_TABLES, [list(managed)]).fetchone()
    except OutOfTime:
        reason = f"{system.name}/ did not end within {limit_s:g} s, and was stopped."
        return Unavailable(needs, reason, "[probe] time_limit_s in pgassay.toml allows more.")
    except psycopg.Error as error:
        reason = f"{system.name}/ could not be run on scratch: {_first_line(error)}."
        return Unavailable(needs, reason)
    return SqlRun(
        system.name,
        session.statements,
        tuple(session.failures),
        tuple(session.not_run),
        touches,
        logged,
        tuple(session.assumed),
        row[0] if row else 0,
        tuple(session.included),
    )


def _first_line(error: psycopg.Error) -> str:
    return str(error).strip().split("\n", 1)[0].rstrip(".")


def _run_files(
    session: SqlSession, clock: Clock, system: MigrationSystem, database: Database
) -> None:
    order = _in_order(system.applied)
    if system.kind == "plain":
        # Each is a psql of its own, so nothing that one sets is left for the next.
        for file in order:
            with database.connect(autocommit=True) as connection, clock.stopping(connection):
                _run_file(session, connection, system, file)
        return
    with database.connect(autocommit=True) as connection, clock.stopping(connection):
        for file in order:
            if system.kind == "supabase":
                connection.execute("RESET ALL")
            elif system.kind == "flyway":
                connection.execute("RESET ROLE")
                connection.execute("RESET search_path")
            _run_file(session, connection, system, file)


def _in_order(files: Sequence[MigrationFile]) -> list[MigrationFile]:
    """With what runs before and after each."""
    before = [f for f in files if f.role == "before-each"]
    after = [f for f in files if f.role == "after-each"]
    found: list[MigrationFile] = []
    for file in files:
        if file.role in ("before-each", "after-each"):
            continue
        each = file.role in ("versioned", "repeatable", "baseline")
        found += [*(before if each else ()), file, *(after if each else ())]
    return found


def _run_file(
    session: SqlSession, connection: Connection, system: MigrationSystem, file: MigrationFile
) -> None:
    if file.up is None:
        return
    name_revision(connection, file.location.path)
    if file.transaction:
        connection.execute("BEGIN")
    try:
        session.run(
            connection,
            file.up,
            psql=system.kind == "plain",
            whole=file.whole,
            placeholders=dict(system.placeholders) if system.kind == "flyway" else None,
        )
    finally:
        if not connection.closed:
            _end(session, connection, file)


def _end(session: SqlSession, connection: Connection, file: MigrationFile) -> None:
    if connection.info.transaction_status == TransactionStatus.INTRANS:
        # A deferred constraint may still say no.
        session.finish(connection, file.location)
    elif connection.info.transaction_status != TransactionStatus.IDLE:
        connection.execute("ROLLBACK")
