"""Telling a database's version tables from its own tables."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection
from dataclasses import replace

from pgassay.facts.catalog import Catalog, TableName


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
    """`catalog` without these tables, counted under `reason`."""
    gone = sum(t.table_name in names for t in catalog.tables)
    if not gone:
        return catalog
    left_out = Counter(dict(catalog.left_out))
    left_out[reason] += gone
    return replace(
        catalog,
        tables=tuple(t for t in catalog.tables if t.table_name not in names),
        columns=tuple(c for c in catalog.columns if c.table_name not in names),
        constraints=tuple(c for c in catalog.constraints if c.table_name not in names),
        indexes=tuple(i for i in catalog.indexes if i.table_name not in names),
        left_out=tuple(sorted(left_out.items())),
    )
