"""Running every SQL system on scratch, and the scripts that belong to none."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import psycopg
from psycopg import sql

from pgassay.analysis.script_failures import failing_on_both
from pgassay.facts.loose_sql import LooseScript
from pgassay.facts.migration_system import MigrationSystem
from pgassay.facts.project import Project
from pgassay.facts.scratch_work import Runs, SqlRuns
from pgassay.facts.sql_run import SqlRun
from pgassay.facts.unavailable import Unavailable
from pgassay.postgres.scratch import Database, Scratch, ScratchFailed
from pgassay.sources.loose_runs import run_loose
from pgassay.sources.system_runs import run_system


@dataclass(frozen=True, slots=True)
class Ground:
    """The database that holds what the main history built, or why there is none; neither where
    the project has no such history. `others` hold what histories beside it built."""

    database: Database | None = None
    lost: Unavailable | None = None
    others: tuple[Database, ...] = ()


def run_sql(
    project: Project,
    server: Scratch | Unavailable,
    ground: Ground,
    limit_s: float,
    progress: Callable[[str], None],
    doubt: Callable[[str], None],
) -> SqlRuns:
    """Each system on a database of its own, then the scripts on a copy of `ground`; without a main
    history, on what the one system there is made. `doubt` is told what may end otherwise when it is
    tried again, such as what ran out of time."""
    systems = [s for s in project.systems if s.dialect == "postgresql"]
    if isinstance(server, Unavailable):
        return SqlRuns(server if systems else (), server if project.loose else None)
    made: list[Database] = []
    runs: list[SqlRun | Unavailable] = []
    with _roles_kept(server, when=any(not s.not_run for s in systems)):
        try:
            for number, system in enumerate(systems):
                if system.not_run:
                    runs.append(_not_run(system))
                    continue
                progress(f"Running {system.name}/ on scratch")
                try:
                    made.append(server.create_database(f"sql_{number}"))
                except ScratchFailed as failed:
                    needs = f"migrations {system.name}"
                    runs.append(Unavailable(needs, failed.reason, failed.next_step))
                    doubt(failed.reason)
                else:
                    run = run_system(Path(project.root), system, made[-1], limit_s)
                    runs.append(run)
                    if isinstance(run, Unavailable):
                        doubt(run.reason)
            ground = _ground_of(ground, project, runs, made)
            others = (*ground.others, *(d for d in made if d != ground.database))
            ground = replace(ground, others=others)
            loose = _loose(project, project.loose, server, ground, limit_s, progress, doubt)
        finally:
            for database in made:
                # The server is thrown away, or sweeps what a run has left.
                with contextlib.suppress(ScratchFailed):
                    server.drop_database(database)
    lost = [_unjudged(r, f"migrations {r.name}") for r in runs if isinstance(r, SqlRun)]
    return SqlRuns((*runs, *(u for u in lost if u is not None)), loose)


def _not_run(system: MigrationSystem) -> Unavailable:
    return Unavailable(
        f"migrations {system.name}",
        f"{system.name}/ ({system.kind}) was not executed: {system.not_run}.",
        f"What its files plainly say was read. If it is not deployed, put {system.name!r} under "
        "[project] exclude in pgassay.toml.",
    )


def _ground_of(
    ground: Ground, project: Project, runs: Sequence[SqlRun | Unavailable], made: list[Database]
) -> Ground:
    if ground.database or ground.lost or project.histories:
        return ground
    if len(runs) != 1 or not made:
        return ground
    (run,) = runs
    if isinstance(run, Unavailable) or run.failures or run.lacking:
        reason = f"{project.systems[0].name}/ was not built from scratch without failures."
        return Ground(lost=Unavailable("SQL scripts", reason, "See HIS010."))
    return Ground(made[0])


def _loose(
    project: Project,
    scripts: Sequence[LooseScript],
    server: Scratch,
    ground: Ground,
    limit_s: float,
    progress: Callable[[str], None],
    doubt: Callable[[str], None],
) -> Runs | Unavailable | None:
    if not scripts:
        return None
    many = f"{len(scripts)} SQL script{'s' if len(scripts) > 1 else ''}"
    if ground.database is None:
        why = ground.lost.reason if ground.lost else "There is no history to build a schema with."
        step = ground.lost.next_step if ground.lost else ""
        return Unavailable("SQL scripts", f"{many} could not be tried: {why}", step)
    progress(f"Trying {many} on the built schema")

    def tried(on: Database, scripts: Sequence[LooseScript]) -> tuple[SqlRun, ...] | Unavailable:
        managed = next((s.managed for s in project.systems if s.managed), ())
        try:
            copy = server.create_database("scripts", template=on.name)
            runs = run_loose(Path(project.root), scripts, copy, limit_s, managed)
            server.drop_database(copy)
        except ScratchFailed as failed:
            runs = Unavailable("SQL scripts", failed.reason, failed.next_step)
        if isinstance(runs, Unavailable):
            doubt(runs.reason)
        return runs

    runs = tried(ground.database, scripts)
    for other in ground.others:
        if isinstance(runs, Unavailable):
            return runs
        doubtful = {r.name for r in runs if r.defects}
        if doubtful:
            # It may be for what somebody else looks after.
            again = tried(other, [s for s in scripts if str(s.location) in doubtful])
            runs = again if isinstance(again, Unavailable) else failing_on_both(runs, again)
    if isinstance(runs, Unavailable):
        return runs
    lost = [_unjudged(r, f"script {r.name}") for r in runs]
    return (*runs, *(u for u in lost if u is not None))


def _unjudged(run: SqlRun, needs: str) -> Unavailable | None:
    """What of a run proves nothing either way."""
    said = [f"{n.location} {n.what!r}: {n.reason}" for n in run.lacking]
    said += [f"{f.location} {f.statement[:80]!r}: {f.error}" for f in run.unknowns]
    if not said:
        return None
    more = f" (and {len(said) - 3} more)" if len(said) > 3 else ""
    return Unavailable(
        needs,
        f"{len(said)} statement{'s' if len(said) > 1 else ''} could not be judged on scratch: "
        + "; ".join(said[:3])
        + more
        + ".",
        "Look at them by hand.",
        "\n".join(said),
    )


@contextlib.contextmanager
def _roles_kept(server: Scratch, *, when: bool) -> Iterator[None]:
    """Drops the roles that were made meanwhile: they are the server's, which may not be ours."""
    if not when:
        yield
        return
    place = server.create_database("roles")
    try:
        before = _roles(place)
        yield
        with place.connect(autocommit=True) as connection:
            for role in _roles(place) - before:
                with contextlib.suppress(psycopg.Error):
                    connection.execute(sql.SQL("DROP ROLE {}").format(sql.Identifier(role)))
    finally:
        server.drop_database(place)


def _roles(database: Database) -> set[str]:
    with database.connect() as connection:
        return {r[0] for r in connection.execute("SELECT rolname FROM pg_catalog.pg_roles")}
