"""Scratch databases in the states that a database may be in before a consolidation."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import partial

from psycopg import sql

from pgassay.analysis.build_salvage import remedies
from pgassay.analysis.consolidation.known_history import Known
from pgassay.analysis.revision_graph import revision_graph
from pgassay.facts.catalog import Catalog, TableName
from pgassay.facts.consolidation import NewRevision, Plan
from pgassay.facts.history import Build, History
from pgassay.facts.project import Project
from pgassay.facts.unavailable import Unavailable
from pgassay.postgres.scratch import Database
from pgassay.sources.builds import build_of, version_table
from pgassay.sources.history_runs import Course, Place, Workshop, run_history
from pgassay.sources.schema_copy import copy_schema

_NUMBERS = itertools.count(1)
_MOST_STATES = 40
"""Of each history: a state takes a second or two."""


@dataclass(frozen=True, slots=True)
class Tree:
    """A history as it stands in a project's files, with what executing it showed."""

    project: Project
    known: Known

    @property
    def history(self) -> History:
        return self.known.history


class StageFailed(Exception):
    """A state that is to be proven could not be made on scratch."""


@dataclass(slots=True)
class States:
    """`into` and `other` as they are before the consolidation; `live` where the live database was
    read. `every_state`: of a long history too. `table` is the version table."""

    workshop: Workshop
    plan: Plan
    into: Tree
    other: Tree
    progress: Callable[[str], None]
    live: Catalog | None = None
    every_state: bool = False
    table: TableName = ("public", "alembic_version")
    ends: dict[str, Database] = field(default_factory=dict)
    """By the name of a history, once `stages` are over: the database at its head."""
    made: dict[tuple[str, str], Catalog] = field(default_factory=dict)
    """By history and revision, of the ids that both have: the schema there."""

    @property
    def bookkeeping(self) -> frozenset[TableName]:
        """The retired history's version table, which stays where it is."""
        return frozenset({version_table(self.other.known.build)})

    @property
    def shared(self) -> frozenset[str]:
        """The ids that both histories have, where both stamp one table."""
        if version_table(self.into.known.build) != version_table(self.other.known.build):
            return frozenset()
        ids = [{r.id for r in tree.history.revisions} for tree in (self.into, self.other)]
        return frozenset(ids[0] & ids[1])

    @property
    def renamed(self) -> dict[str, str]:
        """The new ids of the history that stays, by the old ones."""
        return {r.old: r.new for r in self.plan.renames if r.history == self.plan.into}

    def purpose(self, of: str) -> str:
        return f"consolidated_{of}_{next(_NUMBERS)}"

    def stages(self, tree: Tree) -> Iterator[tuple[str, Database]]:
        """A database at each revision, one after the other; each is a copy of its own."""
        source = self.other if tree is self.into else self.into
        known = {f"{source.history.name}/": c for c in [source.known.catalog] if c is not None}
        before = self.workshop.create_database(self.purpose("stage"))
        for revision in self._chosen(tree):
            self.progress(f"Proving {tree.history.name}/ at {revision}")
            here = self.workshop.create_database(self.purpose("stage"), template=before.name)
            course = Course(target=[revision], remedies=remedies(known))
            outcome = run_history(
                self.workshop, tree.project, tree.history, course, partial(Place, here)
            )
            if isinstance(outcome, Unavailable):
                raise StageFailed(f"{tree.history.name}/ at {revision}: {outcome.reason}")
            build = build_of(self.workshop, tree.project, tree.history, outcome)
            if not isinstance(build, Build) or build.failure is not None:
                raise StageFailed(f"{tree.history.name}/ at {revision}: {why(build)}")
            if revision in self.shared:
                self.made[tree.history.name, revision] = self.read(here)
            yield (
                revision,
                self.workshop.create_database(self.purpose("proof"), template=here.name),
            )
            before = here
        self.ends[tree.history.name] = before

    def _chosen(self, tree: Tree) -> list[str]:
        """The revisions at which databases are tried; of the ids that both have, those of either,
        since such a stamp may mean the other's."""
        other = self.other if tree is self.into else self.into
        chosen = {*self._spread(tree), *(self.shared & set(self._spread(other)))}
        return [revision for revision in revision_graph(tree.history).order if revision in chosen]

    def _spread(self, tree: Tree) -> list[str]:
        """All, or of a long history as many as may be, the first and the newest among them."""
        order = list(revision_graph(tree.history).order)
        if self.every_state or len(order) <= _MOST_STATES:
            return order
        half = _MOST_STATES // 2
        older = order[:-half]
        spread = {older[place * (len(older) - 1) // (half - 1)] for place in range(half)}
        return [revision for revision in order if revision in spread or revision in order[-half:]]

    def passed_over(self) -> Iterator[str]:
        if self.plan.rows_left:
            yield (
                f"{len(self.plan.rows_left)} changes of rows of {self.plan.retired}/ "
                "are not carried over"
            )
        if self.plan.rows:
            yield (
                "the rows of databases that converge.sql takes along: it changes none, see the "
                f"{len(self.plan.rows)} statements under Rows"
            )
        if self.live is None:
            yield (
                "the live database, since none was named (run it again with --database-url before "
                "anything is run there)"
            )
        for tree in (self.into, self.other):
            left = len(revision_graph(tree.history).order) - len(self._chosen(tree))
            if left:
                yield (
                    f"a database at one of {left} other revisions of {tree.history.name}/ "
                    "(--every-state proves them too)"
                )

    def partly(self) -> Iterator[tuple[NewRevision, Database, list[str]]]:
        """The history that stays at its head, and the first of the other's parts by hand."""
        end = self.ends[self.plan.into]
        last = revision_graph(self.into.history).heads[0]
        if new := self.renamed.get(last):
            stamp(end, self.table, [new])
        done: list[str] = []
        brought = [
            r
            for r in self.plan.revisions
            if r.origin.startswith(f"{self.plan.retired}/, revision ")
        ]
        for revision in brought:
            database = self.workshop.create_database(self.purpose("partly"), template=end.name)
            done += [s for o in revision.operations if not o.data for s in o.up]
            yield revision, database, list(done)

    def copied(self) -> Database | None:
        """The live schema's copy; None without a live database."""
        if self.live is None:
            return None
        self.progress("Copying the live schema")
        database = self.workshop.create_database(self.purpose("live"))
        left = copy_schema(self.live, database)
        if left:
            raise StageFailed(f"the live schema's copy: {left[0]}")
        return database

    def read(self, database: Database) -> Catalog:
        found = self.workshop.read_catalog(database, self.table)
        if isinstance(found, Unavailable):
            raise StageFailed(found.reason)
        return found


def why(build: Build | Unavailable) -> str:
    if isinstance(build, Unavailable):
        return build.reason
    failure = build.failure
    return f"{failure.revision}: {failure.error}" if failure else "its schema could not be read"


def stamp(database: Database, table: TableName, revisions: list[str]) -> None:
    name = sql.Identifier(*table)
    with database.connect() as connection:
        connection.execute(
            sql.SQL("CREATE TABLE IF NOT EXISTS {} (version_num varchar(32) PRIMARY KEY)").format(
                name
            )
        )
        connection.execute(sql.SQL("DELETE FROM {}").format(name))
        for revision in revisions:
            connection.execute(sql.SQL("INSERT INTO {} VALUES (%s)").format(name), [revision])
