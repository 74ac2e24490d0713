"""Executing a history on scratch by the probe, and reading the schema it makes."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from pgassay.analysis.build_events import build_from_events, models_unavailable
from pgassay.analysis.url_text import url_scheme
from pgassay.facts.catalog import Catalog, TableName
from pgassay.facts.entry_point import UrlTried
from pgassay.facts.history import Build, History
from pgassay.facts.project import Project, UrlVariable
from pgassay.facts.unavailable import Unavailable
from pgassay.postgres.scratch import Database
from pgassay.probe.environment import NOWHERE, child_environment
from pgassay.probe.launch import ChildOutcome, run_child
from pgassay.sources.alembic_ini import UnreadableIni, read_alembic_ini

ReadCatalog = Callable[[Database, TableName], "Catalog | Unavailable"]
"""Reads a scratch database, leaving out a version table."""

_ASYNC_DRIVERS = frozenset(("asyncpg", "psycopg", "psycopg_async"))


@dataclass(frozen=True, slots=True)
class Workshop:
    """What building needs of the world: an interpreter, a scratch server, a way to read it.

    `isolated` turns a command into one that runs apart from every other server.
    """

    python: str
    isolated: Callable[[Sequence[str]], Sequence[str]]
    create_database: Callable[[str], Database]
    read_catalog: ReadCatalog
    time_limit_s: float


def build_history(
    workshop: Workshop,
    project: Project,
    history: History,
    purpose: str,
    *,
    target: str | Sequence[str] = "heads",
    models: bool = False,
    metadata: str = "",
    withheld: Collection[str] = (),
) -> tuple[Build | Unavailable, Catalog | Unavailable | None]:
    """Build `history` up to `target` in a new database; with `models`, also create the models in
    another. `metadata` names them where env.py does not. The environment is without the variables
    `withheld`.

    Returns the build, and the catalog the models make (None when not asked for).
    """
    made: list[Database] = []
    scheme = _scheme(project, history)
    ours = {name: value for name, value in os.environ.items() if name not in withheld}
    environment = child_environment(ours, project.url_variables, scheme)
    ini = _ini(project, history)

    def request() -> dict[str, Any]:
        made.append(workshop.create_database(purpose))
        if models:
            made.append(workshop.create_database(f"{purpose}_models"))
        return {
            "root": project.root,
            "run_directory": _run_directory(project, ini, history.ini_section),
            "ini": ini,
            "section": history.ini_section,
            "own_ini": history.ini is not None,
            "script_directory": history.script_directory,
            "version_directories": list(history.version_directories),
            "env": history.env is not None,
            "target": target if isinstance(target, str) else list(target),
            "stand_in_url": f"{scheme}://pgassay@{NOWHERE}/pgassay",
            "driver": scheme.partition("+")[2],
            "scratch": dict(made[0].parameters),
            "sentinels": environment.sentinels,
            "models_database": made[1].name if models else "",
            "metadata": metadata,
        }

    try:
        outcome = run_child(
            request,
            root=project.root,
            python=workshop.python,
            isolated=workshop.isolated,
            environment=environment.variables,
            time_limit_s=workshop.time_limit_s,
        )
    except OSError as error:
        lost = Unavailable(
            f"history {history.name}",
            f"The project's interpreter {workshop.python} cannot be started: {error.strerror}.",
            "Name the right one with --python.",
        )
        return lost, lost if models else None
    build = _read_build(workshop, project, history, outcome, made[0])
    if not models:
        return build, None
    missing = models_unavailable(outcome.events, build)
    version_table = _version_table(build)
    return build, missing or workshop.read_catalog(made[1], version_table)


def try_url(
    workshop: Workshop,
    project: Project,
    history: History,
    variables: frozenset[str],
    purpose: str,
) -> UrlTried:
    """Run env.py, and no revision, with only these of the URL variables set."""
    known = {v.name: v for v in project.url_variables}
    given = tuple(known.get(name, UrlVariable(name)) for name in sorted(variables))
    database = {n for n, value in os.environ.items() if url_scheme(value)}
    build, _ = build_history(
        workshop,
        replace(project, url_variables=given),
        history,
        purpose,
        target="nothing",
        withheld=(known.keys() | database) - variables,
    )
    if isinstance(build, Unavailable):
        return UrlTried(history.name, variables, refused=build.reason)
    return UrlTried(history.name, variables, build.requested_url, build.url_variable)


def _read_build(
    workshop: Workshop,
    project: Project,
    history: History,
    outcome: ChildOutcome,
    database: Database,
) -> Build | Unavailable:
    needs = f"history {history.name}"
    if outcome.timed_out:
        return Unavailable(
            needs,
            f"{history.name}/ did not end within {workshop.time_limit_s:g} s"
            + _last_revision(outcome)
            + ", and was stopped.",
            "See what it waits for; [probe] time_limit_s in pgassay.toml allows more.",
            outcome.printed,
        )
    if outcome.last("done") is None and outcome.last("failed") is None:
        return Unavailable(
            needs,
            f"The probe of {history.name}/ ended early with status {outcome.exit_status}"
            + _last_revision(outcome)
            + ".",
            "`pgassay check -vv` shows what it printed.",
            outcome.printed,
        )
    build = build_from_events(history, project.root, outcome.events)
    if isinstance(build, Unavailable):
        return replace(build, detail=build.detail or outcome.printed)
    if build.failure is not None:
        return build
    return replace(build, catalog=workshop.read_catalog(database, _version_table(build)))


def _last_revision(outcome: ChildOutcome) -> str:
    last = outcome.last("revision")
    if outcome.last("finished"):
        return " (in env.py, after the revisions)"
    return f" (in revision {last['id']})" if last else " (in env.py)"


def _version_table(build: Build | Unavailable) -> tuple[str, str]:
    if isinstance(build, Unavailable):
        return ("public", "alembic_version")
    return (build.version_schema or "public", build.version_table)


def _scheme(project: Project, history: History) -> str:
    """The URL scheme, which names the driver, that this project uses for migrations.

    An async env.py fails with a driver that is not, so where no file names one that is, it gets
    asyncpg.
    """
    named = [url_scheme(history.url), *(v.scheme for v in project.url_variables)]
    if _is_async(project, history):
        fitting = (s for s in named if s.partition("+")[2] in _ASYNC_DRIVERS)
        return next(fitting, "postgresql+asyncpg")
    return next((s for s in named if s), "postgresql")


def _is_async(project: Project, history: History) -> bool:
    if history.env is None:
        return False
    try:
        text = (Path(project.root) / history.env.path).read_text("utf-8", "replace")
    except OSError:
        return False
    return re.search(r"\basync\b|\basyncio\b|\basync_engine|\bcreate_async", text) is not None


def _ini(project: Project, history: History) -> str:
    """The history's ini; for one that no ini names, the one nearest above it, since scripts run
    such histories by overriding `script_location`."""
    root = Path(project.root)
    if history.ini is not None:
        return str(root / history.ini.path)
    others = {root / h.ini.path for h in project.histories if h.ini is not None}
    for folder in (Path(history.script_directory), *Path(history.script_directory).parents):
        found = sorted(p for p in others if p.parent == folder)
        if found:
            return str(found[0])
        if folder == root:
            break
    return ""


def _run_directory(project: Project, ini: str, section: str) -> str:
    """Where the project's own commands run, which is what the ini's relative paths start from."""
    try:
        sections = read_alembic_ini(Path(ini), Path(project.root)) if ini else ()
    except UnreadableIni:
        sections = ()
    named = [s for s in sections if s.section == section] or list(sections)
    return str(named[0].run_directory) if named else project.root
