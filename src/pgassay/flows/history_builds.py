"""Building every history on scratch, and the models, several at a time."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Executor
from dataclasses import dataclass, replace

from pgassay.analysis.build_salvage import remedies
from pgassay.analysis.ignored_url import given_instead
from pgassay.analysis.revision_graph import revision_graph
from pgassay.facts.catalog import Catalog
from pgassay.facts.entry_point import UrlTried
from pgassay.facts.history import Build, History, Stamp
from pgassay.facts.other_path import HistoryPaths
from pgassay.facts.project import Project
from pgassay.facts.round_trip import RoundTrip
from pgassay.facts.scratch_work import HistoryBuilds, Schema
from pgassay.facts.settings import ModelsSettings
from pgassay.facts.unavailable import Unavailable
from pgassay.sources.builds import Built, build_history
from pgassay.sources.history_runs import Workshop
from pgassay.sources.other_paths import other_paths
from pgassay.sources.round_trips import round_trip
from pgassay.sources.url_trials import try_url

Trip = RoundTrip | Unavailable | None
Paths = HistoryPaths | Unavailable | None

NOT_BUILT = "See HIS010."


@dataclass(frozen=True, slots=True)
class Asked:
    """What to build beside the histories."""

    models: ModelsSettings
    round_trips: bool
    other_paths: bool = False


def build_histories(
    workshop: Workshop,
    project: Project,
    main: History | None,
    asked: Asked,
    live: Schema,
    pool: Executor,
    progress: Callable[[str], None],
) -> HistoryBuilds:
    """Every history up to its heads, and the models through the main history's env.py. What the
    others, the models or `live` have is made for a history that lacks it."""

    def build(number: int, history: History) -> Built:
        progress(f"Building {history.name}/ on scratch")
        return build_history(
            workshop,
            project,
            history,
            f"history_{number}",
            models=history == main and not asked.models.none,
            metadata=asked.models.metadata,
        )

    numbered = list(enumerate(project.histories))
    found = list(pool.map(lambda one: build(*one), numbered))
    models = next((built.models for built in found if built.models is not None), None)
    sources = _sources([built.build for built in found], models, live)

    def look_into(number: int, history: History) -> tuple[Build | Unavailable, Trip, Paths]:
        built = found[number]
        build = _salvaged(workshop, project, history, built, f"salvage_{number}", sources, progress)
        trip: Trip = None
        paths: Paths = None
        if not isinstance(build, Build) or build.failure is not None or built.database is None:
            reason = f"{history.name}/ does not build, so it was not taken down and up again."
            trip = Unavailable(f"round trip of {history.name}", reason, NOT_BUILT)
            reason = f"{history.name}/ does not build, so its conditions were not tried."
            paths = Unavailable(f"other paths of {history.name}", reason, NOT_BUILT)
            return build, trip if asked.round_trips else None, paths if asked.other_paths else None
        if asked.round_trips:
            progress(f"Taking {history.name}/ down and up again")
            trip = round_trip(workshop, project, history, build, built.database, f"trip_{number}")
        if asked.other_paths:
            progress(f"Trying what {history.name}/ asks before it acts")
            paths = other_paths(workshop, project, history, build, f"path_{number}")
        return build, trip, paths

    looked = list(pool.map(lambda one: look_into(*one), numbered))
    rules = next((built.rules for built in found if built.rules is not None), None)
    builds = HistoryBuilds(tuple(build for build, _, _ in looked), None, models, rules)
    return replace(
        builds,
        history=schema_built(builds.of(main)),
        round_trips=tuple(trip for _, trip, _ in looked if trip is not None),
        other_paths=tuple(paths for _, _, paths in looked if paths is not None),
    )


def _sources(builds: list[Build | Unavailable], models: Schema, live: Schema) -> dict[str, Catalog]:
    """Who may know an object that a history lacks, the likeliest first."""
    known = {f"{b.history}/": b.catalog for b in builds if isinstance(b, Build)}
    everyone = {**known, "the models": models, "the live database": live}
    return {name: catalog for name, catalog in everyone.items() if isinstance(catalog, Catalog)}


def _salvaged(
    workshop: Workshop,
    project: Project,
    history: History,
    built: Built,
    purpose: str,
    sources: dict[str, Catalog],
    progress: Callable[[str], None],
) -> Build | Unavailable:
    """A build that failed, with what a second run tells that goes on after failures."""
    build = built.build
    if not isinstance(build, Build) or build.failure is None:
        return build
    progress(f"Looking for what else is wrong in {history.name}/")
    again = build_history(workshop, project, history, purpose, remedies=remedies(sources)).build
    lost = again if isinstance(again, Unavailable) else again.salvage
    if isinstance(again, Build) and again.failure is not None:
        lost = Unavailable(
            f"history {history.name}",
            f"Going on after {build.failure.revision} failed: {again.failure.error}.",
        )
    return replace(build, salvage=lost)


def try_urls(
    workshop: Workshop,
    project: Project,
    builds: HistoryBuilds,
    pool: Executor,
    progress: Callable[[str], None],
) -> tuple[UrlTried, ...]:
    """Where env.py connects for the entry points that set another variable than the one it took
    when all were set."""
    asked: dict[tuple[str, frozenset[str]], History] = {}
    for entry in project.entry_points:
        history = next((h for h in project.histories if h.name == entry.history), None)
        build = builds.of(history)
        if history is not None and isinstance(build, Build):
            variables = given_instead(project, entry, build.url_variable)
            if variables:
                asked[history.name, variables] = history
    if asked:
        progress("Trying the URL variables that scripts and jobs set")
    futures = [
        pool.submit(try_url, workshop, project, history, variables, f"url_{number}")
        for number, ((_, variables), history) in enumerate(asked.items())
    ]
    return tuple(f.result() for f in futures)


def build_applied(
    main: History | None,
    history: Schema,
    stamps: tuple[Stamp, ...] | Unavailable | None,
    build: Callable[[History, list[str]], Schema],
) -> Schema:
    """The schema that `main` makes up to the live database's stamp, `history` being the one up to
    its heads; `build` makes it up to revisions, and is asked only where some are pending."""
    if main is None or stamps is None or isinstance(stamps, Unavailable):
        return stamps if isinstance(stamps, Unavailable) else None
    graph = revision_graph(main)
    rows = [graph.full_id(r) for s in stamps for r in s.revisions or ()]
    if not rows:
        return Catalog(history.server_version_num) if isinstance(history, Catalog) else history
    if any(r not in graph.by_id for r in rows):
        return Unavailable(
            f"schema of {main.name} at the stamp",
            f"The live database is stamped {', '.join(rows)}, which no file of {main.name}/ is "
            "seen to have.",
            "See HIS013, HIS029 and HIS008.",
        )
    if any(u.computed for u in main.unreadable):
        return Unavailable(
            f"schema of {main.name} at the stamp",
            f"A revision of {main.name}/ computes its id, so what is pending is not known.",
            "See HIS008.",
        )
    if not graph.pending(rows):
        return history
    return build(main, rows)


def schema_built(build: Build | Unavailable | None) -> Schema:
    """The schema that a build made, or why there is none."""
    if isinstance(build, Build) and build.failure is not None:
        return Unavailable(
            f"schema of {build.history}",
            f"{build.history}/ cannot be built from scratch (revision {build.failure.revision} "
            "fails), so there is nothing to compare with.",
            "See HIS010 or HIS011.",
        )
    return build.catalog if isinstance(build, Build) else build
