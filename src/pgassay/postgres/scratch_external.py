"""Scratch databases on a server that somebody gave us (`--scratch-url`).

Only databases whose name has our prefix are ever dropped: ours at the end, and those of dead
runs at the start. A run is alive while its own connection, named after it, is open.
"""

import contextlib
import re
import secrets
from collections.abc import Sequence
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import psycopg
from psycopg import sql

from pgassay.postgres.connection import log_in
from pgassay.postgres.connection_target import ConnectionTarget
from pgassay.postgres.scratch import Database, ScratchFailed

_PREFIX = "pgassay_"
_OURS = re.compile(rf"{_PREFIX}([0-9a-f]{{12}})_\w+")
_LIVE_NAME = "pgassay scratch "
_NAME_LIMIT = 63  # NAMEDATALEN - 1


class ExternalScratch:
    """A server given by URL, inside a `with` block. Threads may share it.

    `passing_roles` are roles that a run may make: those that were not there before go with it.
    """

    def __init__(self, target: ConnectionTarget, *, passing_roles: Sequence[str] = ()) -> None:
        self.version = ""
        self.major = 0
        self.run_id = secrets.token_hex(6)
        self._target = target
        self._passing_roles = tuple(passing_roles)
        self._parameters: dict[str, str] = {}
        self._connection: psycopg.Connection[tuple[Any, ...]] | None = None
        self._made: dict[str, Database] = {}

    def __enter__(self) -> Self:
        """Connect, and drop what dead runs left. Raises ConnectFailed or ScratchFailed."""
        name = _LIVE_NAME + self.run_id
        connection = log_in(self._target, application_name=name, autocommit=True)
        self._connection = connection
        try:
            self._look_at(connection)
            there = connection.execute("SELECT rolname FROM pg_catalog.pg_roles").fetchall()
            known = {name for (name,) in there}
            self._passing_roles = tuple(r for r in self._passing_roles if r not in known)
            for stale in self._stale(connection):
                # Another role's; it will drop it at its own next start.
                with contextlib.suppress(psycopg.Error):
                    connection.execute(self._drop_statement(stale))
        except psycopg.Error as failed:
            connection.close()
            raise ScratchFailed(
                f"the scratch server {self._target.masked()} could not be used: {failed}",
                f"psql '{self._target.masked()}' -c 'select 1'",
            ) from None
        except BaseException:
            connection.close()
            raise
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        value: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Drop the databases of this run and disconnect. Again and again is fine."""
        connection, self._connection = self._connection, None
        if connection is None:
            return
        try:
            for name in list(self._made):
                # What cannot be dropped now is stale at the next start.
                with contextlib.suppress(psycopg.Error):
                    connection.execute(self._drop_statement(name))
            self._made.clear()
            for role in self._passing_roles:
                statement = sql.SQL("DROP ROLE IF EXISTS {}").format(sql.Identifier(role))
                with contextlib.suppress(psycopg.Error):
                    connection.execute(statement)
        finally:
            connection.close()

    @property
    def socket_dir(self) -> Path | None:
        """The folder of the server's unix socket; None over TCP."""
        host = self._parameters.get("host", "")
        return Path(host) if host.startswith("/") else None

    @property
    def socket(self) -> Path | None:
        """The server's unix socket; None over TCP."""
        folder = self.socket_dir
        return folder / f".s.PGSQL.{self.port}" if folder else None

    @property
    def port(self) -> int:
        """The server's port."""
        return int(self._parameters.get("port", "5432"))

    def create_database(self, purpose: str, *, template: str = "template0") -> Database:
        """Make the database `pgassay_<run id>_<purpose>`.

        `template`: a Database's name, or "template0". Raises ScratchFailed.
        """
        name = f"{_PREFIX}{self.run_id}_{re.sub('[^a-z0-9_]', '_', purpose.lower())}"[:_NAME_LIMIT]
        statement = sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(
            sql.Identifier(name), sql.Identifier(template)
        )
        if template == "template0":
            # The server's own encoding may be another; only this template may be re-encoded.
            statement += sql.SQL(" ENCODING 'UTF8'")
        self._administer(statement, f"the scratch database {name} could not be made")
        database = Database(name, {**self._parameters, "dbname": name})
        self._made[name] = database
        return database

    def make_role(self, name: str) -> bool:
        """Make a role that may not log in; it is dropped at the end. Whether it is there now."""
        connection = self._connection
        if connection is None:
            raise RuntimeError("the scratch server is used outside its with block")
        try:
            connection.execute(sql.SQL("CREATE ROLE {} NOLOGIN").format(sql.Identifier(name)))
        except psycopg.errors.DuplicateObject:
            return True
        except psycopg.Error:
            return False
        self._passing_roles = (*self._passing_roles, name)
        return True

    def drop_database(self, database: Database) -> None:
        """Drop one of this run's databases, whoever is connected. Raises ScratchFailed."""
        if database.name not in self._made:
            raise ScratchFailed(
                f"{database.name} is not a scratch database of this run, so it is not dropped",
                f"dropdb {database.name}, if it is to go",
            )
        self._administer(
            self._drop_statement(database.name),
            f"the scratch database {database.name} could not be dropped",
        )
        del self._made[database.name]

    def _administer(self, statement: sql.Composed, failure: str) -> None:
        connection = self._connection
        if connection is None:
            raise RuntimeError("the scratch server is used outside its with block")
        try:
            # psycopg lets one thread at a time use a connection.
            connection.execute(statement)
        except psycopg.Error as failed:
            raise ScratchFailed(
                f"{failure}: {failed}", f"look at the log of {self._target.masked()}"
            ) from None

    def _look_at(self, connection: psycopg.Connection[tuple[Any, ...]]) -> None:
        number = connection.info.server_version
        self.major = number // 10000
        self.version = connection.info.parameter_status("server_version") or str(self.major)
        info = connection.info
        # In full: a child that is to connect has none of our PG* variables.
        self._parameters = {
            **self._target.keywords(),
            "host": info.host,
            "port": str(info.port),
            "user": info.user,
            **({"hostaddr": info.hostaddr} if self._target.get("hostaddr") else {}),
            **({"password": info.password} if info.password else {}),
        }
        may = connection.execute(
            "SELECT rolcreatedb OR rolsuper FROM pg_catalog.pg_roles WHERE rolname = current_user"
        ).fetchone()
        if may is None or not may[0]:
            role = connection.info.user
            raise ScratchFailed(
                f"the role {role} may not make databases on {self._target.masked()}",
                sql.SQL("ALTER ROLE {} CREATEDB;").format(sql.Identifier(role)).as_string(None),
            )

    def _stale(self, connection: psycopg.Connection[tuple[Any, ...]]) -> list[str]:
        """The databases with our prefix whose run has no connection any more."""
        # The names first: a run connects before it makes its first database.
        names = connection.execute("SELECT datname FROM pg_catalog.pg_database").fetchall()
        live = {
            row[0].removeprefix(_LIVE_NAME)
            for row in connection.execute(
                "SELECT application_name FROM pg_catalog.pg_stat_activity"
                " WHERE starts_with(application_name, %s)",
                [_LIVE_NAME],
            )
        }
        matches = (_OURS.fullmatch(name) for (name,) in names)
        return [match[0] for match in matches if match and match[1] not in live]

    def _drop_statement(self, name: str) -> sql.Composed:
        if not _OURS.fullmatch(name):
            raise ValueError(f"{name} is no scratch database")
        force = sql.SQL(" WITH (FORCE)" if self.major >= 13 else "")
        return sql.SQL("DROP DATABASE IF EXISTS {}").format(sql.Identifier(name)) + force
