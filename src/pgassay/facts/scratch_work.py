"""What executing a project on scratch showed."""

from __future__ import annotations

from dataclasses import dataclass

from pgassay.facts.catalog import Catalog
from pgassay.facts.entry_point import UrlTried
from pgassay.facts.history import Build, History
from pgassay.facts.model_rules import ModelRules
from pgassay.facts.other_path import HistoryPaths
from pgassay.facts.round_trip import RoundTrip
from pgassay.facts.sql_run import SqlRun
from pgassay.facts.unavailable import Unavailable

Schema = Catalog | Unavailable | None
Runs = tuple[SqlRun | Unavailable, ...]


@dataclass(frozen=True, slots=True)
class HistoryBuilds:
    """`builds` in the order of the project's histories; `history` and `models` the schemas that
    the main history and the models make, `rules` those for rows that the models carry, None where
    these were not reached. `round_trips` and `other_paths` are of those that build.
    """

    builds: tuple[Build | Unavailable, ...]
    history: Schema
    models: Schema
    rules: ModelRules | None = None
    round_trips: tuple[RoundTrip | Unavailable, ...] = ()
    other_paths: tuple[HistoryPaths | Unavailable, ...] = ()

    def of(self, history: History | None) -> Build | Unavailable | None:
        """A history's build; None for no history."""
        for build in self.builds:
            name = build.history if isinstance(build, Build) else build.needs[len("history ") :]
            if history is not None and name == history.name:
                return build
        return None


@dataclass(frozen=True, slots=True)
class SqlRuns:
    """`systems` are the project's that are for PostgreSQL, in its order; `loose` None where no
    script is there."""

    systems: Runs | Unavailable = ()
    loose: Runs | Unavailable | None = None


@dataclass(frozen=True, slots=True)
class ScratchWork:
    """All runs but the one up to the live database's stamp.

    `lost` says why no history could be executed. `isolation` says how the project's code was kept
    apart, "" where none ran. `server` is the scratch server's (version, origin), empty without one.
    """

    builds: HistoryBuilds
    urls_tried: tuple[UrlTried, ...] = ()
    sql: SqlRuns = SqlRuns()
    lost: Unavailable | None = None
    isolation: str = ""
    server: tuple[str, ...] = ()
