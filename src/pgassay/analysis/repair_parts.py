"""What hangs on an object, and is made after it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import TypeVar

from pgassay.analysis.sql_identifier import qualified
from pgassay.facts.catalog import (
    KINDS,
    Catalog,
    Domain,
    DomainConstraint,
    MaterializedView,
    Part,
    Relation,
    Schema,
    SchemaObject,
    Sequence,
    Statistics,
    Table,
)

Thing = TypeVar("Thing", bound=SchemaObject)


def parts_of(thing: SchemaObject, catalog: Catalog) -> list[SchemaObject]:
    """What hangs on a relation or domain, and is made after it."""
    found = [other for other in catalog.others if _hangs_on(other, thing)]
    if isinstance(thing, Schema):
        inside = [t for t in of_schema(thing, catalog).objects() if not isinstance(t, Schema)]
        # Parts come with their table or domain.
        found = [t for t in inside if not isinstance(t, Part) and not _owned(t)]
        found.sort(key=lambda t: KINDS.index(type(t)))
    if isinstance(thing, MaterializedView):
        found += [i for i in catalog.indexes if i.table_name == thing.table_name]
    return found


def _owned(thing: SchemaObject) -> bool:
    return isinstance(thing, Sequence) and bool(thing.owned_by)


def of_schema(schema: Schema, catalog: Catalog) -> Catalog:
    """What stands in one schema, with it."""

    def inside(things: Iterable[Thing]) -> tuple[Thing, ...]:
        return tuple(t for t in things if t.identity[0] == schema.name)

    return replace(
        catalog,
        tables=inside(catalog.tables),
        columns=inside(catalog.columns),
        constraints=inside(catalog.constraints),
        indexes=inside(catalog.indexes),
        others=inside(catalog.others),
    )


def _hangs_on(part: SchemaObject, thing: SchemaObject) -> bool:
    match part, thing:
        case DomainConstraint(), Domain():
            return part.table_name == (thing.schema, thing.name)
        case DomainConstraint(), _:
            return False
        case Part(), Relation():
            return part.table_name == thing.table_name
        case Statistics(), Table():
            return part.table == qualified(*thing.table_name)
    return False
