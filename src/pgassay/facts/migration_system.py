"""A migration system that is not Alembic's, as its files tell it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from pgassay.facts.catalog import TableName
from pgassay.facts.location import Location

SystemKind = Literal[
    "plain",
    "flyway",
    "golang-migrate",
    "goose",
    "dbmate",
    "supabase",
    "prisma",
    "django",
    "yoyo",
    "peewee",
]

FileRole = Literal[
    "versioned",
    "repeatable",
    "baseline",
    "before",
    "before-each",
    "after-each",
    "after",
    "undo",
    "seed",
    "other",
]

STATE_TABLES: dict[SystemKind, TableName] = {
    "flyway": ("", "flyway_schema_history"),
    "golang-migrate": ("", "schema_migrations"),
    "goose": ("", "goose_db_version"),
    "dbmate": ("", "schema_migrations"),
    "supabase": ("supabase_migrations", "schema_migrations"),
    "prisma": ("", "_prisma_migrations"),
    "django": ("", "django_migrations"),
    "yoyo": ("", "_yoyo_migration"),
    "peewee": ("", "migratehistory"),
}
"""Where each tool writes what it has applied, by default; the schema "" is the search path's."""


@dataclass(frozen=True, slots=True)
class Section:
    """A text to run: `location` is the file and the first line of it."""

    location: Location
    sql: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class MigrationFile:
    """One file of a system, or one folder's of Prisma.

    `version` is as the tool orders it, "" where it has none. `up` and `down` are the texts that
    apply and undo it, None where there is none or where it is no SQL. `transaction`: the tool runs
    it in one. `whole` are statements that the tool takes as they are, however they read (goose's
    StatementBegin), as (first line, text); empty where the text is split.
    """

    version: str
    location: Location
    role: FileRole = "versioned"
    summary: str = ""
    up: Section | None = None
    down: Section | None = None
    transaction: bool = True
    whole: tuple[tuple[int, str], ...] = ()


@dataclass(frozen=True, slots=True)
class MigrationSystem:
    """One system. `name` is its folder relative to the project's root, with forward slashes.

    `files` are in the order in which the tool applies them, undo files and seeds last.
    `state_table` is where the tool writes what it has applied, None for one that does not.
    `dialect` is the database it is written for. `not_run` says why it is not executed, "" where it
    can be. `makes` are the tables that its text creates or alters, as far as they are plain to see;
    `reads_whole` that nothing of it is hidden from that reading. `database` is the one its own
    configuration names, password masked, "" for none. `placeholders` are values that configuration
    gives for `${name}`. `managed` are schemas that a hosting service
    fills and looks after.
    """

    kind: SystemKind
    name: str
    files: tuple[MigrationFile, ...]
    state_table: TableName | None = None
    dialect: str = "postgresql"
    not_run: str = ""
    makes: frozenset[TableName] = frozenset()
    reads_whole: bool = True
    database: str = ""
    placeholders: tuple[tuple[str, str], ...] = ()
    managed: tuple[str, ...] = ()

    @property
    def applied(self) -> tuple[MigrationFile, ...]:
        """The files that building an empty database runs."""
        return tuple(f for f in self.files if f.role not in ("undo", "seed", "other"))
