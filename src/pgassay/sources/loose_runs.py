"""Trying scripts that belong to no system on a copy of a built schema."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import psycopg

from pgassay.analysis.script_failures import still_failing
from pgassay.facts.loose_sql import LooseScript
from pgassay.facts.migration_system import Section
from pgassay.facts.sql_run import SqlRun
from pgassay.facts.unavailable import Unavailable
from pgassay.postgres.scratch import Database
from pgassay.sources.sql_session import OutOfTime, SqlSession
from pgassay.sources.system_runs import Clock

Connection = psycopg.Connection[Any]


def run_loose(
    root: Path,
    scripts: Sequence[LooseScript],
    database: Database,
    limit_s: float,
    managed: tuple[str, ...] = (),
) -> tuple[SqlRun, ...] | Unavailable:
    """What each script does, alone, in `database`, which holds the built schema; all is undone.

    Which order people run them in is not known. A statement that fails alone and works once the
    other scripts have run is no failure. Unavailable where they do not end in `limit_s` seconds.
    """
    clock = Clock.of(limit_s)
    try:
        with database.connect(autocommit=True) as connection, clock.stopping(connection):
            alone = [
                _run(root, [s], connection, clock, managed, name=str(s.location)) for s in scripts
            ]
            if not any(r.defects for r in alone):
                return tuple(alone)
            together = _run(root, [*scripts, *scripts], connection, clock, managed, last=scripts)
    except OutOfTime:
        return Unavailable(
            "SQL scripts",
            f"The {len(scripts)} SQL scripts did not end within {limit_s:g} s, and were stopped.",
            "[probe] time_limit_s in pgassay.toml allows more.",
        )
    except psycopg.Error as error:
        first = str(error).strip().split("\n", 1)[0]
        return Unavailable("SQL scripts", f"They could not be run on scratch: {first}.")
    return tuple(still_failing(run, together.failures) for run in alone)


def _run(
    root: Path,
    scripts: Sequence[LooseScript],
    connection: Connection,
    clock: Clock,
    managed: tuple[str, ...],
    *,
    name: str = "",
    last: Sequence[LooseScript] = (),
) -> SqlRun:
    """One after another in one transaction, which is undone. `last`: only what the last so many
    did is told."""
    connection.execute("BEGIN")
    try:
        session = SqlSession(root, clock.deadline, on_empty=False, managed=managed)
        for number, script in enumerate(scripts):
            if last and number == len(scripts) - len(last):
                session = SqlSession(root, clock.deadline, on_empty=False, managed=managed)
            session.run(connection, Section(script.location, script.sql), psql=True)
    finally:
        if not connection.closed:
            connection.execute("ROLLBACK")
            connection.execute("DISCARD ALL")
    return SqlRun(
        name,
        session.statements,
        tuple(session.failures),
        tuple(session.not_run),
        assumed=tuple(session.assumed),
        included=tuple(session.included),
    )
