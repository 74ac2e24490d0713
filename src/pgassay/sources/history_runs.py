"""Having the probe's child execute a history on a scratch database."""

from __future__ import annotations

import contextlib
import os
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

import psycopg

from pgassay.analysis.url_text import url_scheme
from pgassay.facts.catalog import Catalog, TableName
from pgassay.facts.history import History
from pgassay.facts.project import Project
from pgassay.facts.remedy import Remedy
from pgassay.facts.unavailable import Unavailable
from pgassay.postgres.scratch import Database
from pgassay.probe.environment import NOWHERE, child_environment
from pgassay.probe.launch import ChildOutcome, run_child
from pgassay.sources import ddl_log
from pgassay.sources.alembic_ini import AlembicSection, UnreadableIni, read_alembic_ini
from pgassay.sources.package_folders import PackageFolders
from pgassay.sources.queries import query

ReadCatalog = Callable[[Database, TableName], "Catalog | Unavailable"]
"""Reads a scratch database, leaving out a version table."""

_END_SESSIONS = """
SELECT pg_catalog.pg_terminate_backend(pid) FROM pg_catalog.pg_stat_activity
WHERE datname = pg_catalog.current_database() AND pid <> pg_catalog.pg_backend_pid()
"""
_ASYNC_DRIVERS = frozenset(("asyncpg", "psycopg", "psycopg_async"))


@dataclass(frozen=True, slots=True)
class Workshop:
    """What building needs of the world: an interpreter, a scratch server, a way to read it.

    `isolated` turns a command into one that runs apart from every other server. A database is
    made for a purpose, as a copy of the one named, where one is. `environment` are the variables
    that the configuration gives the project's code. `managed` are the schemas of a service, where
    what it makes is stood in for. `make_role` makes one that a history needs and nobody made;
    whether it is there then. `heard` is told what each child said, None where it could not be
    started.
    """

    python: str
    isolated: Callable[[Sequence[str]], Sequence[str]]
    create_database: Callable[..., Database]
    read_catalog: ReadCatalog
    time_limit_s: float
    environment: Mapping[str, str] = field(default_factory=dict)
    managed: tuple[str, ...] = ()
    make_role: Callable[[str], bool] = lambda _: False
    heard: Callable[[ChildOutcome | None], None] = lambda _: None


@dataclass(frozen=True, slots=True)
class Place:
    """Where a history is executed; `models` is the database for its models, None where they are not
    asked for. `is_logged`: what is touched there is written down. `is_watched`: and what each
    statement holds and reads."""

    database: Database
    models: Database | None = None
    is_logged: bool = False
    is_watched: bool = False


@dataclass(frozen=True, slots=True)
class Detour:
    """Another state in which revisions find the database or the environment. Those of `twice` run
    a second time, when what they made is there in another shape; `before` are statements by the
    revision that they come before. `arguments` are such as "tenant=a" of `-x`."""

    twice: frozenset[str] = frozenset()
    before: Mapping[str, Sequence[str]] = field(default_factory=dict)
    variables: Mapping[str, str] = field(default_factory=dict)
    arguments: Sequence[str] = ()

    def request(self) -> dict[str, Any]:
        """As the child takes it; {} for none."""
        return {
            "twice": sorted(self.twice),
            "before": {revision: list(sql) for revision, sql in self.before.items()},
            "remember": query("other_state/remember").decode(),
            "distort": query("other_state/distort").decode(),
            "arguments": list(self.arguments),
        }


@dataclass(frozen=True, slots=True)
class Course:
    """What to execute: up to `target` ("heads", revisions, or "nothing"), or down to the first of
    these revisions, to the bottom without one.
    `remedies` None: the first failure ends it. The environment is without the variables
    `withheld`. `detour` None: the history's own states. `carried_rules`: the models tell their
    rules for rows, also where they are not made."""

    target: str | Sequence[str] = "heads"
    direction: Literal["up", "down"] = "up"
    metadata: str = ""
    remedies: Mapping[str, Remedy] | None = None
    withheld: frozenset[str] = frozenset()
    detour: Detour | None = None
    carried_rules: bool = False


def run_history(
    workshop: Workshop,
    project: Project,
    history: History,
    course: Course,
    prepare: Callable[[], Place],
) -> ChildOutcome | Unavailable:
    """What the child said. `prepare` is called while it starts. Unavailable where it cannot be."""
    scheme = _scheme(project, history)
    detour = course.detour.variables if course.detour else {}
    ours, given = (
        {name: value for name, value in variables.items() if name not in course.withheld}
        for variables in (os.environ, workshop.environment)
    )
    environment = child_environment(ours, project.url_variables, scheme, {**given, **detour})
    ini = _ini(project, history)
    section = _ini_section(project, ini, history.ini_section)

    places: list[Place] = []

    def request() -> dict[str, Any]:
        place = prepare()
        places.append(place)
        remedies = course.remedies or {}
        return {
            "root": project.root,
            "run_directory": str(section.run_directory) if section else project.root,
            "ini": ini,
            "section": history.ini_section,
            "own_ini": history.ini is not None and _says_all(section, history),
            "script_directory": history.script_directory,
            "version_directories": list(history.version_directories),
            "env": history.env is not None,
            "target": course.target if isinstance(course.target, str) else list(course.target),
            "direction": course.direction,
            "stand_in_url": f"{scheme}://pgassay@{NOWHERE}/pgassay",
            "driver": scheme.partition("+")[2],
            "scratch": dict(place.database.parameters),
            "sentinels": environment.sentinels,
            "withheld": environment.withheld,
            "models_database": place.models.name if place.models else "",
            "metadata": course.metadata,
            "carried_rules": course.carried_rules,
            "log_setting": ddl_log.REVISION if place.is_logged else "",
            "watch": query("watch/state").decode() if place.is_watched else "",
            "plan": query("watch/plan").decode() if place.is_watched else "",
            "other": course.detour.request() if course.detour else {},
            "lenient": course.remedies is not None,
            "remedies": {key: list(r.statements) for key, r in remedies.items()},
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
        workshop.heard(None)
        return Unavailable(
            f"history {history.name}",
            f"The project's interpreter {workshop.python} cannot be started: {error.strerror}.",
            "Name the right one with --python.",
        )
    workshop.heard(outcome)
    if outcome.timed_out:
        for place in places:
            _end_sessions(place)
    return outcome


def _end_sessions(place: Place) -> None:
    """The child is killed, but the server goes on with what it was told, and holds its locks."""
    for database in (place.database, place.models):
        if database is not None:
            with (
                contextlib.suppress(psycopg.Error),
                database.connect(autocommit=True) as connection,
            ):
                connection.execute(_END_SESSIONS)


def _says_all(section: AlembicSection | None, history: History) -> bool:
    """Whether Alembic finds the history's files by the ini alone: of a package that is installed
    too it would take that one, and code may give it further version_locations."""
    if section is None or not section.is_literal:
        return False
    folders = section.version_directories or (section.script_directory / "versions",)
    return set(history.version_directories) <= {str(f) for f in folders}


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


def _ini_section(project: Project, ini: str, section: str) -> AlembicSection | None:
    """What the ini says, which names where the project's own commands run."""
    root = Path(project.root)
    try:
        sections = read_alembic_ini(Path(ini), root, PackageFolders(root, ())) if ini else ()
    except UnreadableIni:
        sections = ()
    named = [s for s in sections if s.section == section] or list(sections)
    return named[0] if named else None
