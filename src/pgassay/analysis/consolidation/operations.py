"""The SQL by which a new revision brings an object over, and takes it back."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace

from pgassay.analysis.consolidation.precedence import INTO, OTHER
from pgassay.analysis.consolidation.shape_check import shape_check, type_check
from pgassay.analysis.creation import drop
from pgassay.analysis.drift_repair import if_missing, make_alike
from pgassay.facts.catalog import (
    Catalog,
    Column,
    Constraint,
    Extension,
    Identity,
    Schema,
    SchemaObject,
    Table,
)
from pgassay.facts.comparison import Difference
from pgassay.facts.consolidation import Operation


def adding(thing: SchemaObject, catalog: Catalog, *, checked: bool = False) -> Operation:
    """Makes the object as `catalog` has it, where it is not there. Foreign keys of a table are
    operations of their own. `checked`: where it is there in another shape, that is an error."""
    around = catalog
    if isinstance(thing, Schema):
        # What is in it is made by operations of its own.
        around = Catalog(catalog.server_version_num, others=(thing,), role=catalog.role)
    if isinstance(thing, Table):
        keys = (c for c in catalog.constraints if c.kind != "foreign key")
        around = replace(catalog, constraints=tuple(keys))
    up = _statements(if_missing(thing, around))
    if isinstance(thing, Constraint) and not thing.validated:
        up = tuple(s for s in up if " VALIDATE CONSTRAINT " not in s)
    if checked:
        up = (*up, *shape_check(thing, catalog))
    # Others may count on it, and it held nothing of this history's before.
    down = () if isinstance(thing, Schema | Extension) else (drop(thing),)
    return Operation(f"{thing.KIND} {thing.subject}", up, down)


def altering(differences: Sequence[Difference], into: Catalog, other: Catalog) -> Operation:
    """Makes a shared object as the other history has it."""
    first = differences[0]
    return Operation(
        f"{first.kind} {first.subject}",
        (*type_checks(differences), *made_alike(differences, INTO, OTHER, other)),
        made_alike(differences, OTHER, INTO, into),
    )


def made_alike(
    differences: Sequence[Difference], wrong: str, right: str, catalog: Catalog
) -> tuple[str, ...]:
    """What makes an object of side `wrong` as `right` has it, whose catalog that is; it does
    nothing where it is so already."""
    statements = _statements(make_alike(differences, wrong, right, catalog, in_transaction=True))
    return tuple(s.replace(" ADD VALUE '", " ADD VALUE IF NOT EXISTS '") for s in statements)


def type_checks(
    differences: Sequence[Difference], also: Mapping[Identity, Collection[str]] | None = None
) -> tuple[str, ...]:
    """Where the differing object of side INTO becomes that of side OTHER, and is a column that gets
    another type: that it has one of the two, or one of those that `also` gives for it."""
    objects = dict(differences[0].objects)
    old, new = objects.get(INTO), objects.get(OTHER)
    if not isinstance(old, Column) or not isinstance(new, Column) or old.type == new.type:
        return ()
    return (type_check(new, {old.type, *(also or {}).get(new.identity, ())}),)


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
