"""A column that is to take another's place: what it has from the first, and what only then."""

from __future__ import annotations

from dataclasses import replace

from pgassay.analysis.beside_parts import without_ends
from pgassay.analysis.creation import change_column, column_line
from pgassay.analysis.creation.surroundings import surroundings
from pgassay.analysis.repair_maker import for_whoever_runs, makers
from pgassay.analysis.sql_identifier import qualified
from pgassay.facts.catalog import Catalog, Column


def added(catalog: Catalog, column: Column, name: str) -> list[str]:
    """`column` under another name, with all that is set on it, but for what `completed` gives."""
    bare = replace(
        column,
        name=name,
        default=None,
        generated="",
        not_null=False,
        not_null_name="",
        not_null_comment="",
    )
    unset = replace(bare, storage="", statistics=None, options=(), grants=(), comment="")
    add = f"ALTER TABLE {qualified(*column.table_name)}\nADD COLUMN {column_line(bare)}"
    return [add, *_set_on(catalog, unset, bare)]


def completed(catalog: Catalog, column: Column) -> list[str]:
    """Its default, once it has its name; its rights, comment and storage it has already."""
    want = replace(column, grants=(), comment="")
    have = replace(want, default=column.default if column.generated else None, not_null_comment="")
    return _set_on(catalog, have, want)


def _set_on(catalog: Catalog, have: Column, want: Column) -> list[str]:
    changed = change_column(have, want, surroundings(catalog))
    return without_ends(for_whoever_runs(changed, makers(catalog)))
