"""The two databases of a comparison of data: their catalogs read, and one snapshot of each."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing, contextmanager, suppress
from dataclasses import dataclass
from typing import Any, TypeVar

import psycopg

from pgassay.analysis.digest_plans import ReadTable, read_tables
from pgassay.facts.catalog import Catalog, TableName
from pgassay.facts.data_diff import DiffedDatabase
from pgassay.facts.server import Server
from pgassay.facts.settings import MoneySettings
from pgassay.facts.unavailable import Unavailable
from pgassay.flows.diff_side import DiffSide, SideUnknown
from pgassay.postgres.connect_failure import ConnectFailed
from pgassay.postgres.connection import open_readonly
from pgassay.postgres.connection_target import ConnectionTarget
from pgassay.sources.catalog import read_catalog
from pgassay.sources.catalog_fingerprint import fingerprint
from pgassay.sources.server import read_server
from pgassay.sources.table_digests import DigestSession, digest_session

T = TypeVar("T")


def database_target(text: str) -> ConnectionTarget:
    """Where the database of a side is. Raises SideUnknown or TargetInvalid."""
    try:
        is_database = DiffSide.parse(text).of == "database"
    except SideUnknown:
        is_database = False
    if not is_database:
        raise SideUnknown(
            f"{text!r} is no database, and only databases hold rows to compare. Give two of: a "
            "URL, env:NAME (such as env:DATABASE_URL), service=NAME, or libpq's key=value words."
        )
    return ConnectionTarget.parse(text)


@dataclass(frozen=True, slots=True)
class ReadDatabase:
    """One side: its catalog, and a snapshot to read rows in. `moved`: that sees another schema."""

    server: Server
    catalog: Catalog
    tables: Mapping[TableName, ReadTable]
    session: DigestSession
    moved: bool

    @property
    def shown(self) -> DiffedDatabase:
        return DiffedDatabase(
            self.server.url,
            self.server.database,
            self.server.version,
            self.session.at,
            self.session.standby,
            self.catalog.left_out,
        )


class Both:
    """Asks both sides at once."""

    def __init__(self, pool: ThreadPoolExecutor) -> None:
        self._pool = pool

    def __call__(self, a: Callable[[], T], b: Callable[[], T]) -> tuple[T, T]:
        first, second = self._pool.submit(a), self._pool.submit(b)
        return first.result(), second.result()


@dataclass(frozen=True, slots=True)
class _Opened:
    server: Server
    catalog: Catalog
    connection: psycopg.Connection[Any]


@contextmanager
def read_both(
    a: ConnectionTarget,
    b: ConnectionTarget,
    money: MoneySettings,
    *,
    key: str,
    statement_timeout_s: float,
) -> Iterator[tuple[ReadDatabase, ReadDatabase, Both] | tuple[Unavailable, ...]]:
    """Both databases, each in a snapshot of its own, taken one right after the other; or why one of
    them could not be had."""
    with ExitStack() as stack, ThreadPoolExecutor(2) as pool:
        both = Both(pool)
        found = both(
            lambda: _opened(stack, "A", a, statement_timeout_s),
            lambda: _opened(stack, "B", b, statement_timeout_s),
        )
        lost = tuple(one for one in found if isinstance(one, Unavailable))
        if lost:
            yield lost
            return
        opened = [one for one in found if isinstance(one, _Opened)]
        try:
            sessions = [
                stack.enter_context(
                    digest_session(one.connection, key=key, statement_timeout_s=statement_timeout_s)
                )
                for one in opened
            ]
        except psycopg.Error as failed:
            yield (_lost("A or B", failed),)
            return
        first, second = (
            ReadDatabase(
                one.server,
                one.catalog,
                read_tables(one.catalog, money),
                session,
                fingerprint(session.reading.cursor).hash != one.catalog.fingerprint,
            )
            for one, session in zip(opened, sessions, strict=True)
        )
        try:
            yield first, second, both
        except BaseException:
            # Such as Ctrl-C: nobody waits for the queries that are under way.
            for one in opened:
                with suppress(psycopg.Error):
                    one.connection.cancel_safe(timeout=5)
            raise
        with suppress(psycopg.Error):
            # A connection that was lost meanwhile cannot end its snapshot; that has been told.
            stack.close()


def _opened(
    stack: ExitStack, name: str, target: ConnectionTarget, timeout_s: float
) -> _Opened | Unavailable:
    milliseconds = int(timeout_s * 1000)
    try:
        connection = open_readonly(
            target,
            statement_timeout_ms=milliseconds,
            idle_timeout_ms=max(milliseconds * 4, 60_000) if milliseconds else 0,
        )
    except ConnectFailed as failed:
        return Unavailable(f"database {name}", failed.reason, failed.next_step)
    stack.enter_context(closing(connection))
    try:
        catalog = read_catalog(connection)
        if isinstance(catalog, Unavailable):
            return Unavailable(
                f"database {name}", catalog.reason, catalog.next_step, catalog.detail
            )
        return _Opened(read_server(connection, target.masked()), catalog, connection)
    except psycopg.Error as failed:
        return _lost(name, failed)


def _lost(name: str, failed: psycopg.Error) -> Unavailable:
    reason = f"the connection was lost while reading: {str(failed).strip().splitlines()[0]}"
    return Unavailable(f"database {name}", reason, "Run again; the server's log says why.")
