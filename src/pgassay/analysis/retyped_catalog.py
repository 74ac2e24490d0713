"""A schema in which one column has another type, with what hangs on it written for that."""

from __future__ import annotations

import re
from dataclasses import replace

from pgassay.analysis.other_column import names_column
from pgassay.analysis.sql_identifier import qualified
from pgassay.facts.catalog import Catalog, Column, Statistics

_FLOAT_CAST = re.compile(r"::(?:double precision|real)\b")


def retyped(catalog: Catalog, column: Column, type_: str) -> Catalog:
    """`column` as `type_`, a numeric. What PostgreSQL wrote for a float, `(0)::double precision`,
    is written for a numeric then: it would compare the numeric as a float."""
    default = None if column.default is None else _numeric(column.default)
    new = replace(column, type=type_, base_type="", default=default)

    def about(definition: str) -> str:
        return _numeric(definition) if names_column(definition, column.name) else definition

    table = qualified(*column.table_name)
    return replace(
        catalog,
        columns=tuple(new if c.identity == column.identity else c for c in catalog.columns),
        constraints=tuple(
            replace(c, definition=about(c.definition)) if c.table_name == column.table_name else c
            for c in catalog.constraints
        ),
        indexes=tuple(
            replace(i, definition=about(i.definition)) if i.table_name == column.table_name else i
            for i in catalog.indexes
        ),
        others=tuple(
            replace(o, definition=about(o.definition))
            if isinstance(o, Statistics) and o.table == table
            else o
            for o in catalog.others
        ),
    )


def _numeric(text: str) -> str:
    return _FLOAT_CAST.sub("::numeric", text)
