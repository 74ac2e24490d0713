"""Tables and their columns, views, sequences."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import ClassVar

from pgassay.facts.catalog.schema_object import Grant, Part, Relation


@dataclass(frozen=True, slots=True)
class Table(Relation):
    """A table, partitioned table, partition or foreign table.

    `rows_estimate` is pg_class.reltuples, None before ANALYZE. `persistence` is "permanent" or
    "unlogged". `partition_key` is pg_get_partkeydef()'s text of a partitioned table.
    `partition_of` and each of `inherits` are "schema.table", quoted as SQL needs; `bound` is the
    partition's, such as "FOR VALUES IN (1)", with " DETACH PENDING" where a DETACH ... CONCURRENTLY
    was interrupted: queries of the parent no longer see its rows. `options` are reloptions as
    "name=value" in alphabetical order, the TOAST table's as "toast.name=value".
    `replica_identity` is "default",
    "full", "nothing" or "index NAME". `foreign_server` is "" for an ordinary table.
    `access_method` is "" for the usual heap; `tablespace` "" for the database's own.
    """

    KIND: ClassVar[str] = "table"

    partitioned: bool = False
    rows_estimate: int | None = field(default=None, compare=False)
    persistence: str = "permanent"
    partition_key: str = ""
    partition_of: str = ""
    bound: str = ""
    inherits: tuple[str, ...] = ()
    of_type: str = ""
    options: tuple[str, ...] = ()
    access_method: str = ""
    tablespace: str = ""
    replica_identity: str = "default"
    row_security: bool = False
    force_row_security: bool = False
    foreign_server: str = ""
    foreign_options: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Column(Part):
    """`type` is format_type()'s text with modifiers, such as `numeric(12,2)`.

    `default` is the deparsed default or generation expression; `generated` is "" (an ordinary
    column), "always as identity", "by default as identity", "stored" or "virtual". An identity's
    options are those of its `Sequence`.

    `base_type` is what a domain, or an array of one, rests on in the end, such as `numeric(12,2)`;
    "" where there is no domain. `labels` are an enum's, in its order, also behind an array or a
    domain. Both follow from the type, an object of its own, so they are not compared; neither is
    `position` (attnum): what compares is the order of the columns that both sides have.

    `collation`, `storage` and `compression` are "" where the type's or server's default holds;
    `statistics` is None there. `not_null_name` is the constraint's name (PostgreSQL 18 on), "" for
    the automatic one or none; `not_null_valid` is false for a NOT VALID one, `not_null_no_inherit`
    true for a NO INHERIT one. `not_null_comment` is on that constraint.
    """

    KIND: ClassVar[str] = "column"

    position: int = field(default=0, compare=False)
    type: str = ""
    not_null: bool = False
    default: str | None = None
    generated: str = ""
    base_type: str = field(default="", compare=False)
    labels: tuple[str, ...] = field(default=(), compare=False)
    collation: str = ""
    storage: str = ""
    compression: str = ""
    statistics: int | None = None
    options: tuple[str, ...] = ()
    foreign_options: tuple[str, ...] = ()
    not_null_name: str = ""
    not_null_valid: bool = True
    grants: tuple[Grant, ...] = ()
    not_null_no_inherit: bool = False
    not_null_comment: str = ""


@dataclass(frozen=True, slots=True)
class View(Relation):
    """`definition` is pg_get_viewdef()'s text without the last semicolon. `options` such as
    "security_invoker=true"; check_option is one of them."""

    KIND: ClassVar[str] = "view"

    definition: str = ""
    options: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class MaterializedView(Relation):
    """`populated` is state, but a query of one that is not fails. `extensions` are those that it
    DEPENDS ON: it is dropped with any of them."""

    KIND: ClassVar[str] = "materialized view"

    definition: str = ""
    options: tuple[str, ...] = ()
    access_method: str = ""
    tablespace: str = ""
    populated: bool = True
    extensions: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ViewColumn(Part):
    """A view's or materialized view's column that something was set on; the others follow from
    the definition."""

    KIND: ClassVar[str] = "view column"

    default: str | None = None
    statistics: int | None = None
    options: tuple[str, ...] = ()
    grants: tuple[Grant, ...] = ()


@dataclass(frozen=True, slots=True)
class Sequence(Relation):
    """`owned_by` is (schema, table, column) or (); `identity_column` whether that is an identity
    column, whose options these are. `persistence` of an owned one is "unlogged" only where its
    table's is not.

    `last_value` is the last one handed out, None before the first; `readable` is false where this
    role may not see it, so that it is not known. Neither is schema.
    """

    KIND: ClassVar[str] = "sequence"

    type: str = "bigint"
    start: int = 1
    minimum: int = 1
    maximum: int = 9223372036854775807
    increment: int = 1
    cache: int = 1
    cycle: bool = False
    owned_by: tuple[str, ...] = ()
    identity_column: bool = False
    persistence: str = "permanent"
    last_value: int | None = field(default=None, compare=False)
    readable: bool = field(default=True, compare=False)
