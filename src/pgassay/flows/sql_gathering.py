"""What an assay gains by running the SQL of other systems and of scripts."""

from __future__ import annotations

from collections.abc import Callable

from pgassay.analysis.rival_histories import rival_groups
from pgassay.facts.assay import Assay
from pgassay.facts.catalog import Catalog
from pgassay.facts.history import Build
from pgassay.facts.scratch_work import SqlRuns
from pgassay.facts.server import Server
from pgassay.facts.unavailable import Unavailable
from pgassay.flows.scratch_once import ScratchOnce
from pgassay.flows.sql_runs import Ground, run_sql
from pgassay.postgres.scratch import Database

Create = Callable[..., Database]


class MadeDatabases:
    """The scratch databases that were made, by what for."""

    def __init__(self) -> None:
        self.by_purpose: dict[str, Database] = {}

    def remembered(self, create: Create) -> Create:
        """`create`, which is now remembered."""

        def made(purpose: str, **options: str) -> Database:
            self.by_purpose[purpose] = create(purpose, **options)
            return self.by_purpose[purpose]

        return made

    def of_histories(self, assay: Assay) -> dict[str, Database]:
        """Those that a history was built in to its end, by the history's name."""
        built = assay.known_builds
        return {
            history.name: self.by_purpose[purpose]
            for number, history in enumerate(assay.project.histories)
            if (purpose := f"history_{number}") in self.by_purpose
            and history.name in built
            and _is_whole(built[history.name])
        }


def sql_runs(
    assay: Assay,
    scratch: ScratchOnce,
    made: MadeDatabases,
    progress: Callable[[str], None],
    doubt: Callable[[str], None],
) -> SqlRuns:
    """What running the other systems and the scripts shows, on what the assay's builds made."""
    server = scratch.server(assay.server.major if isinstance(assay.server, Server) else None)
    limit = assay.settings.probe.time_limit_s
    if isinstance(server, Unavailable):
        doubt(server.reason)
    return run_sql(assay.project, server, _ground(assay, made), limit, progress, doubt)


def _ground(assay: Assay, made: MadeDatabases) -> Ground:
    built = made.of_histories(assay)
    if assay.main is None:
        return Ground(others=tuple(built.values()))
    groups = rival_groups(assay.project.histories, assay.known_builds)
    contend = {h.name for group in groups for h in group if assay.main in group}
    others = tuple(d for n, d in built.items() if n not in contend | {assay.main.name})
    if (database := built.get(assay.main.name)) is not None:
        return Ground(database, others=others)
    if isinstance(assay.history, Unavailable):
        return Ground(lost=assay.history, others=others)
    lost = Unavailable("SQL scripts", f"{assay.main.name}/ was not built.", "See HIS010.")
    return Ground(lost=lost, others=others)


def _is_whole(build: Build) -> bool:
    return build.failure is None and isinstance(build.catalog, Catalog)
