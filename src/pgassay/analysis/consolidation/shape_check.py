"""SQL that ends a revision where what it found there already has another shape."""

from __future__ import annotations

import re
from collections.abc import Iterable

from pgassay.analysis.sql_identifier import literal, qualified
from pgassay.facts.catalog import Catalog, Column, Index, SchemaObject, Table

# Other definitions may be written in another way, as the search path and the server have it.
_PLAIN = re.compile(r"USING \w+ \([\w, ]+\)")


_TYPE = "pg_catalog.regexp_replace(pg_catalog.format_type(a.atttypid, a.atttypmod), '^.*[.]', '')"


def shape_check(
    thing: SchemaObject, catalog: Catalog, *, types_alone: bool = False
) -> tuple[str, ...]:
    """For a table, column or index that is only made where it is missing: its columns have the type
    that `catalog` gives them, and may hold NULL only as there. () for other objects. The message
    names the object in quotes, as PostgreSQL's own do. `types_alone`: whatever may hold NULL."""
    match thing:
        case Table():
            columns = [c for c in catalog.columns if c.table_name == thing.table_name]
            name = f'relation "{thing.name}"'
            return (_of_columns(columns, name, types_alone),) if columns else ()
        case Column():
            name = f'column "{thing.name}" of relation "{thing.table}"'
            return (_of_columns([thing], name, types_alone),)
        case Index():
            return (_of_index(thing),)
    return ()


def type_check(column: Column, types: Iterable[str]) -> str:
    """That the column has one of the types that are known to become the one it
    has here without loss: whoever gave it another by hand may have put values into it that do not
    fit. Comes before the statement that changes the type."""
    known = sorted({*types, column.type})
    bare = ", ".join(literal(_bare(type_)) for type_ in known)
    problem = (
        f"column {column.subject} has a type here that it has in no state that was proven "
        f"({', '.join(known)}), and to make it {column.type} may lose values. Nothing was changed. "
        "Write the type in a revision first, or change it back here. See CONSOLIDATION.md."
    )
    return _unless(
        "EXISTS (\n"
        "    SELECT FROM pg_catalog.pg_attribute a\n"
        f"    WHERE a.attrelid = {_relation(*column.table_name)}\n"
        f"      AND a.attname = {literal(column.name)}\n"
        f"      AND {_TYPE}\n"
        f"        IN ({bare})\n"
        "  )",
        problem,
    )


def _of_columns(columns: list[Column], name: str, types_alone: bool) -> str:
    required = "" if types_alone else " AND a.attnotnull = wanted.required"
    wanted = ",\n      ".join(
        f"({literal(c.name)}, {literal(_bare(c.type))}, {str(c.not_null).lower()})" for c in columns
    )
    return _unless(
        "NOT EXISTS (\n"  # noqa: S608
        "    SELECT FROM (VALUES\n"
        f"      {wanted}\n"
        "    ) AS wanted (name, type, required)\n"
        "    WHERE NOT EXISTS (\n"
        "      SELECT FROM pg_catalog.pg_attribute a\n"
        f"      WHERE a.attrelid = {_relation(*columns[0].table_name)}\n"
        f"        AND a.attname = wanted.name{required}\n"
        f"        AND {_TYPE} = wanted.type\n"
        "    )\n"
        "  )",
        _otherwise(name),
    )


def _of_index(index: Index) -> str:
    is_plain = _PLAIN.fullmatch(index.definition)
    definition = "substring(pg_catalog.pg_get_indexdef(i.indexrelid) FROM 'USING .*')"
    same = f"\n      AND {definition} = {literal(index.definition)}" if is_plain else ""
    return _unless(
        "EXISTS (\n"
        "    SELECT FROM pg_catalog.pg_index i\n"
        f"    WHERE i.indexrelid = {_relation(index.schema, index.name)}\n"
        f"      AND i.indrelid = {_relation(*index.table_name)}\n"
        f"      AND i.indisunique = {str(index.unique).lower()}{same}\n"
        "  )",
        _otherwise(f'relation "{index.name}"'),
    )


def _otherwise(name: str) -> str:
    return f"{name} is there already, in another shape. See CONSOLIDATION.md."


def _unless(condition: str, problem: str) -> str:
    return (
        f"DO $$\nBEGIN\n  IF NOT {condition} THEN\n"
        f"    RAISE EXCEPTION USING MESSAGE = {literal(problem)};\n  END IF;\nEND\n$$;"
    )


def _relation(schema: str, name: str) -> str:
    return f"{literal(qualified(schema, name))}::pg_catalog.regclass"


def _bare(type_: str) -> str:
    """Without the schema, which is written or not as the search path has it."""
    head, paren, rest = type_.partition("(")
    return head.rpartition(".")[2] + paren + rest
