"""Proving on scratch that a consolidated history takes every known database to one schema."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import psycopg

from pgassay.analysis.catalog_share import without_tables
from pgassay.analysis.consolidation.convergence import (
    convergence,
    in_the_way,
    not_of_the_union,
)
from pgassay.analysis.consolidation.live_changes import LiveChanges, live_changes
from pgassay.analysis.consolidation.shared_stamps import shared_stamp
from pgassay.analysis.revision_graph import revision_graph
from pgassay.facts.catalog import Catalog, TableName
from pgassay.facts.consolidation import Consolidation, NewRevision, Plan, SharedStamp, StateProof
from pgassay.facts.history import Build, History, Stamp
from pgassay.facts.project import Project
from pgassay.facts.unavailable import Unavailable
from pgassay.flows.consolidation_states import States, stamp, why
from pgassay.postgres.scratch import Database
from pgassay.probe.launch import children_ended
from pgassay.sources.builds import build_history, build_of, version_table
from pgassay.sources.history_runs import Course, Place, Workshop, run_history
from pgassay.sources.round_trips import round_trip
from pgassay.sources.schema_copy import without_roles
from pgassay.sources.written_rows import rows_missing

UPGRADE = "alembic upgrade head"
STAMP = "alembic stamp --purge head"
_AT_ONCE = 4


@dataclass(slots=True)
class Proving:
    """`states` are of the histories as they are, `written` the consolidated history in `project`, a
    copy. `stamp` is the live database's, where that was read."""

    states: States
    project: Project
    written: History
    stamp: tuple[str, ...] = ()

    @property
    def _plan(self) -> Plan:
        return self.states.plan

    @property
    def _workshop(self) -> Workshop:
        return self.states.workshop

    def prove(self) -> Consolidation:
        """Every proof, or those up to the one without which the others mean nothing."""
        self.states.progress("Building the consolidated history from nothing")
        built = build_history(
            self._workshop, self.project, self.written, self.states.purpose("head")
        )
        head = built.build.catalog if isinstance(built.build, Build) else built.build
        if not isinstance(built.build, Build) or not isinstance(head, Catalog):
            return Consolidation(self._plan, (self._empty(why(built.build)),))
        self.states.table = version_table(built.build)
        proofs = [self._empty(""), *self._union(head), self._trip(built.build, built.database)]
        if any(p.failed for p in proofs):
            return Consolidation(self._plan, tuple(proofs), head=head)
        with ThreadPoolExecutor(_AT_ONCE) as pool, children_ended():
            others = pool.submit(lambda: list(self._of_other()))
            mine = [
                pool.submit(self._of_into, *at, head) for at in self.states.stages(self.states.into)
            ]
            partly = [pool.submit(self._by_hand, *at, head) for at in self.states.partly()]
            waiting, copied = others.result(), self.states.copied()
            script = convergence([*((s.catalog, head) for s in waiting), *self._live(head)])
            converged = [pool.submit(self._converged, state, script, head) for state in waiting]
            proofs += [proof.result() for proof in (*mine, *converged, *partly)]
        proofs += self._rows(built.database, head)
        if copied is not None:
            proofs.append(self._of_live(copied, script, head))
        return Consolidation(
            self._plan,
            tuple(proofs),
            script,
            head,
            not_proven=tuple(self.states.passed_over()),
            on_live=self._changes(head).told,
            shared=tuple(self._shared()),
        )

    def stopped(self, why: str) -> Consolidation:
        """Where a state could not even be made."""
        return Consolidation(self._plan, (StateProof("the proof", "union", (), why),))

    def _empty(self, failed: str) -> StateProof:
        return StateProof("an empty database", "upgrade", (UPGRADE,), failed)

    def _union(self, head: Catalog) -> Iterator[StateProof]:
        """The head holds all that either history makes, but for what was decided."""
        for tree in (self.states.into, self.states.other):
            made = tree.known.catalog
            assert made is not None
            allowed = frozenset((d.subject, d.property) for d in self._plan.decisions)
            lost = not_of_the_union(head, made, allowed, tree.known.assumed)
            yield StateProof(
                f"the new head has all of {tree.history.name}/", "union", (), "; ".join(lost[:5])
            )

    def _rows(self, database: Database | None, head: Catalog) -> Iterator[StateProof]:
        """What either history writes on an empty database is there, where all of it is carried
        over."""
        for tree in (self.states.into, self.states.other):
            made, name = tree.known.catalog, tree.history.name
            is_left = tree is self.states.other and bool(self._plan.rows_left)
            if made is None or database is None or is_left:
                continue
            lost = rows_missing((self.states.ends[name], made), (database, head))
            claim = f"built from nothing, the new head has the rows that {name}/ writes"
            yield StateProof(claim, "union", (), "; ".join(itertools.islice(lost, 5)))

    def _trip(self, build: Build, database: Database | None) -> StateProof:
        self.states.progress("Taking it down and up again")
        assert database is not None
        trip = round_trip(
            self._workshop,
            self.project,
            self.written,
            build,
            database,
            self.states.purpose("trip"),
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
        state = _at(self._plan.into, revision)
        if new := self.states.renamed.get(revision):
            stamp(database, self.states.table, [new])
            commands = (_set_stamp(self.states.table, new), UPGRADE)
            return StateProof(state, "stamp", commands, self._upgraded(database, head))
        return StateProof(state, "upgrade", (UPGRADE,), self._upgraded(database, head))

    def _of_other(self) -> Iterator[_State]:
        for revision, database in self.states.stages(self.states.other):
            state = _at(self._plan.retired, revision)
            yield _State(state, database, self.states.read(database))

    def _shared(self) -> Iterator[SharedStamp]:
        """Which of the two states each id that both have stands for."""
        into, retired = self._plan.into, self._plan.retired
        for revision in revision_graph(self.states.into.history).order:
            mine = self.states.made.get((into, revision))
            theirs = self.states.made.get((retired, revision))
            if mine is not None and theirs is not None:
                rows = (_at(into, revision), _at(retired, revision))
                made = (without_roles(mine), without_roles(theirs))
                yield shared_stamp(revision, rows, made)

    def _by_hand(
        self, revision: NewRevision, database: Database, done: list[str], head: Catalog
    ) -> StateProof:
        failed = _executed(database, done) or self._upgraded(database, head)
        state = f"{self._plan.into}/ at its head, with {revision.id} and before by hand"
        return StateProof(state, "upgrade", (UPGRADE,), failed)

    def _live(self, head: Catalog) -> list[tuple[Catalog, Catalog]]:
        """The live database beside the head, but for owners and rights: those are left alone."""
        live = self.states.live
        return [(without_roles(live), without_roles(head))] if live is not None else []

    def _changes(self, head: Catalog) -> LiveChanges:
        found = (live_changes(*pair, self._plan.into) for pair in self._live(head))
        return next(found, LiveChanges())

    def _of_live(self, database: Database, script: tuple[str, ...], head: Catalog) -> StateProof:
        renamed = self.states.renamed
        rows = [renamed.get(revision, revision) for revision in self.stamp]
        known = {*revision_graph(self.states.into.history).by_id, *renamed.values()}
        failed = "; ".join(self._changes(head).refused[:5]) or _executed(database, script)
        if rows and set(rows) <= known:
            stamp(database, self.states.table, rows)
            commands = (self._plan.script, UPGRADE)
            failed = failed or self._upgraded(database, head)
        else:
            commands = (self._plan.script, STAMP)
            failed = failed or self._same(database, head)
        return StateProof("the live database", "converge", commands, failed)

    def _converged(self, state: _State, script: tuple[str, ...], head: Catalog) -> StateProof:
        failed = _executed(state.database, script) or self._same(state.database, head)
        return StateProof(state.name, "converge", (self._plan.script, STAMP), failed)

    def _upgraded(self, database: Database, head: Catalog) -> str:
        """What keeps the database from the new head; "" where it gets there."""
        outcome = run_history(
            self._workshop, self.project, self.written, Course(), lambda: Place(database)
        )
        if isinstance(outcome, Unavailable):
            return outcome.reason
        build = build_of(self._workshop, self.project, self.written, outcome)
        if isinstance(build, Unavailable) or build.failure is not None:
            return why(build)
        return self._same(database, head)

    def _same(self, database: Database, head: Catalog) -> str:
        found = self._workshop.read_catalog(database, self.states.table)
        if isinstance(found, Unavailable):
            return found.reason
        own = without_tables(found, self.states.bookkeeping, "version table")
        return "; ".join(in_the_way(without_roles(own), without_roles(head))[:5])


@dataclass(frozen=True, slots=True)
class _State:
    name: str
    database: Database
    catalog: Catalog


def _at(history: str, revision: str) -> str:
    return f"{history}/ at {revision}"


def stamped(stamps: Iterable[Stamp]) -> tuple[str, ...]:
    return tuple(revision for stamp in stamps for revision in stamp.revisions or ())


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
