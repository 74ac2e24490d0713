"""The revisions of a money plan, in order, each as the text of its file."""

from __future__ import annotations

import hashlib
import re
import textwrap
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import PurePosixPath

from pgassay.analysis.alike_trigger import AlikeTrigger
from pgassay.analysis.catalog_share import only_those, without_tables
from pgassay.analysis.column_dependents import fired
from pgassay.analysis.money_revisions.beside import (
    Beside,
    expand_code,
    expand_undone_code,
    fill_code,
)
from pgassay.analysis.money_revisions.contract import Leftover, contract, kept_alike, lost
from pgassay.analysis.money_revisions.conversion import Conversion
from pgassay.analysis.money_revisions.in_place import InPlace
from pgassay.analysis.money_revisions.obstacles import obstacle
from pgassay.analysis.publication_tables import publishing
from pgassay.analysis.retyped_catalog import retyped
from pgassay.analysis.revision_code import after_a_commit, in_a_revision
from pgassay.analysis.revision_file import revision_file
from pgassay.analysis.revision_graph import revision_graph
from pgassay.analysis.sql_identifier import qualified, split_signature
from pgassay.facts.catalog import (
    Catalog,
    Column,
    Function,
    Identity,
    SchemaObject,
    TableName,
    Trigger,
)
from pgassay.facts.history import History
from pgassay.facts.money_plan import ColumnPlan, MoneyPlan
from pgassay.facts.money_written import MoneyRevision

_WIDTH = 79


