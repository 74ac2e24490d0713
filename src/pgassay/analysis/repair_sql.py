"""The SQL that makes one object of a schema as another schema has it."""

from __future__ import annotations

import re
from dataclasses import replace

from pgassay.analysis.creation import column_line
from pgassay.analysis.creation.definition import automatic_name, is_serial, sequence_options
from pgassay.analysis.sql_identifier import literal, qualified, quoted
from pgassay.facts.catalog import Catalog, Column, Constraint, Index, Sequence, TableName

_CUT_BY_CASTS = (
    re.compile(r"text|character( varying)?(\(\d+\))?"),
    re.compile(r"bit( varying)?(\(\d+\))?"),
)


def create_table(catalog: Catalog, name: TableName, *, if_missing: bool = False) -> list[str]:
    """The table with its columns, constraints and indexes in few statements, as a person would
    write it. What is set on it beside comes from `creation`."""
    columns = [c for c in catalog.columns if c.table_name == name]
    constraints = [c for c in catalog.constraints if c.table_name == name]
    indexes = [i for i in catalog.indexes if i.table_name == name]
    exists = "IF NOT EXISTS " if if_missing else ""
    body = [
        *(column_line(c, identity_of(c, catalog)) for c in columns),
        *(f"CONSTRAINT {quoted(c.name)} {_valid(c)}" for c in constraints),
    ]
    lines = ",\n".join(f"  {line}" for line in body)
    return [
        f"CREATE TABLE {exists}{qualified(*name)} (\n{lines}\n);",
        *(
            f"CREATE {_unique(i)}INDEX {exists}{quoted(i.name)} ON {qualified(*name)} "
            f"{i.definition};"
            for i in indexes
        ),
    ]


def identity_of(column: Column, catalog: Catalog) -> Sequence | None:
    """The sequence of an identity column, for its options."""
    if not column.generated.endswith("identity"):
        return None
    owned = (s for s in catalog.of(Sequence) if s.identity_column)
    return next((s for s in owned if s.owned_by == column.identity), None)


def as_serial(sequence: Sequence, column: Column) -> bool:
    """Whether `serial` in the column's line makes this sequence."""
    name = automatic_name(column.table, column.name, "seq")
    return (
        (sequence.schema, sequence.name) == (column.schema, name)
        and is_serial(column)
        and sequence.type == column.type
        and not sequence_options(sequence)
        and not sequence.comment
    )


def add_column(
    column: Column, identity: Sequence | None = None, *, if_missing: bool = False
) -> list[str]:
    """NOT NULL comes last where old rows would have no value for it."""
    exists = "IF NOT EXISTS " if if_missing else ""
    table = qualified(*column.table_name)
    must_fill = column.not_null and column.default is None and not column.generated
    line = column_line(column, identity, nullable=must_fill)
    statements = [f"ALTER TABLE {table} ADD COLUMN {exists}{line};"]
    if must_fill:
        statements += [
            f"-- Give the rows that are there a value for {quoted(column.name)}; then:",
            f"ALTER TABLE {table} ALTER COLUMN {quoted(column.name)} SET NOT NULL;",
        ]
    return statements


def add_constraint(constraint: Constraint) -> list[str]:
    """A foreign key or CHECK is validated in a second step, which does not block writers."""
    table, name = qualified(*constraint.table_name), quoted(constraint.name)
    text = _valid(constraint)
    add = f"ALTER TABLE {table} ADD CONSTRAINT {name} {text}"
    if constraint.kind in ("foreign key", "check") and not text.endswith("NOT ENFORCED"):
        return [f"{add} NOT VALID;", f"ALTER TABLE {table} VALIDATE CONSTRAINT {name};"]
    return [f"{add};"]


def replace_constraint(old: str, new: Constraint) -> list[str]:
    table = qualified(*new.table_name)
    return [
        f"ALTER TABLE {table} DROP CONSTRAINT IF EXISTS {quoted(old)};",
        *add_constraint(new),
    ]


def constraint_if_missing(new: Constraint) -> list[str]:
    """What an index holds up is left alone where it is there already: foreign keys may count on
    it, and it costs a rewrite of the index. Anything else is made anew."""
    replaced = replace_constraint(new.name, new)
    if new.kind not in ("primary key", "unique", "exclusion"):
        return replaced
    lines = "\n".join(f"    {line}" for line in replaced)
    table = literal(qualified(*new.table_name))
    return [
        "DO $$\nBEGIN\n"
        "  IF NOT EXISTS (\n"
        "    SELECT FROM pg_catalog.pg_constraint\n"
        f"    WHERE conrelid = {table}::pg_catalog.regclass AND conname = {literal(new.name)}\n"
        f"      AND pg_catalog.pg_get_constraintdef(oid) = {literal(new.definition)}\n"
        f"  ) THEN\n{lines}\n  END IF;\nEND\n$$;"
    ]


