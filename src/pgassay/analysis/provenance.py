"""Where in the project's files an object of the schema comes from."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from pgassay.analysis.attribution import (
    aspect_statement,
    dropping_statement,
    making_statement,
    object_statement,
)
from pgassay.analysis.revision_graph import revision_graph
from pgassay.analysis.sql_identifier import qualified, split_signature
from pgassay.facts.assay import Assay
from pgassay.facts.catalog import Constraint, Domain, Enum, Index
from pgassay.facts.catalog import Sequence as NumberSequence
from pgassay.facts.comparison import Difference
from pgassay.facts.history import Statement
from pgassay.facts.location import Location
from pgassay.facts.models import Models

_IN_TABLES = {"table", "column", "constraint", "index", "trigger", "rule", "policy"}
_WITH_ARGUMENTS = {"function", "aggregate", "operator", "operator class", "operator family"}


@dataclass(frozen=True, slots=True)
class Origin:
    """The revision of the main history that an object comes from, and the SQL it sent."""

    revision: str
    sql: str
    location: Location | None


def origin(assay: Assay, about: Difference, *, dropped: bool = False) -> Origin | None:
    """The revision that made the object, or `dropped`, the one that drops it.

    Where a property has statements of its own, such as GRANT, the last of these counts. A
    constraint that PostgreSQL named stands in no statement, so its columns stand for it; an owned
    sequence's column for the sequence. The table is the last resort.
    """
    statements = _main_statements(assay)
    name = _own_name(about)
    if dropped:
        table = about.table_name if about.kind in _IN_TABLES else ("", "")
        return _origin(
            assay, dropping_statement(statements, table, name if about.name else about.table)
        )
    names = [n for n in (about.table, name) if n]
    found = aspect_statement(statements, about.property, names)
    if found is None and about.kind not in _IN_TABLES:
        found = object_statement(statements, about.kind, about.schema, name or about.table)
    return _origin(assay, found or _made_with_table(statements, about))


def elsewhere(assay: Assay, about: Difference) -> Origin | None:
    """The revision that makes the object in another history, which the database does not follow;
    `revision` is such as "migrations: 0004_user_timezone"."""
    for history in assay.project.histories:
        if assay.main is not None and history.name == assay.main.name:
            continue
        for revision in history.revisions:
            if about.table and (about.table, about.name) in revision.makes:
                return Origin(f"{history.name}: {revision.id}", "", revision.location)
    return None


def heads(assay: Assay) -> tuple[str, ...]:
    """The revisions that a new one follows."""
    return revision_graph(assay.main).heads if assay.main else ()


def _own_name(about: Difference) -> str:
    if about.kind in _WITH_ARGUMENTS:
        return split_signature(about.name)[0].split(" ")[0]
    return about.name


def _made_with_table(statements: Sequence[Statement], about: Difference) -> Statement | None:
    for _, thing in about.objects:
        if isinstance(thing, NumberSequence) and thing.owned_by:
            schema, table, column = thing.owned_by
            return making_statement(statements, (schema, table), column)
    if not about.table:
        return None
    if not about.name:
        return making_statement(statements, about.table_name)
    names = [about.name]
    for _, part in about.objects:
        if isinstance(part, Constraint | Index):
            names += [part.name, *reversed(part.columns)]
    made = (making_statement(statements, about.table_name, name) for name in names)
    found = next((s for s in made if s is not None), None)
    return found or making_statement(statements, about.table_name)


def _main_statements(assay: Assay) -> Sequence[Statement]:
    build = assay.known_builds.get(assay.main.name) if assay.main else None
    return build.statements if build else ()


def _origin(assay: Assay, statement: Statement | None) -> Origin | None:
    if statement is None or assay.main is None:
        return None
    files = (r.location for r in assay.main.revisions if r.id == statement.revision)
    return Origin(statement.revision, statement.sql, next(files, None))


def model_location(assay: Assay, about: Difference) -> Location | None:
    """Where the models write the column, or else its table; of a type, the first column that has
    it."""
    if not isinstance(assay.models, Models):
        return None
    columns = [about.name]
    for _, part in about.objects:
        if isinstance(part, Constraint | Index) and len(part.columns) == 1:
            columns += part.columns
        elif isinstance(part, NumberSequence) and part.owned_by:
            columns += part.owned_by[2:]
    keys = [(about.schema, about.table, column) for column in (*columns, "")]
    if any(isinstance(part, Enum | Domain) for _, part in about.objects):
        type_ = qualified(about.schema, about.name)
        keys = [
            c.identity
            for c in assay.models.catalog.columns
            if type_ in (c.type.rstrip("[]"), c.base_type.rstrip("[]"))
        ]
    return next((assay.models.locations[k] for k in keys if k in assay.models.locations), None)
