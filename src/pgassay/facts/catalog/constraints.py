"""What keeps wrong rows out, and what makes queries fast."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Literal

from pgassay.facts.catalog.schema_object import Member, Part

ConstraintKind = Literal["primary key", "unique", "foreign key", "check", "exclusion"]


@dataclass(frozen=True, slots=True)
class Constraint(Part):
    """`definition` is pg_get_constraintdef()'s text; NOT NULL rows (PG 18) are column facts.

    `validated` is true of a NOT ENFORCED one too: the definition says that. `enabled` is false
    where ALTER TABLE ... DISABLE TRIGGER ALL has put a foreign key's own triggers to sleep.
    `index_valid` is false where the index that holds it up is not, such as on a partitioned table
    with a partition still to be attached. `options` (such as "fillfactor=70"), `tablespace` and
    `index_comment` are that index's.
    """

    KIND: ClassVar[str] = "constraint"

    kind: ConstraintKind
    columns: tuple[str, ...]
    definition: str
    validated: bool = True
    enabled: bool = True
    index_valid: bool = True
    clustered: bool = False
    options: tuple[str, ...] = ()
    tablespace: str = ""
    index_comment: str = ""


@dataclass(frozen=True, slots=True)
class Index(Part):
    """An index that no constraint owns, on a table or materialized view. `definition` is
    pg_get_indexdef() from USING on. `statistics` are "expression number=target".
    `extensions` are those that it DEPENDS ON: it is dropped with any of them."""

    KIND: ClassVar[str] = "index"

    unique: bool
    columns: tuple[str, ...]
    definition: str
    valid: bool = True
    clustered: bool = False
    tablespace: str = ""
    statistics: tuple[str, ...] = ()
    extensions: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Statistics(Member):
    """An extended statistics object. `definition` is pg_get_statisticsobjdef() from the kinds or
    ON on, without the name. `table` is "schema.table", quoted as SQL needs."""

    KIND: ClassVar[str] = "statistics"

    table: str = ""
    definition: str = ""
    target: int | None = None
