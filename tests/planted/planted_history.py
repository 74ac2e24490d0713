"""Writes a history's revision files: Alembic operations, or the SQL itself."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from random import Random

from tests.planted.planted_models import key_arguments, sa_type
from tests.planted.planted_schema import (
    Check,
    Column,
    ForeignKey,
    Index,
    Names,
    Table,
    Unique,
    column_sql,
    columns_sql,
    foreign_key_sql,
    quoted,
)

_EMPTY = """
DO $$ DECLARE one record; BEGIN
  FOR one IN
    SELECT c.oid, c.oid::regclass AS name, c.relkind AS kind FROM pg_class c
    WHERE c.oid >= 16384 AND c.relkind IN ('r', 'p', 'v', 'm', 'S') AND NOT c.relispartition
      AND c.relnamespace NOT IN ('pg_catalog'::regnamespace, 'pg_toast'::regnamespace)
      AND NOT EXISTS (
        SELECT FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attname = 'version_num'
      )
      AND (c.relkind <> 'S' OR NOT EXISTS (
        SELECT FROM pg_depend d WHERE d.objid = c.oid AND d.deptype IN ('a', 'i')
      ))
  LOOP
    IF EXISTS (SELECT FROM pg_class c WHERE c.oid = one.oid) THEN
      EXECUTE 'DROP ' || CASE one.kind WHEN 'v' THEN 'VIEW' WHEN 'm' THEN 'MATERIALIZED VIEW'
        WHEN 'S' THEN 'SEQUENCE' ELSE 'TABLE' END || ' ' || one.name || ' CASCADE';
    END IF;
  END LOOP;
  FOR one IN
    SELECT p.oid::regprocedure AS name, p.prokind AS kind FROM pg_proc p
    WHERE p.oid >= 16384 AND NOT EXISTS (
      SELECT FROM pg_depend d WHERE d.objid = p.oid AND d.deptype IN ('e', 'i')
    )
  LOOP
    EXECUTE 'DROP ROUTINE ' || one.name || ' CASCADE';
  END LOOP;
  FOR one IN
    SELECT t.oid::regtype AS name, t.typtype AS kind FROM pg_type t
    WHERE t.oid >= 16384 AND t.typtype IN ('e', 'd', 'r') OR t.oid >= 16384 AND t.typtype = 'c'
      AND EXISTS (SELECT FROM pg_class c WHERE c.oid = t.typrelid AND c.relkind = 'c')
  LOOP
    EXECUTE 'DROP TYPE ' || one.name || ' CASCADE';
  END LOOP;
  FOR one IN
    SELECT format('%I.%I', n.nspname, o.collname) AS name, 'c' AS kind
    FROM pg_collation o JOIN pg_namespace n ON n.oid = o.collnamespace WHERE o.oid >= 16384
  LOOP
    EXECUTE 'DROP COLLATION ' || one.name || ' CASCADE';
  END LOOP;
END $$
"""


@dataclass
class Revision:
    """`text` replaces the whole file, `down` what the downgrade says. `folder` is one of the
    history's version folders."""

    id: str
    parents: tuple[str, ...]
    slug: str
    body: list[str] = field(default_factory=list)
    folder: int = 0
    text: str = ""
    down: str = ""


def revision_text(revision: Revision, style: int) -> str:
    """The file of a revision; people, and templates, write them in several ways."""
    if revision.text:
        return revision.text
    parents: str = repr(revision.parents)
    if len(revision.parents) == 1:
        parents = repr(revision.parents[0])
    if not revision.parents:
        parents = "None"
    head = f'"""{revision.slug.replace("_", " ")}\n\nRevision ID: {revision.id}\n"""\n\n'
    imports = (
        "import sqlalchemy as sa\nfrom alembic import op\n"
        "from sqlalchemy.dialects import postgresql\n"
    )
    body = "\n".join(f"    {line}" for line in revision.body) or "    pass"
    # The first revision takes back all that the chain has made.
    down = (
        f"    {revision.down}"
        if revision.down
        else "    pass"
        if revision.parents
        else f"    op.execute({_EMPTY!r})"
    )
    if style == 1:
        return (
            f"{head}from typing import Sequence, Union\n\n{imports}\n"
            f"revision: str = {revision.id!r}\n"
            f"down_revision: Union[str, Sequence[str], None] = {parents}\n"
            "branch_labels: Union[str, Sequence[str], None] = None\n"
            "depends_on: Union[str, Sequence[str], None] = None\n\n\n"
            f"def upgrade() -> None:\n{body}\n\n\ndef downgrade() -> None:\n{down}\n"
        )
    if style == 2:
        return (
            f"{imports}\ndown_revision = {parents}\nrevision = {revision.id!r}\n\n"
            f"def upgrade():\n{body}\n\ndef downgrade():\n{down}\n"
        )
    return (
        f"{head}{imports}\nrevision = {revision.id!r}\ndown_revision = {parents}\n"
        "branch_labels = None\ndepends_on = None\n\n\n"
        f"def upgrade():\n{body}\n\n\ndef downgrade():\n{down}\n"
    )


