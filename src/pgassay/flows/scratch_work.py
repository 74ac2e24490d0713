"""Executing a project on scratch, or remembering what came of it when nothing has changed."""

from __future__ import annotations

from concurrent.futures import Executor
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from pgassay.analysis.revision_graph import revision_graph
from pgassay.analysis.sql_of_histories import without_sql_of_histories
from pgassay.facts.assay import Assay
from pgassay.facts.catalog import Catalog
from pgassay.facts.history import Build, History
from pgassay.facts.model_rules import ModelRules
from pgassay.facts.pending_run import PendingRun
from pgassay.facts.project import Project
from pgassay.facts.scratch_work import HistoryBuilds, Schema, ScratchWork, SqlRuns
from pgassay.facts.server import Server
from pgassay.facts.settings import DataSettings
from pgassay.facts.unavailable import Unavailable
from pgassay.flows.history_builds import Asked, build_histories, schema_built, try_urls
from pgassay.flows.live import Live
from pgassay.flows.memory import Memory
from pgassay.flows.pending import Beginning
from pgassay.flows.run_witness import RunWitness
from pgassay.flows.scratch_once import ScratchOnce
from pgassay.flows.sql_gathering import MadeDatabases, sql_runs
from pgassay.flows.wanted import Progress, Wanted
from pgassay.flows.workshop import OpenWorkshop, workshop_on
from pgassay.postgres.binaries import NoServerBinaries
from pgassay.sources.builds import build_history
from pgassay.sources.carried_rules import read_carried_rules
from pgassay.sources.history_runs import Workshop
from pgassay.sources.interpreter import find_interpreter
from pgassay.sources.pending_runs import run_pending
from pgassay.sources.run_surroundings import interpreter, server_programs

_ASKED = ("round_trips", "other_paths", "urls_tried")


