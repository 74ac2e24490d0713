"""Telling a database's version tables from its own tables."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection
from dataclasses import replace

from pgassay.facts.catalog import (
    Catalog,
    Part,
    SchemaObject,
    SecurityLabel,
    Sequence,
    Statistics,
    TableName,
)


def version_tables(catalog: Catalog) -> tuple[TableName, ...]:
    """Tables of the shape that Alembic makes: the single column version_num, a varchar."""
    columns: dict[TableName, list[str]] = {}
    for column in catalog.columns:
        columns.setdefault(column.table_name, []).append(f"{column.name} {column.type}")
    return tuple(
        sorted(
            name
            for name, own in columns.items()
            if len(own) == 1 and own[0].startswith("version_num character varying")
        )
    )


def without_tables(catalog: Catalog, names: Collection[TableName], reason: str) -> Catalog:
    """`catalog` without these tables and all that hangs on them, the tables counted under
    `reason`."""
    gone = {t.table_name for t in catalog.tables if t.table_name in names}
    if not gone:
        return catalog
    left_out = Counter(dict(catalog.left_out))
    left_out[reason] += len(gone)
    return replace(
        catalog,
        tables=tuple(t for t in catalog.tables if t.table_name not in gone),
        columns=tuple(c for c in catalog.columns if c.table_name not in gone),
        constraints=tuple(c for c in catalog.constraints if c.table_name not in gone),
        indexes=tuple(i for i in catalog.indexes if i.table_name not in gone),
        others=tuple(thing for thing in catalog.others if _table_of(thing) not in gone),
        left_out=tuple(sorted(left_out.items())),
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
