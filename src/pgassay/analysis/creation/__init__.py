"""The SQL that makes the objects of a schema, written from its facts."""

from pgassay.analysis.creation.definition import column_line, constraint_line, index_line
from pgassay.analysis.creation.making import (
    SESSION,
    make,
    make_all,
    make_bare_table,
    make_table,
)
from pgassay.analysis.creation.removal import drop
from pgassay.analysis.creation.tables import change_column

__all__ = [
    "SESSION",
    "change_column",
    "column_line",
    "constraint_line",
    "drop",
    "index_line",
    "make",
    "make_all",
    "make_bare_table",
    "make_table",
]