def create_index(index: Index, *, concurrently: bool, if_missing: bool = False) -> str:
    how = ("CONCURRENTLY " if concurrently else "") + ("IF NOT EXISTS " if if_missing else "")
    return (
        f"CREATE {_unique(index)}INDEX {how}{quoted(index.name)} "
        f"ON {qualified(*index.table_name)} {index.definition};"
    )


def drop_index(index: Index) -> str:
    return f"DROP INDEX CONCURRENTLY IF EXISTS {qualified(index.schema, index.name)};"


def alter_column(wrong: Column, right: Column, identity: Sequence | None = None) -> list[str]:
    """What makes the column `wrong` like `right`, whose identity sequence `identity` is."""
    alter = f"ALTER TABLE {qualified(*wrong.table_name)} ALTER COLUMN {quoted(wrong.name)}"
    name = quoted(wrong.name)
    statements = []
    retyped = wrong.type != right.type
    if retyped:
        if wrong.default and not wrong.generated:
            # PostgreSQL refuses where it cannot cast the default by itself.
            statements.append(f"{alter} DROP DEFAULT;")
        collate = f" COLLATE {right.collation}" if right.collation else ""
        statements.append(f"{alter} TYPE {right.type}{collate}{_using(name, wrong, right)};")
    if wrong.generated != right.generated:
        if right.generated.endswith("identity") and not wrong.not_null:
            # PostgreSQL makes no other column an identity.
            statements.append(f"{alter} SET NOT NULL;")
            wrong = replace(wrong, not_null=True)
        statements += _change_generation(alter, wrong, right, identity)
    elif (retyped or wrong.default != right.default) and not right.generated:
        default = f"SET DEFAULT {right.default}" if right.default else "DROP DEFAULT"
        if right.default or not retyped:
            statements.append(f"{alter} {default};")
    if wrong.not_null != right.not_null:
        statements.append(f"{alter} {'SET' if right.not_null else 'DROP'} NOT NULL;")
    return statements


def _using(name: str, wrong: Column, right: Column) -> str:
    """How values become the new type's. A cast that is written cuts what is too long; without one
    that is an error."""
    if any(f.fullmatch(wrong.type) and f.fullmatch(right.type) for f in _CUT_BY_CASTS):
        return ""
    # Two types that users made have no cast between them, but both have one to text.
    via = "::text" if "." in wrong.type and "." in right.type else ""
    return f" USING {name}{via}::{right.type}"


def _change_generation(
    alter: str, wrong: Column, right: Column, identity: Sequence | None
) -> list[str]:
    if wrong.generated.endswith("identity") and right.generated.endswith("identity"):
        # To drop and add it would start its sequence anew.
        always = right.generated.startswith("always")
        return [f"{alter} SET GENERATED {'ALWAYS' if always else 'BY DEFAULT'};"]
    statements = []
    if wrong.generated.endswith("identity"):
        statements.append(f"{alter} DROP IDENTITY;")
    elif wrong.generated == "stored":
        statements.append(f"{alter} DROP EXPRESSION;")
    elif wrong.default:
        statements.append(f"{alter} DROP DEFAULT;")
    if right.generated.endswith("identity"):
        options = sequence_options(identity) if identity else []
        listed = f" ({' '.join(options)})" if options else ""
        statements.append(f"{alter} ADD GENERATED {right.generated.upper()}{listed};")
        statements.append(_behind_the_data(right, identity))
    elif not right.generated and right.default:
        statements.append(f"{alter} SET DEFAULT {right.default};")
    return statements


def _behind_the_data(column: Column, identity: Sequence | None) -> str:
    """What sets a new identity's sequence behind the values that are there, if there are any."""
    down = identity is not None and identity.increment < 0
    table, name = qualified(*column.table_name), quoted(column.name)
    last = f"pg_catalog.{'min' if down else 'max'}({name})"
    first = identity.start if identity else 1
    asked = f"{literal(table)}, {literal(column.name)}"
    return (
        f"SELECT pg_catalog.setval(pg_catalog.pg_get_serial_sequence({asked}), {last}) "  # noqa: S608
        f"FROM {table} HAVING {last} {'<=' if down else '>='} {first};"
    )


def _unique(index: Index) -> str:
    return "UNIQUE " if index.unique else ""


def _valid(constraint: Constraint) -> str:
    return constraint.definition.removesuffix(" NOT VALID")
