"""Connections to the database under assay: read-only, bounded in time, one login attempt.

Poolers lock an account out after some failed logins (Supavisor: 10 in 150 s), so a refused
password is sent once. libpq and psycopg do not keep to that by themselves: with
`sslmode=prefer`, their default, libpq logs in again without TLS, and psycopg goes on to the
name's next address (`localhost` has two). Both measured on PostgreSQL 15.
"""

import contextlib
import socket
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import psycopg

from pgassay.postgres.connect_failure import ConnectFailed, connect_failure
from pgassay.postgres.connect_rules import Cause
from pgassay.postgres.connection_target import ConnectionTarget

_APPLICATION = "pgassay"
# The server has not heard a password when one of these comes back.
_BEFORE_LOGIN = (
    Cause.NO_TLS,
    Cause.CERTIFICATE,
    Cause.TLS,
    Cause.NOT_POSTGRES,
    Cause.NO_HBA_ENTRY,
)
_TRY_NEXT_ADDRESS = (
    Cause.NAME,
    Cause.REFUSED,
    Cause.NO_SOCKET,
    Cause.UNREACHABLE,
    Cause.TIMEOUT,
    Cause.STARTING,
    Cause.SESSION_KIND,
)
_SECOND_TLS_CHOICE = {"prefer": ("require", "disable"), "allow": ("disable", "require")}

Connection = psycopg.Connection[tuple[Any, ...]]


@dataclass(frozen=True, slots=True)
class _Address:
    """One place to try: libpq connects to `hostaddr` and checks the certificate for `host`."""

    host: str
    port: str
    hostaddr: str

    def keywords(self) -> dict[str, str]:
        given = {"host": self.host, "port": self.port, "hostaddr": self.hostaddr}
        return {key: text for key, text in given.items() if text}


def open_readonly(
    target: ConnectionTarget,
    *,
    statement_timeout_ms: int = 30_000,
    lock_timeout_ms: int = 2_000,
    idle_timeout_ms: int = 60_000,
    connect_timeout_s: int = 10,
) -> Connection:
    """A connection whose transactions are REPEATABLE READ, READ ONLY.

    The limits are set for the session only where the session is ours: behind a pooler in
    transaction mode they would stay with a server connection that others use next. Read in
    `snapshot()`, which sets them for its transaction alone. Raises ConnectFailed.
    """
    connection = log_in(target, application_name=_APPLICATION, connect_timeout_s=connect_timeout_s)
    try:
        connection.read_only = True
        connection.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
        # A pooler in transaction mode may hand a prepared statement to another connection.
        connection.prepare_threshold = None
        if not is_pooled(connection):
            _limit(connection, statement_timeout_ms, lock_timeout_ms, idle_timeout_ms, False)
            connection.execute(
                "SELECT pg_catalog.set_config('default_transaction_read_only', 'on', false)"
            )
        connection.commit()
    except psycopg.Error as failed:
        connection.close()
        raise connect_failure(str(failed), target) from None
    except BaseException:
        connection.close()
        raise
    return connection


@contextlib.contextmanager
def snapshot(
    connection: Connection,
    *,
    statement_timeout_ms: int = 30_000,
    lock_timeout_ms: int = 2_000,
    idle_timeout_ms: int = 60_000,
) -> Iterator[None]:
    """One read-only transaction with the limits set for it: all it reads is of one moment.

    It is rolled back at the end. Raises psycopg.Error.
    """
    connection.rollback()
    try:
        _limit(connection, statement_timeout_ms, lock_timeout_ms, idle_timeout_ms, True)
        yield
    finally:
        if not connection.closed:
            connection.rollback()


def is_pooled(connection: Connection) -> bool:
    """Whether a pooler is in between: the process that answers is not the one that greeted."""
    row = connection.execute("SELECT pg_catalog.pg_backend_pid()").fetchone()
    return row is None or row[0] != connection.info.backend_pid


def log_in(
    target: ConnectionTarget,
    *,
    application_name: str,
    autocommit: bool = False,
    connect_timeout_s: int = 10,
) -> Connection:
    """A plain connection; the password is sent at most once. Raises ConnectFailed.

    A host that does not answer is followed by the next one; a refused login is not.
    """
    keywords: dict[str, Any] = {
        "connect_timeout": connect_timeout_s,
        "gssencmode": target.get("gssencmode") or "disable",
        **target.keywords(),
        "application_name": application_name,
    }
    failure: ConnectFailed | None = None
    for address in _addresses(target):
        if isinstance(address, ConnectFailed):
            failure = address
            continue
        try:
            return _log_in_at(address, target, keywords, autocommit)
        except ConnectFailed as failed:
            if failed.cause not in _TRY_NEXT_ADDRESS:
                raise
            failure = failed
    raise failure or connect_failure("no host given", target)


def _log_in_at(
    address: _Address, target: ConnectionTarget, keywords: dict[str, Any], autocommit: bool
) -> Connection:
    mode = target.get("sslmode") or "prefer"
    # The same as libpq does for these modes, but for the second login after a refused one.
    choices = _SECOND_TLS_CHOICE.get(mode, (mode,))
    if address.host.startswith(("/", "@")) or not address.host:
        choices = (mode,)
    for number, choice in enumerate(choices, start=1):
        try:
            return psycopg.connect(
                **{**keywords, **address.keywords(), "sslmode": choice}, autocommit=autocommit
            )
        except psycopg.Error as failed:
            failure = connect_failure(str(failed), target, address.host, address.port)
        if failure.cause not in _BEFORE_LOGIN or number == len(choices):
            break
    raise failure from None


def _addresses(target: ConnectionTarget) -> Iterator[_Address | ConnectFailed]:
    hosts = (target.get("host") or "").split(",")
    given = (target.get("hostaddr") or "").split(",")
    ports = target.port.split(",")
    count = max(len(hosts), len(given))
    for number in range(count):
        host = hosts[number] if number < len(hosts) else ""
        hostaddr = given[number] if number < len(given) else ""
        port = ports[number] if number < len(ports) else ports[0] if len(ports) == 1 else ""
        port = port or "5432"
        if hostaddr or not host or host.startswith(("/", "@")):
            yield _Address(host, port, hostaddr)
            continue
        try:
            found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        except (OSError, UnicodeError):
            yield connect_failure("could not translate host name", target, host, port)
            continue
        for entry in dict.fromkeys(str(entry[4][0]) for entry in found):
            yield _Address(host, port, entry)


def _limit(
    connection: Connection, statement_ms: int, lock_ms: int, idle_ms: int, local: bool
) -> None:
    connection.execute(
        "SELECT pg_catalog.set_config('statement_timeout', %s, %s),"
        " pg_catalog.set_config('lock_timeout', %s, %s),"
        " pg_catalog.set_config('idle_in_transaction_session_timeout', %s, %s)",
        [str(statement_ms), local, str(lock_ms), local, str(idle_ms), local],
    )
