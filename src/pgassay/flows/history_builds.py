"""Building every history on scratch, and the models, several at a time."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Executor
from dataclasses import dataclass

from pgassay.analysis.revision_graph import revision_graph
from pgassay.facts.catalog import Catalog
from pgassay.facts.entry_point import UrlTried
from pgassay.facts.history import Build, History, Stamp
from pgassay.facts.project import Project
from pgassay.facts.settings import ModelsSettings
from pgassay.facts.unavailable import Unavailable
from pgassay.sources.builds import Workshop, build_history, try_url

_EXAMPLES = (".example", ".sample", ".template", ".dist", ".md")

Schema = Catalog | Unavailable | None


@dataclass(frozen=True, slots=True)
class HistoryBuilds:
    """`builds` in the order of the project's histories; `history` and `models` the schemas that
    the main history and the models make."""

    builds: tuple[Build | Unavailable, ...]
    history: Schema
    models: Schema

    def of(self, history: History | None) -> Build | Unavailable | None:
        """A history's build; None for no history."""
        for build in self.builds:
            name = build.history if isinstance(build, Build) else build.needs[len("history ") :]
            if history is not None and name == history.name:
                return build
        return None


def build_histories(
    workshop: Workshop,
    project: Project,
    main: History | None,
    models: ModelsSettings,
    pool: Executor,
    progress: Callable[[str], None],
) -> HistoryBuilds:
    """Every history up to its heads, and the models through the main history's env.py."""

    def build(number: int, history: History) -> tuple[Build | Unavailable, Schema]:
        progress(f"Building {history.name}/ on scratch")
        return build_history(
            workshop,
            project,
            history,
            f"history_{number}",
            models=history == main and not models.none,
            metadata=models.metadata,
        )

    futures = [pool.submit(build, n, h) for n, h in enumerate(project.histories)]
    results = [f.result() for f in futures]
    made = next((m for _, m in results if m is not None), None)
    builds = HistoryBuilds(tuple(b for b, _ in results), None, made)
    return HistoryBuilds(builds.builds, _schema(builds.of(main)), made)


def try_urls(
    workshop: Workshop,
    project: Project,
    builds: HistoryBuilds,
    pool: Executor,
    progress: Callable[[str], None],
) -> tuple[UrlTried, ...]:
    """Where env.py connects for the entry points that set another variable than the one it took
    when all were set. One whose variables may come from elsewhere too is not tried, nor where the
    variable that env.py took is set in some file: it may come from there."""
    set_somewhere = {
        v.name
        for v in project.url_variables
        if any(not p.path.endswith(_EXAMPLES) for p in v.set_at)
    }
    asked: dict[tuple[str, frozenset[str]], History] = {}
    for entry in project.entry_points:
        history = next((h for h in project.histories if h.name == entry.history), None)
        build = builds.of(history)
        if history is None or not isinstance(build, Build) or entry.open or entry.sets_url:
            continue
        taken = build.url_variable
        if taken and entry.given and taken not in entry.given | set_somewhere:
            asked[history.name, entry.given] = history
    if asked:
        progress("Trying the URL variables that scripts and jobs set")
    futures = [
        pool.submit(try_url, workshop, project, history, variables, f"url_{number}")
        for number, ((_, variables), history) in enumerate(asked.items())
    ]
    return tuple(f.result() for f in futures)


def build_applied(
    workshop: Workshop,
    project: Project,
    main: History | None,
    history: Schema,
    stamps: tuple[Stamp, ...] | Unavailable | None,
    progress: Callable[[str], None],
) -> Schema:
    """The schema that `main` makes up to the live database's stamp, `history` being the one up to
    its heads; built only where revisions are pending."""
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
            "See HIS013 and HIS008.",
        )
    if any(u.computed for u in main.unreadable):
        return Unavailable(
            f"schema of {main.name} at the stamp",
            f"A revision of {main.name}/ computes its id, so what is pending is not known.",
            "See HIS008.",
        )
    if not graph.pending(rows):
        return history
    progress(f"Building {main.name}/ up to {', '.join(rows)} on scratch")
    build, _ = build_history(workshop, project, main, "applied", target=rows)
    return _schema(build)


def _schema(build: Build | Unavailable | None) -> Schema:
    if isinstance(build, Build) and build.failure is not None:
        return Unavailable(
            f"schema of {build.history}",
            f"{build.history}/ cannot be built from scratch (revision {build.failure.revision} "
            "fails), so there is nothing to compare with.",
            "See HIS010 or HIS011.",
        )
    return build.catalog if isinstance(build, Build) else build
