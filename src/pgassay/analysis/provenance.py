"""Where in the project's files an object of the schema comes from."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from pgassay.analysis.attribution import dropping_statement, making_statement
from pgassay.analysis.schema_diff import Difference
from pgassay.facts.assay import Assay
from pgassay.facts.catalog import Constraint, Index
from pgassay.facts.history import Statement
from pgassay.facts.location import Location
from pgassay.facts.models import Models


@dataclass(frozen=True, slots=True)
class Origin:
    """The revision of the main history that an object comes from, and the SQL it sent."""

    revision: str
    sql: str
    location: Location | None


def origin(assay: Assay, about: Difference, *, dropped: bool = False) -> Origin | None:
    """The revision that made the object, or `dropped`, the one that drops it.

    A constraint that PostgreSQL named stands in no statement, so its columns stand for it; the
    table is the last resort.
    """
    statements = _main_statements(assay)
    if dropped:
        return _origin(assay, dropping_statement(statements, about.table_name, about.name or None))
    if not about.name:
        return _origin(assay, making_statement(statements, about.table_name))
    names = [about.name]
    for _, part in about.objects:
        if isinstance(part, Constraint | Index):
            names += [part.name, *reversed(part.columns)]
    made = (making_statement(statements, about.table_name, name) for name in names)
    found = next((s for s in made if s is not None), None)
    return _origin(assay, found or making_statement(statements, about.table_name))


def _main_statements(assay: Assay) -> Sequence[Statement]:
    build = assay.known_builds.get(assay.main.name) if assay.main else None
    return build.statements if build else ()


def _origin(assay: Assay, statement: Statement | None) -> Origin | None:
    if statement is None or assay.main is None:
        return None
    files = (r.location for r in assay.main.revisions if r.id == statement.revision)
    return Origin(statement.revision, statement.sql, next(files, None))


def model_location(assay: Assay, about: Difference) -> Location | None:
    """Where the models write the column, or else its table."""
    if not isinstance(assay.models, Models):
        return None
    columns = [about.name]
    for _, part in about.objects:
        if isinstance(part, Constraint | Index) and len(part.columns) == 1:
            columns += part.columns
    keys = [(about.schema, about.table, column) for column in (*columns, "")]
    return next((assay.models.locations[k] for k in keys if k in assay.models.locations), None)
