"""The SQL by which a new revision brings an object over, and takes it back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from pgassay.analysis.consolidation.union import INTO, OTHER
from pgassay.analysis.creation import drop
from pgassay.analysis.drift_repair import if_missing, make_alike
from pgassay.facts.catalog import (
    KINDS,
    Catalog,
    Column,
    Extension,
    Schema,
    SchemaObject,
    Table,
)
from pgassay.facts.comparison import Difference
from pgassay.facts.consolidation import Operation


def adding(thing: SchemaObject, catalog: Catalog) -> Operation:
    """Makes the object as `catalog` has it, where it is not there. Foreign keys of a table are
    operations of their own."""
    around = catalog
    if isinstance(thing, Table):
        keys = (c for c in catalog.constraints if c.kind != "foreign key")
        around = replace(catalog, constraints=tuple(keys))
    up = _statements(if_missing(thing, around))
    # Others may count on it, and it held nothing of this history's before.
    down = () if isinstance(thing, Schema | Extension) else (drop(thing),)
    return Operation(f"{thing.KIND} {thing.subject}", up, down)


def altering(differences: Sequence[Difference], into: Catalog, other: Catalog) -> Operation:
    """Makes a shared object as the other history has it."""
    first = differences[0]
    return Operation(
        f"{first.kind} {first.subject}",
        _statements(make_alike(differences, INTO, OTHER, other)),
        _statements(make_alike(differences, OTHER, INTO, into)),
    )


def stands_on_columns(thing: SchemaObject) -> bool:
    """Whether it is made after columns have their types: a constraint, an index, a view."""
    return KINDS.index(type(thing)) > KINDS.index(Column)


def must_be_filled(thing: SchemaObject) -> bool:
    """Whether rows that are there already have no value for it."""
    return (
        isinstance(thing, Column)
        and thing.not_null
        and thing.default is None
        and not thing.generated
    )


def _statements(written: Sequence[str]) -> tuple[str, ...]:
    """Without comments for people, which are no statements."""
    return tuple(s for s in written if not s.lstrip().startswith("--"))
