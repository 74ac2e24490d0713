"""Writes models: with Mapped annotations, with classic columns, or as Core tables."""

from __future__ import annotations

from tests.planted.planted_names import camel
from tests.planted.planted_schema import Column, ForeignKey, Names, Table

CONVENTION = (
    '{"pk": "pk_%(table_name)s",'
    ' "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",'
    ' "uq": "uq_%(table_name)s_%(column_0_name)s", "ix": "ix_%(table_name)s_%(column_0_name)s",'
    ' "ck": "ck_%(table_name)s_%(constraint_name)s"}'
)
IMPORTS = """\
import datetime
import decimal
import uuid
from typing import Any, Optional

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql
"""
_PYTHON = {
    "integer": "int",
    "bigint": "int",
    "text": "str",
    "varchar": "str",
    "boolean": "bool",
    "date": "datetime.date",
    "timestamptz": "datetime.datetime",
    "timestamp": "datetime.datetime",
    "numeric": "decimal.Decimal",
    "money": "decimal.Decimal",
    "double precision": "float",
    "real": "float",
    "uuid": "uuid.UUID",
    "jsonb": "Any",
}
_TYPES = {
    "integer": "sa.Integer",
    "bigint": "sa.BigInteger",
    "text": "sa.Text",
    "boolean": "sa.Boolean",
    "date": "sa.Date",
    "timestamptz": "sa.DateTime(timezone=True)",
    "timestamp": "sa.DateTime()",
    "numeric": "sa.Numeric",
    "double precision": "sa.Float",
    "real": "sa.REAL",
    "uuid": "postgresql.UUID(as_uuid=True)",
    "jsonb": "postgresql.JSONB",
    "money": "postgresql.MONEY",
}


def sa_type(type_: str) -> str:
    base, bracket, arguments = type_.partition("(")
    if bracket:
        kind = {"varchar": "sa.String", "numeric": "sa.Numeric"}[base]
        return f"{kind}({arguments.replace(',', ', ')}"
    return _TYPES[type_]


def key_arguments(column: Column) -> list[str]:
    """The type and options of a primary key column."""
    if column.primary == "uuid":
        return ["postgresql.UUID(as_uuid=True)"]
    if column.primary == "identity":
        return ["sa.BigInteger", "sa.Identity()"]
    return ["sa.BigInteger" if column.primary == "bigserial" else "sa.Integer"]


class ModelWriter:
    """`style` is `mapped`, `classic` or `core`; `own_schema` puts the schema on each table."""

    def __init__(
        self, style: str, names: Names, schema: str, tables: list[Table], *, own_schema: bool
    ) -> None:
        self._style = style
        self._names = names
        self._schema = "" if schema == "public" else schema
        self._by_name = {t.name: t for t in tables}
        self._own_schema = own_schema

    def base(self) -> str:
        """The module that holds the metadata."""
        arguments = []
        if self._schema and not self._own_schema:
            arguments.append(f'schema="{self._schema}"')
        if self._names.naming == "convention":
            arguments.append(f"naming_convention={CONVENTION}")
        metadata = f"sa.MetaData({', '.join(arguments)})"
        if self._style == "core":
            return f"import sqlalchemy as sa\n\nmetadata = {metadata}\n"
        if self._style == "classic":
            return (
                "import sqlalchemy as sa\nfrom sqlalchemy.orm import declarative_base\n\n"
                f"Base = declarative_base(metadata={metadata})\nmetadata = Base.metadata\n"
            )
        return (
            "import sqlalchemy as sa\nfrom sqlalchemy.orm import DeclarativeBase\n\n\n"
            f"class Base(DeclarativeBase):\n    metadata = {metadata}\n\n\n"
            "metadata = Base.metadata\n"
        )

    def table(self, table: Table) -> str:
        """The class or Table of one table, as the models have it."""
        columns = [c for c in table.columns if "models" in c.on]
        if self._style == "core":
            return self._core(table, columns)
        lines = [f"class {camel(table.name)}(Base):", f'    __tablename__ = "{table.name}"']
        further = self._further(table)
        options = f'{{"schema": "{self._schema}"}}' if self._schema and self._own_schema else ""
        if further or options:
            arguments = "".join(f"        {one},\n" for one in [*further, *filter(None, [options])])
            lines.append(f"    __table_args__ = (\n{arguments}    )")
        lines += ["", *(self._attribute(table, c) for c in columns)]
        return "\n".join(lines) + "\n"

    def _core(self, table: Table, columns: list[Column]) -> str:
        inside = [f'sa.Column("{c.name}", {self._arguments(table, c)})' for c in columns]
        inside += self._further(table)
        if self._schema and self._own_schema:
            inside.append(f'schema="{self._schema}"')
        body = "".join(f"    {one},\n" for one in inside)
        return f'{table.name.lower()} = sa.Table(\n    "{table.name}",\n    metadata,\n{body})\n'

    def _attribute(self, table: Table, column: Column) -> str:
        name = column.name
        attribute = name
        arguments = self._arguments(table, column)
        if name in ("class", "order", "from"):
            attribute = f"{name}_"
        if attribute != name:
            arguments = f'"{name}", {arguments}'
        if self._style == "classic":
            return f"    {attribute} = sa.Column({arguments})"
        python = _PYTHON[column.type_on("models").partition("(")[0]]
        if column.primary == "uuid":
            python = "uuid.UUID"
        if column.nullable_on("models"):
            python = f"Optional[{python}]"
        return f"    {attribute}: Mapped[{python}] = mapped_column({arguments})"

    def _arguments(self, table: Table, column: Column) -> str:
        if column.primary:
            return ", ".join([*key_arguments(column), "primary_key=True"])
        parts = [sa_type(column.type_on("models"))]
        parts += [
            self._foreign_key(table, key)
            for key in table.foreign_keys
            if key.column == column.name and "models" in key.on
        ]
        default = column.default_on("models")
        if default:
            parts.append(f'server_default=sa.text("{default}")')
        # Mapped[] says it already, by Optional.
        if self._style != "mapped" or len(column.name) % 2:
            parts.append(f"nullable={column.nullable_on('models')}")
        return ", ".join(parts)

    def _foreign_key(self, table: Table, key: ForeignKey) -> str:
        place = f"{self._schema}." if self._schema else ""
        parts = [f'"{place}{key.target}.{self._by_name[key.target].key.name}"']
        if self._names.naming == "explicit":
            parts.append(f'name="{self._names.foreign_key(table, key)}"')
        if key.on_delete:
            parts.append(f'ondelete="{key.on_delete}"')
        return f"sa.ForeignKey({', '.join(parts)})"

    def _further(self, table: Table) -> list[str]:
        """Constraints and indexes of the table itself."""
        found = []
        for unique in table.uniques:
            if "models" in unique.on:
                columns = ", ".join(f'"{c}"' for c in unique.columns)
                name = f', name="{self._names.unique(table, unique)}"'
                named = name if self._names.naming == "explicit" else ""
                found.append(f"sa.UniqueConstraint({columns}{named})")
        for check in table.checks:
            if "models" in check.on:
                convention = self._names.naming == "convention"
                name = check.label if convention else self._names.check(table, check)
                found.append(f"sa.CheckConstraint('{check.expression}', name=\"{name}\")")
        for index in table.indexes:
            if "models" in index.on:
                shown = index.columns_on.get("models", index.columns)
                columns = ", ".join(f'"{c}"' for c in shown)
                once = ", unique=True" if index.unique else ""
                name = index.names.get("models", index.name)
                found.append(f'sa.Index("{name}", {columns}{once})')
        return found
