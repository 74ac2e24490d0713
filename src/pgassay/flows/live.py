"""Reading the live database: one connection, read-only, held as long as the run needs it."""

from __future__ import annotations

import os
from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

import psycopg

from pgassay.analysis.catalog_share import without_tables
from pgassay.analysis.managed_services import SUPABASE
from pgassay.analysis.version_tables import version_tables
from pgassay.facts.access import Access
from pgassay.facts.catalog import Catalog, TableName
from pgassay.facts.column_maximum import ColumnMaximum
from pgassay.facts.history import Build, Stamp
from pgassay.facts.server import Server
from pgassay.facts.settings import Settings
from pgassay.facts.table_rows import TableRows
from pgassay.facts.table_size import TableSizes
from pgassay.facts.unavailable import NotAsked, Unavailable
from pgassay.postgres.connect_failure import ConnectFailed
from pgassay.postgres.connection import open_readonly
from pgassay.postgres.connection_target import ConnectionTarget
from pgassay.sources.access import read_access
from pgassay.sources.catalog import read_catalog
from pgassay.sources.column_maxima import read_column_maxima
from pgassay.sources.server import read_server
from pgassay.sources.stamps import read_stamps
from pgassay.sources.table_rows import read_critical_rows
from pgassay.sources.table_sizes import read_table_sizes

NOT_NAMED = Unavailable(
    "database",
    "No live database was named.",
    "Give --database-url URL, or set DATABASE_URL or libpq's PGHOST, PGDATABASE, ...",
)

NOT_ASKED = NotAsked("database", "No database was asked for.")


@dataclass(frozen=True, slots=True)
class Live:
    """What the live database shows; all None where nobody looks at it."""

    connection: psycopg.Connection[Any] | None = None
    server: Server | Unavailable | None = None
    catalog: Catalog | Unavailable | None = None
    stamps: tuple[Stamp, ...] | Unavailable | None = None
    critical_rows: tuple[TableRows, ...] | Unavailable | None = None
    access: Access | Unavailable | None = None
    target: ConnectionTarget | None = None

    @property
    def is_supabase(self) -> bool | None:
        """Whether Supabase manages it; None where nobody could look."""
        return self.access.service is SUPABASE if isinstance(self.access, Access) else None

    def close(self) -> None:
        if self.connection is not None:
            self.connection.close()

    def stamp_of(self, build: Build | Unavailable | None) -> tuple[Stamp, ...] | Unavailable | None:
        """The rows of the version table that a history stamps, once env.py has named it."""
        if self.connection is None or not isinstance(build, Build):
            return self.stamps
        return read_stamps(self.connection, [(build.version_schema or "", build.version_table)])

    def maxima(self) -> tuple[ColumnMaximum | Unavailable, ...] | Unavailable | None:
        """The highest values of the columns that sequences feed."""
        if self.connection is None or not isinstance(self.catalog, Catalog):
            return self.catalog if isinstance(self.catalog, Unavailable) else None
        return read_column_maxima(self.connection, self.catalog)

    def sizes(self) -> TableSizes | Unavailable | None:
        """How big the tables are, now."""
        if self.connection is None:
            return self.server if isinstance(self.server, Unavailable) else None
        at = datetime.now().astimezone().isoformat(timespec="seconds")
        sizes = read_table_sizes(self.connection)
        if isinstance(sizes, Unavailable):
            return sizes
        return TableSizes("the live database", at, sizes)


def read_live(database_url: str | None, settings: Settings) -> Live:
    """Connect once and read everything that does not depend on the project's histories.

    Raises TargetInvalid where what names the database cannot be understood.
    """
    written = _named(database_url, settings)
    if written is None:
        return _without(NOT_NAMED)
    target = ConnectionTarget.parse(written)
    try:
        connection = open_readonly(
            target, statement_timeout_ms=int(settings.database.statement_timeout_s * 1000)
        )
    except ConnectFailed as failed:
        return _without(Unavailable("database", failed.reason, failed.next_step))
    try:
        return replace(_read(connection, target.masked(), settings), target=target)
    except psycopg.Error as lost:
        connection.close()
        reason = f"the connection was lost while reading: {str(lost).strip().splitlines()[0]}"
        return _without(Unavailable("database", reason, "Run again; the server's log says why."))


def without_database() -> Live:
    """Of a run that was told to do without one, whatever the environment names."""
    return _without(NOT_ASKED)


def _read(connection: psycopg.Connection[Any], shown: str, settings: Settings) -> Live:
    catalog = read_catalog(connection)
    access = read_access(connection, catalog)
    tables: Collection[TableName] = ()
    if isinstance(catalog, Catalog):
        tables = version_tables(catalog)
        catalog = without_tables(catalog, tables, "version table")
    critical = settings.critical.tables
    return Live(
        connection=connection,
        server=read_server(connection, shown),
        catalog=catalog,
        stamps=read_stamps(connection, list(tables) or [("", "alembic_version")]),
        critical_rows=read_critical_rows(connection, critical) if critical else None,
        access=access,
    )


def _without(reason: Unavailable) -> Live:
    return Live(None, reason, reason, reason, reason, reason)


def _named(database_url: str | None, settings: Settings) -> str | None:
    """Flag > DATABASE_URL > configuration > libpq's variables ("" means: those)."""
    given = database_url or os.environ.get("DATABASE_URL") or settings.database.url
    if given:
        return given
    libpq = ("PGHOST", "PGHOSTADDR", "PGDATABASE", "PGSERVICE")
    return "" if any(os.environ.get(name) for name in libpq) else None
