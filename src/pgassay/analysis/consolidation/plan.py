"""The plan: which revisions bring one history over into another, and what else must change."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import PurePosixPath

from pgassay.analysis.build_salvage import MISSING, remedies
from pgassay.analysis.consolidation.known_history import Known, assumed_table
from pgassay.analysis.consolidation.live_hotfixes import live_hotfixes
from pgassay.analysis.consolidation.obstacles import obstacles
from pgassay.analysis.consolidation.operations import (
    adding,
    altering,
    must_be_filled,
)
from pgassay.analysis.consolidation.placement import altering_revision, placed
from pgassay.analysis.consolidation.revision_edits import (
    NotEditable,
    edited,
    with_id,
    with_parent,
)
from pgassay.analysis.consolidation.row_changes import (
    hidden_row_changes,
    reads_rows,
    row_change,
    row_changes,
)
from pgassay.analysis.consolidation.shape_check import shape_check
from pgassay.analysis.consolidation.undone import dropped, renamed
from pgassay.analysis.consolidation.union import Union, union
from pgassay.analysis.revision_graph import RevisionGraph, revision_graph
from pgassay.analysis.sql_identifier import qualified, quoted
from pgassay.analysis.sql_words import words
from pgassay.facts.catalog import Catalog
from pgassay.facts.consolidation import FileEdit, NewRevision, Operation, Plan, Rename
from pgassay.facts.history import Salvage, Statement

_NOT_IN_NAMES = re.compile(r"[^\w.-]|^\.+")


def plan_consolidation(
    into: Known, other: Known, texts: Mapping[str, str], live: Catalog | None = None
) -> Plan:
    """`texts` are the revision files of both, by path. `live`: what nobody wrote down there is
    recorded too."""
    mine, theirs = into.catalog, other.catalog
    refused = obstacles(into, other)
    if refused or mine is None or theirs is None:
        return Plan(into.history.name, other.history.name, refused=tuple(refused))
    refused = renamed(other.statements, other.history.name, mine, into.history.name)
    found = union(mine, theirs, assumed_in_into=into.assumed, assumed_in_other=other.assumed)
    if refused or found.refused:
        refused = [*refused, *found.refused]
        return Plan(into.history.name, other.history.name, both=found.both, refused=tuple(refused))
    decided = (*found.decisions, *dropped(other.statements, mine, theirs))
    found = replace(found, decisions=decided)
    planning = _Planning(into, other, dict(texts))
    try:
        planning.repair()
        planning.rename()
    except NotEditable as error:
        return Plan(into.history.name, other.history.name, refused=(f"{error}.",))
    planning.bring_over(found, mine, theirs)
    for revision in other.history.revisions:
        path = revision.location.path
        if hidden := hidden_row_changes(path, texts.get(path, "")):
            planning.rows_left.append(hidden)
    if live is not None:
        planning.record(live, mine, theirs)
    return planning.plan(found)


@dataclass(slots=True)
class _Planning:
    into: Known
    other: Known
    texts: dict[str, str]
    edits: list[FileEdit] = field(default_factory=list)
    renames: list[Rename] = field(default_factory=list)
    revisions: list[NewRevision] = field(default_factory=list)
    by_hand: list[str] = field(default_factory=list)
    rows_left: list[str] = field(default_factory=list)
    _head: str = ""
    _ids: set[str] = field(default_factory=set)
    _reading: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        self._head = self.graph.heads[0]
        # An id of the other history would let its databases go on from it, past all of this one.
        self._ids = {*self.graph.by_id, *revision_graph(self.other.history).by_id}

    @property
    def graph(self) -> RevisionGraph:
        return revision_graph(self.into.history)

    @property
    def width(self) -> int:
        return self.into.build.version_width

    def repair(self) -> None:
        """Before each revision that needs what its history does not make, one that makes it."""
        salvage, source = self.into.build.salvage, self.other.catalog
        if not isinstance(salvage, Salvage) or source is None:
            return
        known = remedies({self.other.history.name: source})
        for revision in dict.fromkeys(a.revision for a in salvage.assumed):
            assumed = [a.missing for a in salvage.assumed if a.revision == revision]
            parents = self.graph.by_id[revision].parents
            operations = tuple(
                Operation(
                    missing,
                    (
                        *(
                            s.replace("CREATE TABLE ", "CREATE TABLE IF NOT EXISTS ", 1)
                            for s in known[missing + MISSING].statements
                        ),
                        *_types_of(missing, source),
                    ),
                    _drop_table(missing),
                )
                for missing in assumed
            )
            made = self._new(
                f"{revision[: self.width - len('_needs')]}_needs",
                parents,
                f"What {revision} needs",
                f"{self.other.history.name}/, whose objects {revision} counts on",
                operations,
            )
            for parent in parents:
                self._edit(revision, "down_revision", parent, made.id)

    def rename(self) -> None:
        """Ids that the version table cannot hold."""
        for old in [i for i in self.graph.order if len(i) > self.width]:
            new = self._free(old)
            self._edit(old, "revision", old, new)
            for child in self.graph.by_id.values():
                if old in child.parents:
                    self._edit(child.id, "down_revision", old, new)
            self.revisions = [
                _with_parents(r, old, new) if old in r.parents else r for r in self.revisions
            ]
            self.renames.append(Rename(self.into.history.name, old, new))
            self._head = new if self._head == old else self._head

    def _edit(self, revision: str, name: str, old: str, new: str) -> None:
        path = self.graph.by_id[revision].location.path
        change = with_id if name == "revision" else with_parent
        edit = change(path, self.texts[path], old, new, f"{name} {old} becomes {new}")
        self.texts[path] = edited(self.texts[path], [edit])
        self.edits.append(edit)

    def bring_over(self, found: Union, mine: Catalog, theirs: Catalog) -> None:
        """One new revision for each of the other's that adds something, in its order."""
        graph = revision_graph(self.other.history)
        work: dict[str, list[Operation]] = {revision: [] for revision in graph.order}
        standing: dict[str, list[Operation]] = {revision: [] for revision in graph.order}
        last = graph.order[-1]
        for thing, revision in zip(
            found.added, placed(found.added, self.other, theirs), strict=True
        ):
            place = standing if found.stands_on_columns(thing) else work
            place[revision].append(adding(thing, theirs, checked=True))
            if must_be_filled(thing):
                self.by_hand.append(
                    f"{thing.subject} is NOT NULL and has no default: give the rows that are there "
                    "a value before it is added."
                )
        for differences in found.altered:  # what is shared, and must become as the other has it
            first = differences[0]
            operation = altering(differences, mine, theirs)
            if any(d.property == "not_null" for d in differences):
                self.by_hand.append(
                    f"{first.subject} becomes NOT NULL, which rows without a value stop: look "
                    f"whether {qualified(*first.table_name)} has any WHERE {quoted(first.name)} "
                    "IS NULL."
                )
            if operation.up:
                made = altering_revision(first, self.other)
                work[made if made in work else last].append(operation)
        for revision, operations in standing.items():
            work[revision] += operations
        for statement in self.other.statements:
            rows = self._rows(statement)
            if rows is not None and statement.revision in work:
                work[statement.revision].append(rows)
        for revision, operations in work.items():
            if operations:
                written = graph.by_id[revision]
                self._chain(
                    revision,
                    written.summary or revision,
                    f"{self.other.history.name}/, revision {revision}",
                    tuple(operations),
                )

    def record(self, live: Catalog, mine: Catalog, theirs: Catalog) -> None:
        """What only the live database has: hotfixes that nobody wrote down."""
        hotfixes = live_hotfixes(live, mine, theirs)
        if hotfixes:
            self._chain(
                "record_hotfixes",
                "Record what was changed by hand on the live database",
                "the live database, where no revision made it",
                tuple(adding(thing, live, checked=True) for thing in hotfixes),
            )

    def _rows(self, statement: Statement) -> Operation | None:
        """A statement that changes rows, carried over or named."""
        if _is_stamp(statement.sql, self.other):
            return None
        name, mine = self.other.history.name, self.into.catalog
        shared = [t.table_name for t in mine.tables] if mine is not None else []
        operation, said = row_change(
            statement, name, shared, reads_before=statement.revision in self._reading
        )
        if reads_rows(statement):
            self._reading.add(statement.revision)
        self.rows_left += [said] if said else []
        return operation

    def _chain(
        self, wanted: str, summary: str, origin: str, operations: tuple[Operation, ...]
    ) -> None:
        made = self._new(wanted, (self._head,), summary, origin, operations)
        if wanted != made.id and wanted in revision_graph(self.other.history).by_id:
            self.renames.append(Rename(self.other.history.name, wanted, made.id))
        self._head = made.id

    def _new(
        self,
        wanted: str,
        parents: tuple[str, ...],
        summary: str,
        origin: str,
        operations: tuple[Operation, ...],
    ) -> NewRevision:
        id_ = self._free(wanted)
        folder = PurePosixPath(self.graph.by_id[self.graph.order[0]].location.path).parent
        path = str(folder / f"{_NOT_IN_NAMES.sub('_', id_)}.py")
        made = NewRevision(id_, parents, summary, origin, path, operations)
        self.revisions.append(made)
        return made

    def _free(self, wanted: str) -> str:
        """The id, or the like of it, that fits and that no revision of this history has."""
        width = min(self.width, 32)
        candidate, number = wanted[:width], 1
        while candidate in self._ids:
            number += 1
            candidate = f"{wanted[: width - 1 - len(str(number))]}_{number}"
        self._ids.add(candidate)
        return candidate

    def _all_rows(self) -> tuple[str, ...]:
        parts = (self.other, self.into)
        return tuple(
            f"{part.history.name}/ {line}"
            for part in parts
            for line in row_changes(
                [s for s in part.statements if not _is_stamp(s.sql, part)], part.history.name
            )
        )

    def plan(self, found: Union) -> Plan:
        return Plan(
            into=self.into.history.name,
            retired=self.other.history.name,
            revisions=tuple(self.revisions),
            edits=tuple(self.edits),
            renames=tuple(self.renames),
            decisions=found.decisions,
            both=found.both,
            by_hand=tuple(self.by_hand),
            rows_left=tuple(self.rows_left),
            rows=self._all_rows(),
        )


def _with_parents(revision: NewRevision, old: str, new: str) -> NewRevision:
    parents = tuple(new if p == old else p for p in revision.parents)
    return NewRevision(
        revision.id, parents, revision.summary, revision.origin, revision.path, revision.operations
    )


def _types_of(missing: str, source: Catalog) -> tuple[str, ...]:
    """That a table which is there already has columns of these types."""
    named = assumed_table(missing)
    table = next((t for t in source.tables if t.table_name == named), None)
    return shape_check(table, source, types_alone=True) if table is not None else ()


def _drop_table(missing: str) -> tuple[str, ...]:
    table = assumed_table(missing)
    return (f"DROP TABLE {qualified(*table)}",) if table else ()


def _is_stamp(sql: str, part: Known) -> bool:
    return part.build.version_table in words(sql)


def texts_after(plan: Plan, texts: Mapping[str, str]) -> dict[str, str]:
    """The files that the plan changes, by path, as they are afterwards."""
    by_path: dict[str, list[FileEdit]] = {}
    for edit in plan.edits:
        by_path.setdefault(edit.path, []).append(edit)
    return {path: edited(texts[path], edits) for path, edits in by_path.items()}