def file_name(revision: Revision, style: str, number: int) -> str:
    if style == "slug":
        return f"{revision.slug}.py"
    if style == "dated":
        return f"2024_{number:02d}_05-{revision.id}_{revision.slug}.py"
    if style == "versioned":
        return f"V{number}__{revision.slug}.py"
    return f"{revision.id}_{revision.slug}.py"[-120:]


class HistoryWriter:
    """`style` is `operations`, `sql`, or `mixed`, which chooses anew for each statement."""

    def __init__(
        self, style: str, names: Names, schema: str, tables: list[Table], random: Random
    ) -> None:
        self._style = style
        self._names = names
        self._name = schema
        self._schema = "" if schema == "public" else schema
        self._tables = tables
        self._by_name = {t.name: t for t in tables}
        self._random = random

    def body(self, number: int) -> list[str]:
        """What revision `number` does."""
        lines: list[str] = []
        for table in self._tables:
            if "history" not in table.on:
                continue
            if table.made_in == number:
                lines += self._create(table)
                # CREATE TABLE takes NOT VALID and makes it valid: there are no rows yet.
                lines += [self._add_check(table, c) for c in self._made_with(table, valid=False)]
            elif table.made_in < number:
                lines += self._alter(table, number)
            else:
                continue
            for index in table.indexes:
                if "history" in index.on and max(index.made_in, table.made_in) == number:
                    lines.append(self._index(table, index))
        return lines

    def _in_sql(self) -> bool:
        if self._style == "mixed":
            return self._random.random() < 0.5
        return self._style == "sql"

    def _place(self, table: Table) -> str:
        return f"{quoted(self._name)}.{quoted(table.name)}"

    def _options(self) -> str:
        return f', schema="{self._schema}"' if self._schema else ""

    def _create(self, table: Table) -> list[str]:
        made = [c for c in table.columns if "history" in c.on and c.made_in <= table.made_in]
        now = table.made_in
        keys = [k for k in table.foreign_keys if "history" in k.on and k.made_in <= now]
        uniques = [u for u in table.uniques if "history" in u.on and u.made_in <= now]
        checks = self._made_with(table, valid=True)
        if self._in_sql():
            parts = [column_sql(c, "history") for c in made]
            key = quoted(table.key.name)
            named = f"CONSTRAINT {quoted(self._names.primary_key(table))} "
            parts.append(f"{named}PRIMARY KEY ({key})")
            parts += [self._unique_sql(table, u) for u in uniques]
            parts += [self._check_sql(table, c) for c in checks]
            parts += [self._foreign_key_sql(table, k) for k in keys]
            inside = "".join(f"\n        {part}," for part in parts).rstrip(",")
            return [f"op.execute('''\n    CREATE TABLE {self._place(table)} ({inside}\n    )''')"]
        parts = [self._column(c) for c in made]
        named = (
            f', name=op.f("{self._names.primary_key(table)}")'
            if self._names.naming == "convention"
            else ""
        )
        parts.append(f'sa.PrimaryKeyConstraint("{table.key.name}"{named})')
        for unique in uniques:
            columns = ", ".join(f'"{c}"' for c in unique.columns)
            parts.append(
                f"sa.UniqueConstraint({columns}{self._named(self._names.unique(table, unique))})"
            )
        for check in checks:
            name = f'op.f("{self._names.check(table, check)}")'
            parts.append(f"sa.CheckConstraint('{check.expression}', name={name})")
        for key_ in keys:
            place = f"{self._schema}." if self._schema else ""
            target = f'"{place}{key_.target}.{self._by_name[key_.target].key.name}"'
            name = self._named(self._names.foreign_key(table, key_))
            deleted = f', ondelete="{key_.on_delete}"' if key_.on_delete else ""
            parts.append(f'sa.ForeignKeyConstraint(["{key_.column}"], [{target}]{name}{deleted})')
        inside = "".join(f"\n        {part}," for part in parts)
        schema = f'\n        schema="{self._schema}",' if self._schema else ""
        return [f'op.create_table(\n        "{table.name}",{inside}{schema}\n    )']

    def _named(self, name: str) -> str:
        return "" if self._names.naming == "server" else f', name=op.f("{name}")'

    def _column(self, column: Column) -> str:
        if column.primary:
            arguments = [*key_arguments(column), "nullable=False"]
        else:
            arguments = [sa_type(column.type_on("history"))]
            if default := column.default_on("history"):
                arguments.append(f'server_default=sa.text("{default}")')
            arguments.append(f"nullable={column.nullable_on('history')}")
        return f'sa.Column("{column.name}", {", ".join(arguments)})'

    def _alter(self, table: Table, number: int) -> Iterator[str]:
        place = self._place(table)
        for column in table.columns:
            if "history" in column.on and column.made_in == number:
                if self._in_sql():
                    yield _sql(f"ALTER TABLE {place} ADD COLUMN {column_sql(column, 'history')}")
                else:
                    written = f'"{table.name}", {self._column(column)}{self._options()}'
                    yield f"op.add_column({written})"
        for unique in table.uniques:
            if "history" in unique.on and unique.made_in == number:
                if self._in_sql():
                    yield _sql(f"ALTER TABLE {place} ADD {self._unique_sql(table, unique)}")
                else:
                    name = self._operation_name(self._names.unique(table, unique))
                    columns = list(unique.columns)
                    written = f'{name}, "{table.name}", {columns}{self._options()}'
                    yield f"op.create_unique_constraint({written})"
        for check in table.checks:
            if "history" in check.on and check.made_in == number:
                yield self._add_check(table, check)
        for key in table.foreign_keys:
            if "history" in key.on and key.made_in == number:
                yield self._add_foreign_key(table, key)

    def _made_with(self, table: Table, *, valid: bool) -> list[Check]:
        """The checks that the table gets in the revision that makes it."""
        return [
            check
            for check in table.checks
            if "history" in check.on
            and check.made_in <= table.made_in
            and ("history" not in check.not_valid) == valid
        ]

    def _add_check(self, table: Table, check: Check) -> str:
        not_valid = "history" in check.not_valid
        if self._in_sql():
            added = f"ALTER TABLE {self._place(table)} ADD {self._check_sql(table, check)}"
            return _sql(added + (" NOT VALID" if not_valid else ""))
        name = f'op.f("{self._names.check(table, check)}")'
        options = self._options() + (", postgresql_not_valid=True" if not_valid else "")
        written = f"{name}, \"{table.name}\", '{check.expression}'{options}"
        return f"op.create_check_constraint({written})"

    def _operation_name(self, name: str) -> str:
        return "None" if self._names.naming == "server" else f'op.f("{name}")'

    def _add_foreign_key(self, table: Table, key: ForeignKey) -> str:
        if self._in_sql():
            return _sql(f"ALTER TABLE {self._place(table)} ADD {self._foreign_key_sql(table, key)}")
        name = self._operation_name(self._names.foreign_key(table, key))
        target = self._by_name[key.target].key.name
        options = ""
        if self._schema:
            options += f', source_schema="{self._schema}", referent_schema="{self._schema}"'
        if key.on_delete:
            options += f', ondelete="{key.on_delete}"'
        written = f'"{table.name}", "{key.target}", ["{key.column}"], ["{target}"]'
        return f"op.create_foreign_key({name}, {written}{options})"

    def _index(self, table: Table, index: Index) -> str:
        shown = index.columns_on.get("history", index.columns)
        name = index.names.get("history", index.name)
        unique = "UNIQUE " if index.unique else ""
        if self._in_sql():
            place = self._place(table)
            return _sql(f"CREATE {unique}INDEX {quoted(name)} ON {place} ({columns_sql(shown)})")
        options = f", unique={index.unique}{self._options()}"
        return f'op.create_index(op.f("{name}"), "{table.name}", {list(shown)}{options})'

    def _constraint(self, name: str) -> str:
        return "" if self._names.naming == "server" else f"CONSTRAINT {quoted(name)} "

    def _unique_sql(self, table: Table, unique: Unique) -> str:
        name = self._constraint(self._names.unique(table, unique))
        return f"{name}UNIQUE ({columns_sql(unique.columns)})"

    def _check_sql(self, table: Table, check: Check) -> str:
        return f"CONSTRAINT {quoted(self._names.check(table, check))} CHECK ({check.expression})"

    def _foreign_key_sql(self, table: Table, key: ForeignKey) -> str:
        name = self._constraint(self._names.foreign_key(table, key))
        return name + foreign_key_sql(self._name, key, self._by_name[key.target].key.name)


def _sql(text: str) -> str:
    return f"op.execute('{text}')" if "'" not in text else f'op.execute("""{text}""")'
