"""The comments by which what a conversion leaves for a contract revision is known again."""

from __future__ import annotations

import re

from pgassay.facts.catalog import Column, SchemaObject, Table

_COLUMN = "pgassay: {} as {}, kept alike until a contract revision drops it"
_TABLE = "pgassay: what the conversion of {} rounded; a contract revision drops it"


def old_column(now: str, type_: str) -> str:
    """On an old column; `now` is the one that took its place, `type_` its own type."""
    return _COLUMN.format(now, type_)


def rounded_values(table: str) -> str:
    """On the table that keeps the values of another as they were."""
    return _TABLE.format(table)


def place_taken_by(column: Column) -> str:
    """The column that took its place; "" where it is no such old column."""
    found = re.fullmatch(_COLUMN.format("(.+)", ".+"), column.comment)
    return found[1] if found else ""


def rounded_of(table: Table) -> str:
    """Whose values it keeps; "" where it is no such table."""
    found = re.fullmatch(_TABLE.format("(.+)"), table.comment)
    return found[1] if found else ""


def is_left_by_conversion(thing: SchemaObject) -> bool:
    """Whether a contract revision is to drop it."""
    if isinstance(thing, Column):
        return bool(place_taken_by(thing))
    return isinstance(thing, Table) and bool(rounded_of(thing))
