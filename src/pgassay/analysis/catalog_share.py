"""A share of a database's schema: some objects and all that hangs on them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection
from dataclasses import replace

from pgassay.facts.catalog import (
    Catalog,
    DomainConstraint,
    Identity,
    Part,
    Relation,
    SchemaObject,
    SecurityLabel,
    Sequence,
    Statistics,
    TableName,
)

Anchor = tuple[str, Identity]
"""What an object is dropped with: (kind, identity) of itself, or of the relation that it is part
of; a relation's kind is "relation"."""


def anchors(catalog: Catalog) -> frozenset[Anchor]:
    """Of all objects."""
    return frozenset(anchor(thing) for thing in catalog.objects())


def anchor(thing: SchemaObject) -> Anchor:
    """Of one object."""
    if isinstance(thing, DomainConstraint):
        return ("domain", (thing.schema, "", thing.table))
    name = _table_of(thing)
    if name is None and isinstance(thing, Relation):
        name = thing.table_name
    return (thing.KIND, thing.identity) if name is None else table_anchor(name)


def table_anchor(name: TableName) -> Anchor:
    """Of a table or view, and all its parts."""
    return ("relation", (*name, ""))


def only(catalog: Catalog, share: Collection[Anchor]) -> Catalog:
    """`catalog` with nothing but these and what hangs on them."""
    return only_those(catalog, lambda thing: anchor(thing) in share)


def without(catalog: Catalog, share: Collection[Anchor], reason: str) -> Catalog:
    """`catalog` without these and all that hangs on them, the tables counted under `reason`."""
    left = only_those(catalog, lambda thing: anchor(thing) not in share)
    gone = len(catalog.tables) - len(left.tables)
    counts = Counter(dict(catalog.left_out)) + Counter({reason: gone})
    return replace(left, left_out=tuple(sorted(counts.items())))


def without_tables(catalog: Catalog, names: Collection[TableName], reason: str) -> Catalog:
    """`catalog` without these tables, as `without`."""
    return without(catalog, {table_anchor(name) for name in names}, reason)


def only_those(catalog: Catalog, wanted: Callable[[SchemaObject], bool]) -> Catalog:
    """`catalog` with the objects that are wanted."""
    return replace(
        catalog,
        tables=tuple(filter(wanted, catalog.tables)),
        columns=tuple(filter(wanted, catalog.columns)),
        constraints=tuple(filter(wanted, catalog.constraints)),
        indexes=tuple(filter(wanted, catalog.indexes)),
        others=tuple(filter(wanted, catalog.others)),
    )


def _table_of(thing: SchemaObject) -> TableName | None:
    """The table that an object goes with when that is dropped; None for what stays."""
    if isinstance(thing, Part):
        return thing.table_name
    if isinstance(thing, Sequence) and thing.owned_by:
        return (thing.owned_by[0], thing.owned_by[1])
    if isinstance(thing, Statistics):
        schema, dot, table = thing.table.rpartition(".")
        return (schema if dot else thing.schema, table)
    if isinstance(thing, SecurityLabel):
        # Such as `anon on column public.users.email`.
        of_what, _, named = thing.name.partition(" on ")[2].partition(" ")
        parts = named.split(".")
        if of_what in ("table", "column") and len(parts) > 1:
            return (parts[0], parts[1])
    return None
