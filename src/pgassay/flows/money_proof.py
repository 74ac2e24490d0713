"""Proving on scratch what the revisions of a money conversion do to the schema."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial

import psycopg

from pgassay.analysis.money_revisions.planning import MoneyRevisions
from pgassay.analysis.schema_diff import compare
from pgassay.facts.catalog import Catalog, Identity, Statistics, View
from pgassay.facts.comparison import Difference
from pgassay.facts.history import Build, History
from pgassay.facts.money_written import MoneyProof
from pgassay.facts.project import Project
from pgassay.facts.unavailable import Unavailable
from pgassay.flows.consolidation_states import why
from pgassay.postgres.scratch import Database
from pgassay.sources.builds import build_history, build_of, version_table
from pgassay.sources.history_runs import Course, Place, Workshop, run_history
from pgassay.sources.schema_copy import copy_schema

UP = "the revisions run, and change nothing but the types"
UP_BY_HAND = "the script runs on the live schema, and changes nothing but the types"
DOWN_BY_HAND = "its undo ends in the schema from before"
DOWN = "their downgrade ends in the schema from before"
AGAIN = "and they run again"


class _Failed(Exception):
    pass


@dataclass(frozen=True, slots=True)
class MoneyProving:
    """`project` and `history` are those with the new revisions, `heads` the ends before them. What
    is tried is schema: scratch has no rows."""

    workshop: Workshop
    project: Project
    history: History
    heads: Sequence[str]
    planned: MoneyRevisions

    def prove(self) -> Iterator[MoneyProof]:
        """Up to the one that fails."""
        if self.planned.revisions:
            yield from self._prove_revisions()
        if self.planned.script:
            yield from self._prove_script()

    def _prove_script(self) -> Iterator[MoneyProof]:
        claim = UP_BY_HAND
        try:
            database = self.workshop.create_database("money_by_hand")
            if left := copy_schema(self.planned.live, database):
                raise _Failed(f"the copy of the live schema: {left[0]}")
            before = self._read(None, database)
            self._executed(database, self.planned.script)
            after = self._read(None, database)
            self._same(after, self.planned.after(before, self.planned.by_hand), before)
            yield MoneyProof(UP_BY_HAND)
            if not self.planned.undo:
                return
            claim = DOWN_BY_HAND
            self._executed(database, self.planned.undo)
            self._none(_differences(self._read(None, database), before))
            yield MoneyProof(DOWN_BY_HAND)
        except _Failed as failed:
            yield MoneyProof(claim, str(failed))

    def _executed(self, database: Database, statements: Sequence[str]) -> None:
        with database.connect() as connection:
            for statement in statements:
                try:
                    connection.execute(statement.encode())
                except psycopg.Error as error:
                    raise _Failed(str(error).splitlines()[0]) from error

    def _prove_revisions(self) -> Iterator[MoneyProof]:
        claim = UP
        try:
            built = build_history(
                self.workshop, self.project, self.history, "money", target=list(self.heads)
            )
            build, database = built.build, built.database
            if not isinstance(build, Build) or build.failure is not None or database is None:
                raise _Failed(why(build))
            before = self._read(build, database)
            after = self._run(build, database, Course())
            self._same(after, self.planned.after(before, self.planned.converted), before)
            yield MoneyProof(UP)
            claim = DOWN
            back = self._run(build, database, Course(list(self.heads), "down"))
            self._none(_differences(back, before))
            yield MoneyProof(DOWN)
            claim = AGAIN
            again = self._run(build, database, Course())
            self._none(_differences(again, after))
            yield MoneyProof(AGAIN)
        except _Failed as failed:
            yield MoneyProof(claim, str(failed))

    def _run(self, build: Build, database: Database, course: Course) -> Catalog:
        outcome = run_history(
            self.workshop, self.project, self.history, course, partial(Place, database)
        )
        if isinstance(outcome, Unavailable):
            raise _Failed(outcome.reason)
        went = build_of(self.workshop, self.project, self.history, outcome)
        if not isinstance(went, Build) or went.failure is not None:
            raise _Failed(why(went))
        return self._read(build, database)

    def _read(self, build: Build | None, database: Database) -> Catalog:
        table = version_table(build) if build is not None else ("", "")
        found = self.workshop.read_catalog(database, table)
        if isinstance(found, Unavailable):
            raise _Failed(found.reason)
        return found

    def _same(self, after: Catalog, expected: Catalog, before: Catalog) -> None:
        """Texts of what hangs on a column are written otherwise for its new type, and PostgreSQL
        writes them as it likes: of those that were changed only their presence is compared."""
        old = {(t.KIND, t.identity): t for t in before.objects()}
        retold = {
            (t.KIND, t.identity) for t in expected.objects() if old.get((t.KIND, t.identity)) != t
        }
        self._none(
            [
                d
                for d in _differences(self.planned.without_left(after), expected)
                if not _is_retold(d, retold)
            ]
        )

    def _none(self, differences: Sequence[Difference]) -> None:
        if differences:
            told = "; ".join(
                f"{d.kind} {d.subject}: {d.property} is {' and '.join(v for _, v in d.values)}"
                for d in differences[:5]
            )
            raise _Failed(f"{len(differences)} differences: {told}")


def _is_retold(difference: Difference, retold: set[tuple[str, Identity]]) -> bool:
    if difference.property not in ("definition", "default"):
        return False
    # Statistics list their columns by their place, and a column that takes another's stands last;
    # views are made again from their text.
    return any(
        isinstance(thing, Statistics | View) or (thing.KIND, thing.identity) in retold
        for _, thing in difference.objects
    )


def _differences(found: Catalog, wanted: Catalog) -> list[Difference]:
    """But for the order of the columns: one that is made stands last."""
    differences = compare({"found": found, "wanted": wanted}).differences
    return [d for d in differences if d.property != "column order"]
