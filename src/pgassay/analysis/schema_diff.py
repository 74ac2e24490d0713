"""What differs between the schemas of any number of databases."""

from __future__ import annotations

import builtins
import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal, TypeVar

from pgassay.analysis.alignment import NamedObject, align, definition_of
from pgassay.analysis.casts import same_but_for_casts
from pgassay.analysis.sql_words import mentions
from pgassay.facts.catalog import Catalog, Column, Constraint, Index, Table, TableName

Kind = Literal["table", "column", "constraint", "index"]
Part = Table | Column | Constraint | Index

SomePart = TypeVar("SomePart", bound=Part)

_PLAIN_LABEL = re.compile(r"[^\s,';:](?:[^,';:]*[^\s,';:])?")

PRESENT, ABSENT = "present", "absent"


@dataclass(frozen=True, slots=True)
class Difference:
    """One property of one object, with its value on each side that can have it.

    `name` is "" for a table. `property` is `presence`, with values `present` and `absent`, or such
    as `type`. `values` are in the order the sides were given; a side whose value follows from
    another difference has none. `objects` are the object itself where it is. `also` names what is
    missing with it, such as "index ix_users_email".
    """

    kind: Kind
    schema: str
    table: str
    name: str
    property: str
    values: tuple[tuple[str, str], ...]
    objects: tuple[tuple[str, Part], ...] = ()
    also: tuple[str, ...] = ()

    @builtins.property
    def table_name(self) -> TableName:
        return (self.schema, self.table)

    @builtins.property
    def subject(self) -> str:
        return ".".join(part for part in (self.schema, self.table, self.name) if part)


def compare(
    sides: Mapping[str, Catalog], *, without_defaults: Collection[str] = ()
) -> tuple[Difference, ...]:
    """Every difference, by schema and table; a table's own before its parts'.

    The parts of a table that a side lacks, and the constraints and indexes of a column that it
    lacks, go with the table or column. `without_defaults` are sides whose defaults say nothing,
    such as models, whose defaults are often Python's.
    """
    content = {side: _by_table(catalog) for side, catalog in sides.items()}
    names = sorted({name for tables in content.values() for name in tables})
    found: list[Difference] = []
    for name in names:
        there = {side: tables.get(name) for side, tables in content.items()}
        found += _compare_table(name, there, without_defaults)
    return tuple(found)


@dataclass(slots=True)
class _Content:
    table: Table
    columns: dict[str, Column]
    constraints: list[Constraint]
    indexes: list[Index]

    def parts(self) -> tuple[object, ...]:
        return (self.columns, self.constraints, self.indexes)

    def part_names(self) -> list[str]:
        return [
            *(f"column {name}" for name in self.columns),
            *(f"constraint {constraint.name}" for constraint in self.constraints),
            *(f"index {index.name}" for index in self.indexes),
        ]


def _by_table(catalog: Catalog) -> dict[TableName, _Content]:
    content = {t.table_name: _Content(t, {}, [], []) for t in catalog.tables}
    for column in catalog.columns:
        content[column.table_name].columns[column.name] = column
    for constraint in catalog.constraints:
        content[constraint.table_name].constraints.append(constraint)
    for index in catalog.indexes:
        content[index.table_name].indexes.append(index)
    return content


@dataclass(frozen=True, slots=True)
class _Subject:
    """What is being compared, and between which sides."""

    kind: Kind
    table: TableName
    name: str
    sides: tuple[str, ...]

    def presence(self, objects: Mapping[str, Part], asked: Sequence[str] = ()) -> Difference:
        values = [(s, PRESENT if s in objects else ABSENT) for s in asked or self.sides]
        return self._difference("presence", values, objects)

    def differ(
        self, prop: str, objects: Mapping[str, SomePart], value: Callable[[SomePart], str]
    ) -> Iterator[Difference]:
        values = [(side, value(objects[side])) for side in self.sides if side in objects]
        if len({text for _, text in values}) > 1:
            yield self._difference(prop, values, objects)

    def _difference(
        self, prop: str, values: Sequence[tuple[str, str]], objects: Mapping[str, Part]
    ) -> Difference:
        there = tuple((side, objects[side]) for side in self.sides if side in objects)
        return Difference(self.kind, *self.table, self.name, prop, tuple(values), there)


def _compare_table(
    name: TableName, content: Mapping[str, _Content | None], without_defaults: Collection[str]
) -> Iterator[Difference]:
    there = {side: known for side, known in content.items() if known is not None}
    tables = {side: known.table for side, known in there.items()}
    subject = _Subject("table", name, "", tuple(content))
    if len(there) < len(content):
        parts = {part: None for known in there.values() for part in known.part_names()}
        yield replace(subject.presence(tables), also=tuple(parts))
    yield from subject.differ("partitioned", tables, lambda t: _yes_no(t.partitioned))
    first = next(iter(there.values()))
    # Most tables agree in everything; only the others are worth looking at closely.
    if any(known.parts() != first.parts() for known in there.values()):
        yield from _compare_parts(name, there, without_defaults)


_Missing = dict[str, dict[str, list[str]]]
"""column -> each side that lacks it -> the constraints and indexes that are missing with it"""


