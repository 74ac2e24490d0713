"""What names a row: the columns, and which of their values may be shown."""

from __future__ import annotations

from pgassay.analysis.row_predicates import base_type
from pgassay.analysis.table_scan import CTID
from pgassay.facts.catalog import Catalog, TableName

# What such a value says of a person is nothing without the table beside it. By PostgreSQL's names
# and by SQL's.
_PLAIN = ("smallint", "integer", "bigint", "int2", "int4", "int8", "oid", "uuid", "numeric", "date")
_TIMES = "timestamp"


def row_key(table: TableName, catalog: Catalog) -> tuple[str, ...]:
    """The primary key, else a unique one without NULLs, else the row's place."""
    ours = [c for c in catalog.constraints if c.table_name == table and c.index_valid]
    filled = {c.name for c in catalog.columns if c.table_name == table and c.not_null}
    for kind in ("primary key", "unique"):
        for constraint in ours:
            is_key = constraint.kind == kind and constraint.validated
            if is_key and constraint.columns and {*constraint.columns} <= filled:
                return constraint.columns
    return (CTID,)


def is_shown(table: TableName, column: str, catalog: Catalog) -> bool:
    """Whether a key's value may stand in a report; a text may be an e-mail address."""
    if column == CTID:
        return True
    fact = next(
        (c for c in catalog.columns if c.table_name == table and c.name == column),
        None,
    )
    return fact is not None and is_plain(base_type(fact))


def is_plain(type_: str) -> bool:
    return type_ in _PLAIN or type_.startswith(_TIMES)
