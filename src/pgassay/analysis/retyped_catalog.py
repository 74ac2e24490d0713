"""A schema in which one column has another type, with what hangs on it written for that."""

from __future__ import annotations

import re
from dataclasses import replace

from pgassay.analysis.other_column import names_column
from pgassay.analysis.sql_identifier import qualified
from pgassay.facts.catalog import Catalog, Column, Statistics, TableName

_FLOAT_CAST = re.compile(r"::(?:double precision|real)\b")
# As most locales write it; a cast from money is no more than STABLE, which no index takes.
_MONEY = re.compile(r"'(-?)\$?(\d+|\d{1,3}(?:,\d{3})+)(\.\d\d)'::money\b")
_MONEY_CAST = re.compile(r"::money\b(?!::)")


def retyped(catalog: Catalog, column: Column, type_: str) -> Catalog:
    """`column` as `type_`, a numeric, in its table and those that have it from there.

    What PostgreSQL wrote for a float, `(0)::double precision`, is written for a numeric then: it
    would compare the numeric as a float, and a numeric with a money not at all."""
    tables = {column.table_name, *_heirs(catalog, column.table_name)}

    def new(one: Column) -> Column:
        default = None if one.default is None else _numeric(one.default)
        return replace(one, type=type_, base_type="", default=default)

    def about(definition: str) -> str:
        return _numeric(definition) if names_column(definition, column.name) else definition

    names = {qualified(*table) for table in tables}
    return replace(
        catalog,
        columns=tuple(
            new(c) if c.name == column.name and c.table_name in tables else c
            for c in catalog.columns
        ),
        constraints=tuple(
            replace(c, definition=about(c.definition)) if c.table_name in tables else c
            for c in catalog.constraints
        ),
        indexes=tuple(
            replace(i, definition=about(i.definition)) if i.table_name in tables else i
            for i in catalog.indexes
        ),
        others=tuple(
            replace(o, definition=about(o.definition))
            if isinstance(o, Statistics) and o.table in names
            else o
            for o in catalog.others
        ),
    )


def _heirs(catalog: Catalog, table: TableName) -> list[TableName]:
    """Partitions and tables that inherit, and theirs."""
    name = qualified(*table)
    found = [t.table_name for t in catalog.tables if name in (t.partition_of, *t.inherits)]
    return [*found, *(one for heir in found for one in _heirs(catalog, heir))]


def _numeric(text: str) -> str:
    text = _MONEY.sub(lambda m: f"'{m[1]}{m[2].replace(',', '')}{m[3]}'::numeric", text)
    return _MONEY_CAST.sub("::money::numeric", _FLOAT_CAST.sub("::numeric", text))
