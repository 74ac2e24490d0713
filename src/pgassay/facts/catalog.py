"""A database's schema, as its catalog tells it.

Names are logical, never oids, so that catalogs of different databases compare. Every text that
PostgreSQL deparses (types, defaults, definitions) was read with `search_path = pg_catalog`, so it
is schema-qualified and does not depend on the session.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

TableName = tuple[str, str]
"""(schema, table)"""

ConstraintKind = Literal["primary key", "unique", "foreign key", "check", "exclusion"]


@dataclass(frozen=True, slots=True)
class Table:
    """A table or partitioned table. `rows_estimate` is pg_class.reltuples, None before ANALYZE."""

    schema: str
    name: str
    partitioned: bool = False
    rows_estimate: int | None = None

    @property
    def table_name(self) -> TableName:
        return (self.schema, self.name)


@dataclass(frozen=True, slots=True)
class Column:
    """`type` is format_type()'s text with modifiers, such as `numeric(12,2)`.

    `default` is the deparsed default or generation expression; `generated` is "" (an ordinary
    column), "always as identity", "by default as identity", "stored" or "virtual".

    `base_type` is what a domain, or an array of one, rests on in the end, such as `numeric(12,2)`;
    "" where there is no domain. `labels` are an enum's, in its order, also behind an array or a
    domain.
    """

    schema: str
    table: str
    name: str
    position: int
    type: str
    not_null: bool = False
    default: str | None = None
    generated: str = ""
    base_type: str = ""
    labels: tuple[str, ...] = ()

    @property
    def table_name(self) -> TableName:
        return (self.schema, self.table)


@dataclass(frozen=True, slots=True)
class Constraint:
    """`definition` is pg_get_constraintdef()'s text; NOT NULL rows (PG 18) are column facts."""

    schema: str
    table: str
    name: str
    kind: ConstraintKind
    columns: tuple[str, ...]
    definition: str
    validated: bool = True

    @property
    def table_name(self) -> TableName:
        return (self.schema, self.table)


@dataclass(frozen=True, slots=True)
class Index:
    """An index that no constraint owns. `definition` is pg_get_indexdef() from USING on."""

    schema: str
    table: str
    name: str
    unique: bool
    columns: tuple[str, ...]
    definition: str
    valid: bool = True

    @property
    def table_name(self) -> TableName:
        return (self.schema, self.table)


@dataclass(frozen=True, slots=True)
class Catalog:
    """One database in one snapshot. `left_out` counts, by reason, what was not looked at."""

    server_version_num: int
    tables: tuple[Table, ...] = ()
    columns: tuple[Column, ...] = ()
    constraints: tuple[Constraint, ...] = ()
    indexes: tuple[Index, ...] = ()
    left_out: tuple[tuple[str, int], ...] = ()

    @property
    def server_major(self) -> int:
        return self.server_version_num // 10000
