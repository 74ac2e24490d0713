"""Proving on scratch that a consolidated history takes every known database to one schema."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import partial

import psycopg
from psycopg import sql

from pgassay.analysis.build_salvage import remedies
from pgassay.analysis.consolidation.convergence import (
    convergence,
    in_the_way,
    not_of_the_union,
)
from pgassay.analysis.consolidation.known_history import Known
from pgassay.analysis.consolidation.row_changes import all_carried
from pgassay.analysis.revision_graph import revision_graph
from pgassay.facts.catalog import Catalog, TableName
from pgassay.facts.consolidation import Consolidation, NewRevision, Plan, StateProof
from pgassay.facts.history import Build, History, Stamp
from pgassay.facts.project import Project
from pgassay.facts.unavailable import Unavailable
from pgassay.postgres.scratch import Database
from pgassay.probe.launch import children_ended
from pgassay.sources.builds import build_history, build_of, version_table
from pgassay.sources.history_runs import Course, Place, Workshop, run_history
from pgassay.sources.round_trips import round_trip
from pgassay.sources.schema_copy import copy_schema, without_roles
from pgassay.sources.written_rows import rows_missing

UPGRADE = "alembic upgrade head"
STAMP = "alembic stamp --purge head"
SCRIPT = "psql -X -1 -v ON_ERROR_STOP=1 -f converge.sql"
_NUMBERS = itertools.count(1)
_AT_ONCE = 4
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


@dataclass(slots=True)
class Proving:
    """`into` and `other` as they are, `written` the consolidated history in a copy of the project.
    `live` and its `stamp` where the live database was read. `every_state`: of a long history too.
    """

    workshop: Workshop
    plan: Plan
    into: Tree
    other: Tree
    project: Project
    written: History
    progress: Callable[[str], None]
    live: Catalog | None = None
    stamp: tuple[str, ...] = ()
    every_state: bool = False
    table: TableName = ("public", "alembic_version")
    _states: list[Catalog] = field(default_factory=list)
    _ends: dict[str, Database] = field(default_factory=dict)

    def prove(self) -> Consolidation:
        """Every proof, or those up to the one without which the others mean nothing."""
        self.progress("Building the consolidated history from nothing")
        built = build_history(self.workshop, self.project, self.written, self._purpose("head"))
        head = built.build.catalog if isinstance(built.build, Build) else built.build
        if not isinstance(built.build, Build) or not isinstance(head, Catalog):
            return Consolidation(self.plan, (self._empty(_why(built.build)),))
        self.table = version_table(built.build)
        proofs = [self._empty(""), *self._union(head), self._trip(built.build, built.database)]
        if any(p.failed for p in proofs):
            return Consolidation(self.plan, tuple(proofs), head=head)
        with ThreadPoolExecutor(_AT_ONCE) as pool, children_ended():
            others = pool.submit(lambda: list(self._of_other()))
            mine = [pool.submit(self._of_into, *at, head) for at in self._stages(self.into)]
            partly = [pool.submit(self._by_hand, *at, head) for at in self._partly()]
            waiting, copied = others.result(), self._copied()
            script = convergence([*(s.catalog for s in waiting), *self._states], head)
            converged = [pool.submit(self._converged, state, script, head) for state in waiting]
            proofs += [proof.result() for proof in (*mine, *converged, *partly)]
        proofs += self._rows(built.database, head)
        if copied is not None:
            proofs.append(self._of_live(copied, script, head))
        return Consolidation(
            self.plan, tuple(proofs), script, head, not_proven=tuple(self._passed_over())
        )

    def stopped(self, why: str) -> Consolidation:
        """Where a state could not even be made."""
        return Consolidation(self.plan, (StateProof("the proof", "union", (), why),))

    @property
    def _renamed(self) -> dict[str, str]:
        """The new ids of the history that stays, by the old ones."""
        return {r.old: r.new for r in self.plan.renames if r.history == self.plan.into}

    def _purpose(self, of: str) -> str:
        return f"consolidated_{of}_{next(_NUMBERS)}"

    def _empty(self, failed: str) -> StateProof:
        return StateProof("an empty database", "upgrade", (UPGRADE,), failed)

    def _union(self, head: Catalog) -> Iterator[StateProof]:
        """The head holds all that either history makes, but for what was decided."""
        for tree in (self.into, self.other):
            made = tree.known.catalog
            assert made is not None
            allowed = frozenset((d.subject, d.property) for d in self.plan.decisions)
            lost = not_of_the_union(head, made, allowed, tree.known.assumed)
            yield StateProof(
                f"the new head has all of {tree.history.name}/", "union", (), "; ".join(lost[:5])
            )

    def _rows(self, database: Database | None, head: Catalog) -> Iterator[StateProof]:
        """What either history writes into tables is there. Where statements could not be carried
        over, nothing is known of it."""
        for tree in (self.into, self.other):
            made, name = tree.known.catalog, tree.history.name
            if made is None or database is None or not all_carried(tree.known.statements, name):
                continue
            lost = rows_missing((self._ends[name], made), (database, head))
            claim = f"the new head has the rows that {name}/ writes"
            yield StateProof(claim, "union", (), "; ".join(itertools.islice(lost, 5)))

    def _trip(self, build: Build, database: Database | None) -> StateProof:
        self.progress("Taking it down and up again")
        assert database is not None
        trip = round_trip(
            self.workshop, self.project, self.written, build, database, self._purpose("trip")
        )
        failed = ""
        if isinstance(trip, Unavailable):
            failed = trip.reason
        elif trip.failure is not None:
            failed = f"{trip.failed_on}: {trip.failure.revision}: {trip.failure.error}"
        elif trip.changed:
            failed = f"{len(trip.changed)} objects differ, {trip.changed[0].difference.subject}"
        return StateProof("down to base and up again", "round trip", (), failed)

    def _of_into(self, revision: str, database: Database, head: Catalog) -> StateProof:
        """A database at a revision of the history that stays."""
        state = f"{self.plan.into}/ at {revision}"
        if new := self._renamed.get(revision):
            _stamp(database, self.table, [new])
            commands = (_set_stamp(self.table, new), UPGRADE)
            return StateProof(state, "stamp", commands, self._upgraded(database, head))
        return StateProof(state, "upgrade", (UPGRADE,), self._upgraded(database, head))

    def _of_other(self) -> Iterator[_State]:
        for revision, database in self._stages(self.other):
            yield _State(f"{self.plan.retired}/ at {revision}", database, self._read(database))

    def _stages(self, tree: Tree) -> Iterator[tuple[str, Database]]:
        """A database at each revision, one after the other; each is a copy of its own."""
        source = self.other if tree is self.into else self.into
        known = {f"{source.history.name}/": c for c in [source.known.catalog] if c is not None}
        before = self.workshop.create_database(self._purpose("stage"))
        for revision in self._chosen(tree):
            self.progress(f"Proving {tree.history.name}/ at {revision}")
            here = self.workshop.create_database(self._purpose("stage"), template=before.name)
            course = Course(target=[revision], remedies=remedies(known))
            outcome = run_history(
                self.workshop, tree.project, tree.history, course, partial(Place, here)
            )
            if isinstance(outcome, Unavailable):
                raise StageFailed(f"{tree.history.name}/ at {revision}: {outcome.reason}")
            build = build_of(self.workshop, tree.project, tree.history, outcome)
            if not isinstance(build, Build) or build.failure is not None:
                raise StageFailed(f"{tree.history.name}/ at {revision}: {_why(build)}")
            yield (
                revision,
                self.workshop.create_database(self._purpose("proof"), template=here.name),
            )
            before = here
        self._ends[tree.history.name] = before

    def _chosen(self, tree: Tree) -> list[str]:
        """The revisions at which databases are tried: all, or of a long history as many as may be,
        the first and the newest among them."""
        order = list(revision_graph(tree.history).order)
        if self.every_state or len(order) <= _MOST_STATES:
            return order
        half = _MOST_STATES // 2
        older = order[:-half]
        spread = {older[place * (len(older) - 1) // (half - 1)] for place in range(half)}
        return [revision for revision in order if revision in spread or revision in order[-half:]]

    def _passed_over(self) -> Iterator[str]:
        for tree in (self.into, self.other):
            if not all_carried(tree.known.statements, tree.history.name):
                yield f"the rows that {tree.history.name}/ writes, some of them by code"
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

    def _partly(self) -> Iterator[tuple[NewRevision, Database, list[str]]]:
        """The history that stays at its head, and the first of the other's parts by hand."""
        end = self._ends[self.plan.into]
        last = revision_graph(self.into.history).heads[0]
        if new := self._renamed.get(last):
            _stamp(end, self.table, [new])
        done: list[str] = []
        brought = [
            r
            for r in self.plan.revisions
            if r.origin.startswith(f"{self.plan.retired}/, revision ")
        ]
        for revision in brought:
            database = self.workshop.create_database(self._purpose("partly"), template=end.name)
            done += [s for o in revision.operations if not o.data for s in o.up]
            yield revision, database, list(done)

    def _by_hand(
        self, revision: NewRevision, database: Database, done: list[str], head: Catalog
    ) -> StateProof:
        failed = _executed(database, done) or self._upgraded(database, head)
        state = f"{self.plan.into}/ at its head, with {revision.id} and before by hand"
        return StateProof(state, "upgrade", (UPGRADE,), failed)

    def _copied(self) -> Database | None:
        """The live schema's copy; its state is one of those that the script takes along."""
        if self.live is None:
            return None
        self.progress("Copying the live schema")
        database = self.workshop.create_database(self._purpose("live"))
        left = copy_schema(self.live, database)
        if left:
            raise StageFailed(f"the live schema's copy: {left[0]}")
        self._states.append(self._read(database))
        return database

    def _read(self, database: Database) -> Catalog:
        found = self.workshop.read_catalog(database, self.table)
        if isinstance(found, Unavailable):
            raise StageFailed(found.reason)
        return found

    def _of_live(self, database: Database, script: tuple[str, ...], head: Catalog) -> StateProof:
        stamp = [self._renamed.get(revision, revision) for revision in self.stamp]
        known = set(revision_graph(self.into.history).by_id) | set(self._renamed.values())
        failed = _executed(database, script)
        if stamp and set(stamp) <= known:
            _stamp(database, self.table, stamp)
            commands = (SCRIPT, UPGRADE)
            failed = failed or self._upgraded(database, head)
        else:
            commands = (SCRIPT, STAMP)
            failed = failed or self._same(database, head)
        return StateProof("the live database", "converge", commands, failed)

    def _converged(self, state: _State, script: tuple[str, ...], head: Catalog) -> StateProof:
        failed = _executed(state.database, script) or self._same(state.database, head)
        return StateProof(state.name, "converge", (SCRIPT, STAMP), failed)

    def _upgraded(self, database: Database, head: Catalog) -> str:
        """What keeps the database from the new head; "" where it gets there."""
        outcome = run_history(
            self.workshop, self.project, self.written, Course(), lambda: Place(database)
        )
        if isinstance(outcome, Unavailable):
            return outcome.reason
        build = build_of(self.workshop, self.project, self.written, outcome)
        if isinstance(build, Unavailable) or build.failure is not None:
            return _why(build)
        return self._same(database, head)

    def _same(self, database: Database, head: Catalog) -> str:
        found = self.workshop.read_catalog(database, self.table)
        if isinstance(found, Unavailable):
            return found.reason
        return "; ".join(in_the_way(without_roles(found), without_roles(head))[:5])


class StageFailed(Exception):
    """A state that is to be proven could not be made on scratch."""


@dataclass(frozen=True, slots=True)
class _State:
    name: str
    database: Database
    catalog: Catalog


def stamped(stamps: Iterable[Stamp]) -> tuple[str, ...]:
    return tuple(revision for stamp in stamps for revision in stamp.revisions or ())


def _why(build: Build | Unavailable) -> str:
    if isinstance(build, Unavailable):
        return build.reason
    failure = build.failure
    return f"{failure.revision}: {failure.error}" if failure else "its schema could not be read"


def _executed(database: Database, statements: Iterable[str]) -> str:
    """In one transaction, as `psql -1` does. What failed, "" where nothing did."""
    with database.connect() as connection:
        for statement in statements:
            try:
                connection.execute(statement.encode())
            except psycopg.Error as error:
                return f"{str(error).splitlines()[0]} in `{' '.join(statement.split())[:100]}`"
    return ""


def _set_stamp(table: TableName, revision: str) -> str:
    return f"UPDATE {'.'.join(table)} SET version_num = '{revision}'"  # noqa: S608


def _stamp(database: Database, table: TableName, revisions: list[str]) -> None:
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