def _compare_parts(
    table: TableName, there: Mapping[str, _Content], without_defaults: Collection[str]
) -> Iterator[Difference]:
    sides = tuple(there)
    missing: _Missing = {}
    of_columns: list[Difference] = []
    for name in {name: None for known in there.values() for name in known.columns}:
        subject = _Subject("column", table, name, sides)
        columns = {s: known.columns[name] for s, known in there.items() if name in known.columns}
        if len(columns) < len(sides):
            missing[name] = {side: [] for side in sides if side not in columns}
            of_columns.append(subject.presence(columns))
        of_columns += _unfollowed(_column_properties(subject, columns, without_defaults))
    retyped = [d.name for d in of_columns if d.property == "type"]

    of_others: list[Difference] = []
    for constraint in align({side: known.constraints for side, known in there.items()}):
        subject = _Subject("constraint", table, _first_name(constraint, sides), sides)
        of_others += _named_presence(subject, constraint, missing)
        of_others += _unfollowed(_constraint_properties(subject, constraint), retyped)
    for index in align({side: known.indexes for side, known in there.items()}):
        subject = _Subject("index", table, _first_name(index, sides), sides)
        of_others += _named_presence(subject, index, missing)
        of_others += _unfollowed(_index_properties(subject, index), retyped)

    for found in of_columns:
        if found.property == "presence":
            also = {what: None for parts in missing[found.name].values() for what in parts}
            found = replace(found, also=tuple(also))
        yield found
    yield from of_others


def _unfollowed(found: Iterable[Difference], retyped: Sequence[str] = ()) -> Iterator[Difference]:
    """Without the texts that differ only because PostgreSQL writes a column's type into them;
    `retyped` are the columns whose type differs, a column's own is in `found`."""
    differences = list(found)
    typed = any(d.property == "type" for d in differences)
    for difference in differences:
        texts = [text for _, text in difference.values]
        follows = typed and difference.property == "default"
        if difference.property == "definition":
            parts = [part for _, part in difference.objects if isinstance(part, NamedObject)]
            follows = any(_rests_on(part, column) for part in parts for column in retyped)
        if not follows or not all(same_but_for_casts(texts[0], text) for text in texts[1:]):
            yield difference


def _first_name(cluster: Mapping[str, NamedObject], sides: Sequence[str]) -> str:
    return next(cluster[side].name for side in sides if side in cluster)


def _named_presence(
    subject: _Subject, cluster: Mapping[str, NamedObject], missing: _Missing
) -> Iterator[Difference]:
    """Says where it is absent though its columns are there; adds the rest to `missing`."""
    asked = []
    for side in subject.sides:
        lacking = [column for column, lost in missing.items() if side in lost]
        needed = [c for c in lacking if any(_rests_on(t, c) for t in cluster.values())]
        if side in cluster or not needed:
            asked.append(side)
        else:
            for column in needed:
                missing[column][side].append(f"{subject.kind} {subject.name}")
    if any(side not in cluster for side in asked):
        yield subject.presence(cluster, asked)


def _rests_on(thing: NamedObject, column: str) -> bool:
    return column in thing.columns or mentions(thing.definition, column)


def _column_properties(
    subject: _Subject, columns: Mapping[str, Column], without_defaults: Collection[str]
) -> Iterator[Difference]:
    yield from subject.differ("type", columns, lambda c: c.type)
    # A side that has no domain or no enum there has another type, and that is the difference.
    domains = {s: c for s, c in columns.items() if c.base_type}
    yield from subject.differ("base type", domains, lambda c: c.base_type)
    enums = {s: c for s, c in columns.items() if c.labels}
    yield from subject.differ("labels", enums, lambda c: listed(c.labels))
    yield from subject.differ("not_null", columns, lambda c: _yes_no(c.not_null))
    yield from subject.differ("generated", columns, lambda c: c.generated or "no")
    # A generation expression is the column's definition on every side. Where one side generates
    # and another does not, that is the difference, and the default follows from it.
    computed = all(c.generated in ("stored", "virtual") for c in columns.values())
    kept = {s: c for s, c in columns.items() if computed or s not in without_defaults}
    if len({c.generated for c in kept.values()}) == 1:
        yield from subject.differ("default", kept, lambda c: c.default or "none")


def _constraint_properties(
    subject: _Subject, cluster: Mapping[str, Constraint]
) -> Iterator[Difference]:
    yield from subject.differ("name", cluster, lambda c: c.name)
    yield from subject.differ("definition", cluster, definition_of)
    yield from subject.differ("validated", cluster, lambda c: _yes_no(c.validated))


def _index_properties(subject: _Subject, cluster: Mapping[str, Index]) -> Iterator[Difference]:
    yield from subject.differ("name", cluster, lambda i: i.name)
    yield from subject.differ("definition", cluster, definition_of)
    yield from subject.differ("unique", cluster, lambda i: _yes_no(i.unique))
    yield from subject.differ("valid", cluster, lambda i: _yes_no(i.valid))


def listed(labels: Iterable[str]) -> str:
    """An enum's labels, in quotes where they could be taken for something else."""
    return ", ".join(label if _PLAIN_LABEL.fullmatch(label) else literal(label) for label in labels)


def literal(text: str) -> str:
    """The text as SQL writes it, whatever standard_conforming_strings is."""
    doubled = text.replace("'", "''")
    return "E'" + doubled.replace("\\", "\\\\") + "'" if "\\" in text else f"'{doubled}'"


def _yes_no(value: bool) -> str:
    return "yes" if value else "no"
