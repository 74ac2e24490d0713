"""Executing a history on scratch by the probe, and reading the schema it makes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path

import psycopg

from pgassay.analysis.build_events import build_from_events, lacking_extension, models_unavailable
from pgassay.analysis.build_salvage import assumed_in, failures_left_out
from pgassay.analysis.carried_rules import rules_from_events
from pgassay.analysis.missing_object import schema_of_missing
from pgassay.analysis.url_text import other_dialect
from pgassay.facts.catalog import Catalog, TableName
from pgassay.facts.history import AssumedRole, Build, History, Salvage
from pgassay.facts.model_rules import ModelRules
from pgassay.facts.project import Project
from pgassay.facts.remedy import Remedy
from pgassay.facts.touch import Touch
from pgassay.facts.unavailable import Unavailable
from pgassay.postgres.scratch import Database
from pgassay.probe.launch import ChildOutcome, Event
from pgassay.sources import ddl_log
from pgassay.sources.assumed_roles import assume_role, failures_of
from pgassay.sources.history_runs import Course, Detour, Place, Workshop, run_history
from pgassay.sources.own_modules import own_module


@dataclass(frozen=True, slots=True)
class Built:
    """`models` is the catalog that the models make, None when not asked for; `rules` are those for
    rows that they carry, None where they were not reached. `database` is where the history was
    executed, None where it could not be. `events` are what the child said."""

    build: Build | Unavailable
    models: Catalog | Unavailable | None = None
    rules: ModelRules | None = None
    database: Database | None = None
    events: tuple[Event, ...] = field(default=(), repr=False)


def build_history(
    workshop: Workshop,
    project: Project,
    history: History,
    purpose: str,
    *,
    target: str | Sequence[str] = "heads",
    models: bool = False,
    metadata: str = "",
    remedies: Mapping[str, Remedy] | None = None,
    detour: Detour | None = None,
) -> Built:
    """Build `history` up to `target` in a new database; with `models`, also create the models in
    another. `metadata` names them where env.py does not. With `remedies`, which may be empty, the
    run goes on after statements that fail, and the build's `salvage` is what came of that; they are
    by what PostgreSQL says when the object is missing. With `detour`, revisions find another state.

    A role that is missing is made, and it is built again, in a database named after `purpose`.
    """
    course = Course(target, metadata=metadata, remedies=remedies, detour=detour)
    roles: list[AssumedRole] = []
    place = purpose
    while True:
        built = _build_once(workshop, project, history, course, place, models=models)
        if isinstance(built.build, Unavailable):
            return built
        lacking = assume_role(workshop, project, failures_of(built.build))
        # One that is missing again after it was made is dropped by the history.
        if lacking is None or lacking.name in [r.name for r in roles]:
            return replace(built, build=replace(built.build, roles=tuple(roles)))
        roles.append(lacking)
        place = f"{purpose}_roles_{len(roles)}"


def _build_once(
    workshop: Workshop,
    project: Project,
    history: History,
    course: Course,
    purpose: str,
    *,
    models: bool,
) -> Built:
    places: list[Place] = []

    def prepare() -> Place:
        database = workshop.create_database(purpose)
        with database.connect(autocommit=True) as connection:
            is_logged = ddl_log.install(connection)
        for_models = workshop.create_database(f"{purpose}_models") if models else None
        places.append(Place(database, for_models, is_logged))
        return places[0]

    outcome = run_history(workshop, project, history, course, prepare)
    if isinstance(outcome, Unavailable):
        return Built(outcome, outcome if models else None)
    place = places[0]
    is_read = place.is_logged and not outcome.timed_out
    touches = _touches(place.database) if is_read else None
    build = build_of(workshop, project, history, outcome)
    if isinstance(build, Build):
        build = replace(build, touches=touches)
        if build.failure is None:
            catalog = workshop.read_catalog(place.database, version_table(build))
            build = replace(build, catalog=catalog)
        if course.remedies is not None:
            build = replace(build, salvage=_salvage(history, outcome, build, course.remedies))
    if place.models is None:
        return Built(build, None, None, place.database, outcome.events)
    missing = models_unavailable(outcome.events, build)
    made = missing or workshop.read_catalog(place.models, version_table(build))
    rules = rules_from_events(outcome.events)
    return Built(build, made, rules, place.database, outcome.events)


def build_of(
    workshop: Workshop,
    project: Project,
    history: History,
    outcome: ChildOutcome,
) -> Build | Unavailable:
    """What the child's run tells of the history; its catalog is yet to be read."""
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
    own = partial(own_module, Path(project.root))
    if lacking := lacking_extension(outcome.events):
        return Unavailable(
            needs,
            f"The scratch server has not the extension {lacking}, which {history.name}/ makes"
            + _last_revision(outcome)
            + ".",
            "Use one that has it: --scratch-url, or install it on this machine for PostgreSQL of "
            "the live server's version or newer, which is then taken.",
        )
    build = build_from_events(history, project.root, outcome.events, workshop.python, own)
    if isinstance(build, Unavailable):
        return replace(build, detail=build.detail or outcome.printed)
    if build.failure and schema_of_missing(build.failure.missing_object) in workshop.managed:
        return Unavailable(
            needs,
            f"{history.name}/ needs {build.failure.missing_object}, which Supabase makes and "
            f"scratch does not stand in for (in revision {build.failure.revision}).",
            "Nothing is wrong with the revision; what it and those after it make is not known.",
        )
    return build


def _touches(database: Database) -> tuple[Touch, ...] | None:
    """What the log has; None where the project's code kept it from being read."""
    try:
        with database.connect(autocommit=True) as connection:
            return ddl_log.take(connection)
    except psycopg.Error:
        return None


def _salvage(
    history: History, outcome: ChildOutcome, build: Build, remedies: Mapping[str, Remedy]
) -> Salvage:
    sources = {key: remedy.source for key, remedy in remedies.items()}
    return Salvage(
        failures_left_out(history, outcome.events, other_dialect(build.requested_url)),
        assumed_in(outcome.events, sources),
        build.catalog or Unavailable(f"history {history.name}", "Its schema was not read."),
        build.statements,
        build.touches,
    )


def _last_revision(outcome: ChildOutcome) -> str:
    last = outcome.last("revision")
    if outcome.last("finished"):
        return " (in env.py, after the revisions)"
    return f" (in revision {last['id']})" if last else " (in env.py)"


def version_table(build: Build | Unavailable) -> TableName:
    """The table that the build stamped, (schema, name)."""
    if isinstance(build, Unavailable):
        return ("public", "alembic_version")
    return (build.version_schema or "public", build.version_table)
