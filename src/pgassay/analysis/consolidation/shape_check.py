"""SQL that ends a revision where what it found there already has another shape."""

from __future__ import annotations

from pgassay.analysis.sql_identifier import literal, qualified
from pgassay.facts.catalog import Catalog, Column, SchemaObject, Table


def shape_check(thing: SchemaObject, catalog: Catalog) -> tuple[str, ...]:
    """For a table or column that is only made where it is missing: its columns have the type that
    `catalog` gives them, and may hold NULL only as there. () for other objects."""
    match thing:
        case Table():
            columns = [c for c in catalog.columns if c.table_name == thing.table_name]
        case Column():
            columns = [thing]
        case _:
            return ()
    if not columns:
        return ()
    table = columns[0].table_name
    wanted = ",\n      ".join(
        f"({literal(c.name)}, {literal(_plain(c.type))}, {str(c.not_null).lower()})"
        for c in columns
    )
    problem = literal(
        f"{'.'.join(table)} is there already, in another shape. See CONSOLIDATION.md."
    )
    return (
        "DO $$\nBEGIN\n"  # noqa: S608
        "  IF EXISTS (\n"
        "    SELECT FROM (VALUES\n"
        f"      {wanted}\n"
        "    ) AS wanted (name, type, required)\n"
        "    WHERE NOT EXISTS (\n"
        "      SELECT FROM pg_catalog.pg_attribute a\n"
        f"      WHERE a.attrelid = {literal(qualified(*table))}::pg_catalog.regclass\n"
        "        AND a.attname = wanted.name AND a.attnotnull = wanted.required\n"
        "        AND pg_catalog.regexp_replace(\n"
        "          pg_catalog.format_type(a.atttypid, a.atttypmod), '^.*\\.', '') = wanted.type\n"
        "    )\n"
        f"  ) THEN\n    RAISE EXCEPTION USING MESSAGE = {problem};\n  END IF;\nEND\n$$;",
    )


def _plain(type_: str) -> str:
    """Without the schema, which is written or not as the search path has it."""
    head, paren, rest = type_.partition("(")
    return head.rpartition(".")[2] + paren + rest
