"""Writes the live database: SQL that makes an empty one what the project says it is."""

from __future__ import annotations

from tests.planted.planted_schema import (
    Names,
    Table,
    column_sql,
    columns_sql,
    foreign_key_sql,
    quoted,
    value_sql,
)


def live_sql(schema: str, tables: list[Table], names: Names) -> str:
    """Every table that is on the live side, with its rows."""
    there = [t for t in tables if "live" in t.on]
    by_name = {t.name: t for t in tables}
    lines = [f"CREATE SCHEMA IF NOT EXISTS {quoted(schema)};"]
    for table in there:
        lines += _table(schema, table, names)
    for table in there:
        lines += _rows(schema, table)
        place = f"{quoted(schema)}.{quoted(table.name)}"
        lines += [
            f"ALTER TABLE {place} ADD CONSTRAINT {quoted(names.foreign_key(table, key))} "
            f"{foreign_key_sql(schema, key, by_name[key.target].key.name)};"
            for key in table.foreign_keys
            if "live" in key.on
        ]
        lines += [
            f"ALTER TABLE {place} ADD CONSTRAINT {quoted(names.check(table, check))} "
            f"CHECK ({check.expression}){' NOT VALID' if 'live' in check.not_valid else ''};"
            for check in table.checks
            if "live" in check.on
        ]
    return "\n".join(lines)


def version_sql(schema: str, table: str, rows: list[str]) -> str:
    """Alembic's version table, as it makes it; without the key, which forbids only equal rows."""
    place = f"{quoted(schema)}.{quoted(table)}"
    lines = [f"CREATE TABLE {place} (version_num varchar(32) NOT NULL);"]
    lines += [f"INSERT INTO {place} VALUES ('{row}');" for row in rows]
    return "\n".join(lines)


def _table(schema: str, table: Table, names: Names) -> list[str]:
    columns = table.columns_on_live
    parts = [column_sql(c, "live") for c in columns]
    key = quoted(table.key.name)
    parts.append(f"CONSTRAINT {quoted(names.primary_key(table))} PRIMARY KEY ({key})")
    parts += [
        f"CONSTRAINT {quoted(names.unique(table, u))} UNIQUE ({columns_sql(u.columns)})"
        for u in table.uniques
        if "live" in u.on
    ]
    place = f"{quoted(schema)}.{quoted(table.name)}"
    lines = [f"CREATE TABLE {place} ({', '.join(parts)});"]
    for index in table.indexes:
        if "live" in index.on:
            unique = "UNIQUE " if index.unique else ""
            name = quoted(index.names.get("live", index.name))
            shown = index.columns_on.get("live", index.columns)
            lines.append(f"CREATE {unique}INDEX {name} ON {place} ({columns_sql(shown)});")
    return lines


def _rows(schema: str, table: Table) -> list[str]:
    columns = table.columns_on_live
    kinds = {"uuid": "uuid"}
    lines = []
    for number in range(1, table.rows + 1):
        values = [
            value_sql(kinds.get(c.primary, "integer") if c.primary else c.type_on("live"), number)
            for c in columns
        ]
        place = f"{quoted(schema)}.{quoted(table.name)}"
        named = columns_sql(tuple(c.name for c in columns))
        lines.append(f"INSERT INTO {place} ({named}) VALUES ({', '.join(values)});")
    return [*lines, *_last_number(schema, table)]


def _last_number(schema: str, table: Table) -> list[str]:
    """Moves the key's sequence: the rows came with their numbers, which it does not see."""
    last = table.rows if table.last_number is None else table.last_number
    if table.key.primary == "uuid" or not last:
        return []
    place = f"{quoted(schema)}.{quoted(table.name)}"
    return [f"SELECT setval(pg_get_serial_sequence('{place}', '{table.key.name}'), {last});"]
