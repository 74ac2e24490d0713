"""Having a schema: from a database, a snapshot file, or what a project makes on scratch."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pgassay.analysis.side_scope import EVERYTHING, HISTORY, MODELS, Scope
from pgassay.facts.assay import Assay
from pgassay.facts.catalog import Catalog
from pgassay.facts.models import Models
from pgassay.facts.settings import Settings
from pgassay.facts.unavailable import Unavailable
from pgassay.flows.gather import gather, without_other_histories
from pgassay.flows.live import Live, read_live
from pgassay.flows.opened_project import OpenedProject, open_project
from pgassay.flows.scratch_once import ScratchOnce
from pgassay.flows.wanted import Progress, Wanted
from pgassay.sources.configuration import (
    ConfigurationError,
    find_configuration,
    read_configuration,
)
from pgassay.sources.snapshot_file import read_snapshot

SCOPES: Mapping[str, Scope] = {"history": HISTORY, "models": MODELS}
"""What each kind of side can express; the others everything."""


@dataclass(frozen=True, slots=True)
class World:
    """Where a run finds its project, database and interpreter; None and "" leave the choice to the
    configuration."""

    root: Path
    config: Path | None = None
    database_url: str | None = None
    python: str = ""


@dataclass(frozen=True, slots=True)
class KnownSchema:
    """`of` is "database", "history" or "models"; a snapshot's is what it was taken of. `source` is
    the masked URL, the file's path or the history's name. `details` are what reports show of it:
    the server's version, the database, when a snapshot was taken."""

    of: str
    source: str
    catalog: Catalog
    details: Mapping[str, Any]

    @property
    def scope(self) -> Scope:
        return SCOPES.get(self.of, EVERYTHING)


@dataclass(frozen=True, slots=True)
class ProjectSchemas:
    """What a project makes, and how its code was kept apart."""

    schemas: Mapping[str, KnownSchema | Unavailable]
    assay: Assay
    settings_path: str | None


def of_file(path: Path) -> KnownSchema:
    """A snapshot's schema. Raises SnapshotInvalid."""
    snapshot = read_snapshot(path)
    details = {"database": snapshot.database, "taken_at": snapshot.taken_at}
    return KnownSchema(snapshot.of, str(path), snapshot.catalog, details)


def of_database(url: str | None, settings: Settings) -> KnownSchema | Unavailable:
    """A database's schema, read-only; None for the one that the settings or the environment name.

    Raises TargetInvalid.
    """
    with closing(read_live(url, settings)) as live:
        return of_live(live)


def of_live(live: Live) -> KnownSchema | Unavailable:
    """The schema of a database that was read."""
    if live.server is None or isinstance(live.server, Unavailable):
        return live.server or Unavailable("database", "nothing was read")
    if not isinstance(live.catalog, Catalog):
        return live.catalog or Unavailable("database", "nothing was read")
    details = {"database": live.server.database, "version": live.server.version}
    return KnownSchema("database", live.server.url, live.catalog, details)


def of_project(
    world: World, asked: Collection[str], scratch: ScratchOnce, progress: Progress
) -> ProjectSchemas:
    """`history` up to its heads, and `models`, made on scratch; the live database is not met.

    Raises NotAProject or ConfigurationError, also where the project has no such thing.
    """
    opened = open_project(world.root, world.config, world.python)
    if not opened.project.histories:
        raise ConfigurationError(
            f"{opened.root} has no Alembic history, so there is neither history nor models."
        )
    if "models" in asked and opened.settings.models.none:
        raise ConfigurationError(
            f"{opened.settings_path}: [models] none = true, so there are no models."
        )
    assay = _gathered(opened, world, asked, scratch, progress)
    found: dict[str, KnownSchema | Unavailable] = {}
    name = assay.main.name if assay.main else ""
    if "history" in asked:
        found["history"] = _known("history", f"{name}/ up to its heads", assay.history)
    if "models" in asked:
        models = assay.models.catalog if isinstance(assay.models, Models) else assay.models
        found["models"] = _known("models", f"as {name}/ names them", models)
    return ProjectSchemas(found, assay, opened.settings_path)


def _gathered(
    opened: OpenedProject,
    world: World,
    asked: Collection[str],
    scratch: ScratchOnce,
    progress: Progress,
) -> Assay:
    wanted = Wanted(
        root=opened.root,
        settings=opened.settings,
        python=world.python,
        fields=frozenset(asked),
    )
    return gather(wanted, opened.project, opened.files, scratch, progress)


def _known(of: str, source: str, schema: Catalog | Unavailable | None) -> KnownSchema | Unavailable:
    if isinstance(schema, Catalog):
        return KnownSchema(of, source, schema, {"database": "scratch"})
    return schema or Unavailable(of, f"The project's {of} could not be made.")


def settings_of(world: World) -> Settings:
    """The configuration where there is one, for a run that needs nothing else of the project.

    Raises ConfigurationError.
    """
    return read_configuration(world.config or find_configuration(world.root.resolve()))


def without_others(schema: KnownSchema, made: ProjectSchemas) -> KnownSchema:
    """A database's schema without what the project's other histories look after, when it is
    compared with what the main one makes."""
    if schema.of != "database":
        return schema
    catalog = without_other_histories(schema.catalog, made.assay)
    return KnownSchema(schema.of, schema.source, catalog, schema.details)