@dataclass(slots=True)
class MoneyRevisions:
    """`made` is the schema that the history makes. `converted` are the columns that the revisions
    convert, `by_hand` those that `script` does, and `undo` takes back: no revision makes their
    tables. `not_written` says why others are not converted."""

    history: History
    live: Catalog
    made: Catalog
    converted: list[ColumnPlan] = field(default_factory=list)
    by_hand: list[ColumnPlan] = field(default_factory=list)
    revisions: list[MoneyRevision] = field(default_factory=list)
    script: list[str] = field(default_factory=list)
    undo: list[str] = field(default_factory=list)
    not_written: list[str] = field(default_factory=list)
    _columns: list[Identity] = field(default_factory=list)
    _tables: list[str] = field(default_factory=list)
    _asides: list[str] = field(default_factory=list)
    _triggers: list[AlikeTrigger] = field(default_factory=list)

    def plan(self, plan: MoneyPlan) -> None:
        facts = {c.identity: c for c in self.live.columns}
        ways: dict[TableName, list[ColumnPlan]] = {}
        for column in plan.columns:
            if column.way == "kept":
                continue
            fact = facts[(*column.profile.table, column.profile.column)]
            if reason := obstacle(fact, column.way, self.live, self.made):
                self.not_written.append(f"{column.profile.subject}: {reason}")
                continue
            is_made = self._is_made(column.profile.table)
            (self.converted if is_made else self.by_hand).append(column)
            ways.setdefault(column.profile.table, []).append(column)
        for table, columns in ways.items():
            catalog = self._in_place(table, [c for c in columns if c.way != "beside"])
            self._beside(table, [c for c in columns if c.way == "beside"], catalog)

    def contract(self, everything: Sequence[Leftover]) -> None:
        gone = {one: why for one in everything if (why := lost(self.live, one))}
        self.not_written += [f"{one.subject}: {why}" for one, why in gone.items()]
        everything = [one for one in everything if one not in gone]
        left = [one for one in everything if self._is_made(one.table)]
        for one in everything:
            if one.column:
                self._columns.append((*one.table, one.column))
                self._triggers.append(kept_alike(self.live, one))
            else:
                self._tables.append(qualified(*one.table))
            if one not in left:
                self.script.append(f"DROP TABLE {qualified(*one.table)}")
        if not left:
            return
        up, down = contract(self.live, left)
        listed = "\n".join(f"- {one.subject}" for one in left)
        notes = (
            "What the conversion left is dropped: its way back ends here. The downgrade makes it "
            "again, but what was rounded stays rounded."
        )
        self._add(
            "money_contract", "Drop what the conversion of money left", notes, listed, up, down
        )

    def after(self, made: Catalog, columns: Iterable[ColumnPlan]) -> Catalog:
        """`made` with the new types of the columns, and without what waits for a contract
        revision."""
        for column in columns:
            place = (*column.profile.table, column.profile.column)
            fact = next(c for c in made.columns if c.identity == place)
            made = retyped(made, fact, Conversion(fact, column.profile.wanted).type)
        return self.without_left(made)

    def without_left(self, catalog: Catalog) -> Catalog:
        """`catalog` without what they leave for a contract revision."""
        tables = {t.table_name for t in catalog.tables if qualified(*t.table_name) in self._tables}
        functions = {trigger.function for trigger in self._triggers}
        parts = {(*trigger.table, trigger.name) for trigger in self._triggers} | {*self._columns}

        def stays(thing: SchemaObject) -> bool:
            if isinstance(thing, Function):
                return qualified(thing.schema, split_signature(thing.name)[0]) not in functions
            return not (isinstance(thing, Column | Trigger) and thing.identity in parts)

        return only_those(without_tables(catalog, tables, "rounded values"), stays)

    def _in_place(self, table: TableName, columns: Sequence[ColumnPlan]) -> Catalog:
        """The schema after it."""
        conversions = [self._conversion(self.live, c) for c in columns]
        catalog = self.live
        if not columns:
            return catalog
        way = InPlace(self.live, table, conversions, self._asides)
        self._asides.append(way.aside_name)
        self._tables += way.leaves
        for one in conversions:
            catalog = retyped(catalog, one.column, one.type)
        if not self._is_made(table):
            self.script += way.upgrade()
            self.undo = [*way.downgrade(), *self.undo]
            return catalog
        notes = (
            "In one transaction, with nobody else at the table: refused where a value is NaN, "
            "infinite or too large, and where the sums, by currency, of the rounded values are not "
            "the same before and after. The table is written anew, so that whoever took a snapshot "
            "before (REPEATABLE READ) and reads it after sees it empty."
        )
        if any(c.rounds for c in columns):
            notes += " The values that are rounded stay as they were in a table beside, "
            notes += (
                "which the downgrade gives back."
                if way.gives_back
                else "but by no key that stays: the downgrade cannot give them back."
            )
        if all(c.way == "widened" for c in columns):
            notes = "Nothing is rewritten: every value stays as it is stored."
        up = in_a_revision(*way.upgrade())
        self._add(
            f"{table[1]}_money",
            f"Money of {'.'.join(table)} gets the policy's type",
            notes,
            _figures(columns),
            after_a_commit(up) if self.revisions else up,
            after_a_commit(in_a_revision(*way.downgrade())),
        )
        return catalog

    def _beside(self, table: TableName, columns: Sequence[ColumnPlan], catalog: Catalog) -> None:
        if not columns:
            return
        name = ".".join(table)
        ways: list[Beside] = []
        for column in columns:
            given = [name for way in ways for name in (way.new_name, way.old_name)]
            ways.append(Beside(catalog, self._conversion(catalog, column), given))
            catalog = ways[-1].after
            self._columns.append((*table, ways[-1].old_name))
            self._triggers.append(ways[-1].backward)
        self._add(
            f"{table[1]}_money_expand",
            f"Money of {name} gets the policy's type: new columns beside",
            "A trigger keeps them alike. What no new type can hold stays NULL there, so that "
            "nobody's writing fails; the swap refuses until that is decided."
            + self._replicated(table, ways),
            _figures(columns),
            expand_code(ways),
            expand_undone_code(ways),
        )
        self._add(
            f"{table[1]}_money_fill",
            f"Money of {name}: the new columns of the rows that are there",
            " ".join(
                [
                    "In batches, each in a transaction of its own; when it is stopped, run it "
                    "again.",
                    *fired(self.live, self._conversion(self.live, columns[0]).column),
                ]
            ),
            "",
            fill_code(table, ways),
            "",
        )
        for column, way in zip(columns, ways, strict=True):
            self._add(
                f"{table[1]}_{column.profile.column}_swap",
                f"{column.profile.subject} becomes {way.type}",
                "Refused where a value is NaN, infinite or too large, where a new value is not the "
                "old one rounded, and where the sums, by currency, are not the same. Keys and "
                "indexes are built while others work; the swap takes a moment. The old column "
                f"stays as {way.old_name}, kept alike, until a contract revision drops it: "
                "pgassay money plan --contract --write. The downgrade brings it back. The new "
                "column stands last: no INSERT or COPY may go by the columns' order; until the "
                "contract, such a one is refused. No model has the old column, so that "
                "autogenerate wants to drop it: leave that to the contract.",
                "",
                way.swap(),
                way.swap_undone(),
            )

    def _replicated(self, table: TableName, ways: Sequence[Beside]) -> str:
        names = publishing(self.live, table)
        if not names:
            return ""
        columns = ", ".join(name for way in ways for name in (way.new_name, way.old_name))
        return (
            f" It is published ({', '.join(names)}): subscribers that lack {columns} stop; make "
            "them there first."
        )

    def _is_made(self, table: TableName) -> bool:
        return any(t.table_name == table for t in self.made.tables)

    def _conversion(self, catalog: Catalog, column: ColumnPlan) -> Conversion:
        place = (*column.profile.table, column.profile.column)
        fact = next(c for c in catalog.columns if c.identity == place)
        return Conversion(fact, column.profile.wanted, column.rounds)

    def _add(self, name: str, summary: str, notes: str, listed: str, up: str, down: str) -> None:
        graph = revision_graph(self.history)
        parent = self.revisions[-1].id if self.revisions else graph.heads[0]
        id_ = hashlib.sha256(f"{parent}{summary}{up}{down}".encode()).hexdigest()[:12]
        slug = re.sub(r"\W+", "_", name).lower()[:40].strip("_")
        folder = PurePosixPath(graph.by_id[graph.heads[0]].location.path).parent
        said = "\n\n".join(filter(None, (textwrap.fill(notes, _WIDTH), listed)))
        text = revision_file(_in_docstring(summary), _in_docstring(said), id_, (parent,), up, down)
        self.revisions.append(MoneyRevision(id_, str(folder / f"{id_}_{slug}.py"), summary, text))


def _figures(columns: Iterable[ColumnPlan]) -> str:
    """What the plan saw, a paragraph a column."""
    said = []
    for column in columns:
        profile = column.profile
        wanted = f"numeric({profile.wanted[0]},{profile.wanted[1]})"
        text = f"{profile.column}: {profile.type} -> {wanted}. "
        changes = [
            f"{c.changed:,} of {c.rows:,} {c.currency or 'values'} together by {c.change}"
            for c in profile.currencies
            if c.changed
        ]
        text += f"When planned, rounded: {'; '.join(changes)}." if changes else "None was rounded."
        said.append(textwrap.fill(text, _WIDTH))
    return "\n".join(said)


def _in_docstring(text: str) -> str:
    return text.replace("\\", "\\\\").replace('"""', "'''")
