"""What a scratch server is to those who use one, whoever runs it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol

import psycopg

from pgassay.postgres.connection_url import write_url


class ScratchFailed(Exception):
    """A scratch server could not be started or used. Holds no password."""

    def __init__(self, reason: str, next_step: str) -> None:
        self.reason = reason
        self.next_step = next_step
        super().__init__(f"{reason}\nnext: {next_step}")


@dataclass(frozen=True, slots=True)
class Database:
    """One database on a scratch server."""

    name: str
    # libpq's keywords to connect with; may hold the password of an external server.
    parameters: Mapping[str, str] = field(repr=False, hash=False)

    def url(self, driver: str | None = None) -> str:
        """Its URL for libpq, or for SQLAlchemy with `driver` ("asyncpg"). May hold a password."""
        return write_url(self.parameters, driver)

    def connect(self, *, autocommit: bool = False) -> psycopg.Connection[tuple[Any, ...]]:
        """A new connection to it. Raises psycopg.OperationalError.

        It prepares nothing by itself: what runs on scratch may forget it (DISCARD ALL).
        """
        keywords: dict[str, Any] = dict(self.parameters)
        return psycopg.connect(**keywords, autocommit=autocommit, prepare_threshold=None)


class Scratch(Protocol):
    """A server where databases may be made, filled and thrown away. Threads may share it."""

    @property
    def version(self) -> str:
        """The server's version, such as "15.18"."""

    @property
    def major(self) -> int:
        """The server's major version."""

    @property
    def socket_dir(self) -> Path | None:
        """The folder of its unix socket; None over TCP, where an isolated child has no way."""

    @property
    def socket(self) -> Path | None:
        """The socket in it: what to allow an isolated child. None over TCP."""

    @property
    def port(self) -> int:
        """Its port; over a unix socket, the number in the socket's name."""

    def create_database(self, purpose: str, *, template: str = "template0") -> Database:
        """Make a database. `template`: the name of one of ours without sessions, to copy it.

        Raises ScratchFailed.
        """

    def make_role(self, name: str) -> bool:
        """Make a role without any right, which goes with this run; whether it is there now."""

    def drop_database(self, database: Database) -> None:
        """Drop it, whoever is connected. Raises ScratchFailed."""
