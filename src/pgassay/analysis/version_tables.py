"""Telling a database's version tables from its own tables."""

from __future__ import annotations

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