@dataclass(slots=True)
class Bench:
    """Where one project is executed. The scratch server starts when something has to run.
    `isolation` says how its code was kept apart where only its models were read."""

    wanted: Wanted
    project: Project
    main: History | None
    live: Live
    scratch: ScratchOnce
    memory: Memory
    pool: Executor
    progress: Progress
    isolation: str = field(default="", init=False)
    _inputs: tuple[Any, ...] | None = field(default=None, init=False)

    def work(self) -> ScratchWork:
        """All that is wanted but the build up to the stamp."""
        builds = self.wanted.builds and bool(self.project.histories)
        sql = self.wanted.sql and bool(self.project.systems or self.project.loose)
        if not builds and not sql:
            return ScratchWork(HistoryBuilds((), None, None))
        asked = (*(name in self.wanted.fields for name in _ASKED), sql)
        inputs = self._known(*asked)
        # What the live database has is only made for histories that do not build.
        helped = (*inputs, self.live.catalog)
        found = self.memory.find("work", *inputs) or self.memory.find("helped work", *helped)
        if isinstance(found, ScratchWork):
            self.scratch.recalled = found.server
            return found
        witness = RunWitness()
        made = MadeDatabases()
        work = self._builds(witness, made) if builds else ScratchWork(HistoryBuilds((), None, None))
        if sql:
            work = replace(work, sql=self._sql(work, witness, made))
        shown = self.scratch.shown or {}
        work = replace(work, server=tuple(shown.values()))
        if any(isinstance(build, Build) and build.failure for build in work.builds.builds):
            self.memory.keep("helped work", *helped, result=work, reads=witness.reads)
        else:
            self.memory.keep("work", *inputs, result=work, reads=witness.reads)
        return work

    def carried_rules(self, main: History) -> ModelRules | Unavailable:
        """The rules for rows that the models carry, where these are not built."""
        inputs = self._known(main.name)
        found = self.memory.find("carried rules", *inputs)
        if isinstance(found, ModelRules):
            return found
        self.progress("Reading the rules that the models carry")
        witness = RunWitness()
        opened = self._workshop(witness)
        workshop = opened.workshop
        if not isinstance(workshop, Workshop):
            return workshop or Unavailable("models", "They were not read.")
        self.isolation = opened.isolation
        metadata = self.wanted.settings.models.metadata
        rules = read_carried_rules(workshop, self.project, main, metadata, "rules")
        if isinstance(rules, ModelRules):
            self.memory.keep("carried rules", *inputs, result=rules, reads=witness.reads)
        return rules

    def up_to(self, history: History, revisions: list[str]) -> Schema:
        """The schema that a history makes up to these revisions."""
        inputs = self._known(history.name, *revisions)
        found = self.memory.find("applied", *inputs)
        if isinstance(found, Catalog):
            return found
        self.progress(f"Building {history.name}/ up to {', '.join(revisions)} on scratch")
        witness = RunWitness()
        workshop = self._workshop(witness).workshop
        if not isinstance(workshop, Workshop):
            return workshop
        built = build_history(workshop, self.project, history, "applied", target=revisions)
        schema = schema_built(built.build)
        if isinstance(schema, Catalog):
            self.memory.keep("applied", *inputs, result=schema, reads=witness.reads)
        return schema

    def pending(self, history: History, begins: Beginning) -> PendingRun | Unavailable | None:
        """What a history's revisions do that follow; None where there are none."""
        revisions = revision_graph(history).pending(begins.base)
        if not revisions:
            return None
        inputs = self._known(history.name, begins.since, *begins.base)
        found = self.memory.find("pending", *inputs)
        if isinstance(found, PendingRun):
            return found
        self.progress(f"Running {len(revisions)} pending revisions on scratch")
        witness = RunWitness()
        workshop = self._workshop(witness).workshop
        if not isinstance(workshop, Workshop):
            return workshop
        purpose = f"pending_{self.project.histories.index(history)}"
        run = run_pending(
            workshop, self.project, history, begins.base, revisions, begins.since, purpose
        )
        if isinstance(run, PendingRun):
            self.memory.keep("pending", *inputs, result=run, reads=witness.reads)
        return run

    def _builds(self, witness: RunWitness, made: MadeDatabases) -> ScratchWork:
        self.progress("Starting a scratch server")
        opened = self._workshop(witness)
        models = self.wanted.settings.models
        if not isinstance(opened.workshop, Workshop):
            lost = opened.workshop
            return ScratchWork(HistoryBuilds((), lost, None if models.none else lost), lost=lost)
        workshop = replace(
            opened.workshop, create_database=made.remembered(opened.workshop.create_database)
        )
        asked = Asked(
            models,
            round_trips="round_trips" in self.wanted.fields,
            other_paths="other_paths" in self.wanted.fields,
        )
        builds = build_histories(
            workshop, self.project, self.main, asked, self.live.catalog, self.pool, self.progress
        )
        tried = (
            try_urls(workshop, self.project, builds, self.pool, self.progress)
            if "urls_tried" in self.wanted.fields
            else ()
        )
        return ScratchWork(builds, tried, isolation=opened.isolation)

    def _sql(self, work: ScratchWork, witness: RunWitness, made: MadeDatabases) -> SqlRuns:
        assay = Assay(
            settings=self.wanted.settings,
            project=self.project,
            main=self.main,
            builds=work.lost or work.builds.builds,
            history=work.builds.history,
            server=self.live.server,
        )
        project = without_sql_of_histories(self.project, assay.known_builds.values())
        assay = replace(assay, project=project)
        found = sql_runs(assay, self.scratch, made, self.progress, witness.doubt)
        for runs in (found.systems, found.loose):
            for run in runs if isinstance(runs, tuple) else ():
                if not isinstance(run, Unavailable):
                    witness.opened(Path(self.project.root), run.included)
        return found

    def _workshop(self, witness: RunWitness) -> OpenWorkshop:
        wanted = self.wanted
        opened = workshop_on(
            self.scratch, wanted.root, wanted.settings, wanted.python, self.live.server
        )
        if not isinstance(opened.workshop, Workshop):
            witness.doubt("there is no scratch server or interpreter")
            return opened
        witness.is_apart = opened.is_apart
        read = opened.workshop.read_catalog
        workshop = replace(
            opened.workshop,
            read_catalog=lambda database, table: witness.catalog(read(database, table)),
            heard=witness.child,
        )
        return replace(opened, workshop=workshop)

    def _known(self, *asked: Any) -> tuple[Any, ...]:
        """All that is known before a run and may decide what comes of it."""
        if not self.memory.is_on:
            return ()
        if self._inputs is None:
            wanted = self.wanted
            python = find_interpreter(wanted.root, wanted.python or wanted.settings.project.python)
            major = self.live.server.major if isinstance(self.live.server, Server) else None
            try:
                programs = server_programs(self.scratch.find(major))
            except NoServerBinaries as none:
                programs = (none.reason,)
            self._inputs = (
                interpreter(python) if isinstance(python, str) else python,
                programs,
                # What people accept, and how rows are asked, has nothing to do with what runs show.
                replace(wanted.settings, waivers=(), data=DataSettings()),
                self.project,
                self.main,
                self.scratch.stands_in,
            )
        return (*self._inputs, *asked)
