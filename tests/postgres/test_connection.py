"""Connecting to real servers, and what is said when that fails."""

import contextlib
import itertools
import socket
import subprocess
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest

from pgassay.postgres.binaries import Binaries, all_binaries
from pgassay.postgres.connect_failure import ConnectFailed, connect_failure
from pgassay.postgres.connect_rules import RULES, Cause, Rule
from pgassay.postgres.connection import is_pooled, log_in, open_readonly, snapshot
from pgassay.postgres.connection_target import ConnectionTarget
from pgassay.postgres.scratch_server import ScratchServer
from tests.postgres.conftest import eventually, owned_by_server

_NUMBER = itertools.count()
_HBA = """
local all postgres trust
local all alice,nologin,ghost trust
local all peered peer
host all forbidden 127.0.0.1/32 reject
host all unlisted 127.0.0.1/32 reject
host all alice,bob,nosuch 127.0.0.1/32 scram-sha-256
host all alice,bob,nosuch ::1/128 scram-sha-256
hostnossl all plaintext 127.0.0.1/32 scram-sha-256
"""


def _with_tls() -> Binaries | None:
    for one in all_binaries():
        config = one.program("pg_config")
        if config is not None:
            said = subprocess.run([config, "--configure"], capture_output=True, text=True).stdout
            if "openssl" in said:
                return one
    return None


def _certificate(folder: Path) -> dict[str, str]:
    key, certificate = folder / "server.key", folder / "server.crt"
    subprocess.run(
        [
            *("openssl", "req", "-new", "-x509", "-days", "2", "-nodes", "-subj", "/CN=localhost"),
            *("-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1"),
            *("-keyout", str(key), "-out", str(certificate)),
        ],
        check=True,
        capture_output=True,
    )
    key.chmod(0o600)
    owned_by_server(key)
    return {"ssl": "on", "ssl_key_file": str(key), "ssl_cert_file": str(certificate)}


@pytest.fixture(scope="module")
def guarded(binaries: Binaries, own_temporary_folder: Path) -> Iterator[tuple[ScratchServer, bool]]:
    """A server on TCP with passwords, and with TLS where an installation has it."""
    # A worker may set this up twice: between two tests of this file it may be given others.
    folder = own_temporary_folder / f"guarded-{next(_NUMBER)}"
    folder.mkdir()
    (folder / "pg_hba.conf").write_text(_HBA)
    tls = _with_tls()
    with socket.socket() as any_socket:
        any_socket.bind(("127.0.0.1", 0))
        port = any_socket.getsockname()[1]
    settings = {
        "listen_addresses": "localhost",
        "hba_file": str(folder / "pg_hba.conf"),
        "max_connections": "12",
        "superuser_reserved_connections": "3",
        "log_connections": "on",
        **(_certificate(folder) if tls else {}),
    }
    with ScratchServer(tls or binaries, settings=settings, port=port, isolated=False) as running:
        with psycopg.connect(running.url(), autocommit=True) as connection:
            connection.execute("create role alice login password 'right'")
            connection.execute("create role bob login password 'right' connection limit 0")
            connection.execute("create role plaintext login password 'right'")
            connection.execute("create role nologin; create role forbidden login")
            connection.execute("create role peered login")
            connection.execute("create database closed")
            connection.execute("revoke connect on database closed from public")
        yield running, tls is not None


def _url(server: ScratchServer, login: str = "alice:right", rest: str = "postgres") -> str:
    return f"postgresql://{login}@127.0.0.1:{server.port}/{rest}"


def _failure(url: str) -> ConnectFailed:
    with pytest.raises(ConnectFailed) as failed:
        open_readonly(ConnectionTarget.parse(url), connect_timeout_s=2).close()
    assert failed.value.reason
    assert failed.value.next_step
    for secret in ("wrong-secret", "right"):
        assert secret not in str(failed.value)
    assert failed.value.__cause__ is None
    return failed.value


def test_the_connection_reads_only_and_is_bounded(
    guarded: tuple[ScratchServer, bool],
) -> None:
    server, _ = guarded
    target = ConnectionTarget.parse(_url(server))
    with open_readonly(target, statement_timeout_ms=500, lock_timeout_ms=70) as connection:
        row = connection.execute(
            "select current_setting('transaction_read_only'), current_setting('lock_timeout'),"
            " current_setting('statement_timeout'), current_setting('application_name'),"
            " current_setting('transaction_isolation'),"
            " current_setting('idle_in_transaction_session_timeout'),"
            " current_setting('default_transaction_read_only')"
        ).fetchone()
        assert row == ("on", "70ms", "500ms", "pgassay", "repeatable read", "1min", "on")
        with pytest.raises(psycopg.errors.ReadOnlySqlTransaction):
            connection.execute("create table public.t ()")
        connection.rollback()
        with pytest.raises(psycopg.errors.QueryCanceled):
            connection.execute("select pg_sleep(5)")
        connection.rollback()
        assert not is_pooled(connection)


def test_a_snapshot_is_of_one_moment_and_sets_its_own_limits(
    guarded: tuple[ScratchServer, bool],
) -> None:
    server, _ = guarded
    with (
        psycopg.connect(server.url(), autocommit=True) as writer,
        open_readonly(ConnectionTarget.parse(server.url())) as connection,
    ):
        writer.execute("create table seen as select 1 as n")
        with snapshot(connection, statement_timeout_ms=1234):
            assert connection.execute("select count(*) from seen").fetchone() == (1,)
            writer.execute("insert into seen values (2)")
            assert connection.execute("select count(*) from seen").fetchone() == (1,)
            assert connection.execute("show statement_timeout").fetchone() == ("1234ms",)
        with snapshot(connection):
            assert connection.execute("select count(*) from seen").fetchone() == (2,)
            assert connection.execute("show statement_timeout").fetchone() == ("30s",)
        writer.execute("drop table seen")


@pytest.mark.parametrize("mode", [None, "prefer", "allow", "require", "disable"])
@pytest.mark.parametrize("host", ["127.0.0.1", "localhost"])
def test_a_wrong_password_is_sent_once(
    guarded: tuple[ScratchServer, bool], mode: str | None, host: str
) -> None:
    server, has_tls = guarded
    if mode == "require" and not has_tls:
        assert _failure(_url(server, rest="postgres?sslmode=require")).cause is Cause.NO_TLS
        return
    log = server.socket_dir.parent / "server.log"

    def refused() -> int:
        return log.read_text().count("FATAL:  password authentication failed")

    before = refused()
    query = f"?sslmode={mode}" if mode else ""
    url = f"postgresql://alice:wrong-secret@{host}:{server.port}/postgres{query}"
    failed = _failure(url)
    assert failed.cause is Cause.PASSWORD
    assert "refused the login of alice" in failed.reason
    assert f"port={server.port} user=alice" in failed.next_step
    assert eventually(lambda: refused() > before)
    assert refused() == before + 1
    # What libpq and psycopg do when left to themselves, so that the care is seen to be needed.
    if mode in (None, "prefer") and has_tls:
        with pytest.raises(psycopg.OperationalError):
            psycopg.connect(url).close()
        assert eventually(lambda: refused() >= before + 3)


def test_tls_is_used_where_the_server_has_it(guarded: tuple[ScratchServer, bool]) -> None:
    server, has_tls = guarded
    for mode, expected in (("prefer", has_tls), ("allow", False), ("disable", False)):
        target = ConnectionTarget.parse(_url(server, rest=f"postgres?sslmode={mode}"))
        with open_readonly(target) as connection:
            assert connection.pgconn.ssl_in_use == expected
    # A server whose rules refuse TLS to this role is still reached without it.
    with open_readonly(ConnectionTarget.parse(_url(server, "plaintext:right"))) as connection:
        assert not connection.pgconn.ssl_in_use


@pytest.mark.parametrize(
    ("login", "rest", "cause", "words"),
    [
        ("nosuch:wrong-secret", "postgres", Cause.PASSWORD, "refused the login of nosuch"),
        ("alice", "postgres", Cause.NO_PASSWORD, "wants a password for alice"),
        ("alice:right", "missing", Cause.DATABASE, "no database missing"),
        ("alice:right", "closed", Cause.NO_CONNECT_RIGHT, "may not connect to the database closed"),
        ("bob:right", "postgres", Cause.TOO_MANY, "no connection left for bob"),
        ("stranger:right", "postgres", Cause.NO_HBA_ENTRY, "no rule that lets stranger into"),
        ("forbidden:right", "postgres", Cause.NO_HBA_ENTRY, "no rule that lets forbidden into"),
    ],
)
def test_what_the_server_refuses_is_named(
    guarded: tuple[ScratchServer, bool], login: str, rest: str, cause: Cause, words: str
) -> None:
    server, _ = guarded
    failed = _failure(_url(server, login, rest))
    assert (failed.cause, words in failed.reason) == (cause, True), failed
    assert f"127.0.0.1:{server.port}" in failed.reason


@pytest.mark.parametrize(
    ("user", "cause"),
    [("ghost", Cause.ROLE), ("nologin", Cause.NO_LOGIN), ("peered", Cause.PEER)],
)
def test_what_the_server_refuses_on_its_socket_is_named(
    guarded: tuple[ScratchServer, bool], user: str, cause: Cause
) -> None:
    server, _ = guarded
    failed = _failure(f"host={server.socket_dir} port={server.port} user={user} dbname=postgres")
    assert failed.cause is cause
    assert user in failed.reason


def test_a_full_server_is_named(guarded: tuple[ScratchServer, bool]) -> None:
    server, _ = guarded
    held: list[psycopg.Connection[tuple[Any, ...]]] = []
    try:
        # Twelve slots, of which some are the superuser's and the server's own.
        with contextlib.suppress(psycopg.OperationalError):
            while len(held) < 20:
                held.append(psycopg.connect(_url(server)))
        assert len(held) < 12
        failed = _failure(_url(server))
    finally:
        for connection in held:
            connection.close()
    assert failed.cause is Cause.TOO_MANY
    assert "table pg_stat_activity" in failed.next_step


def test_a_certificate_nobody_vouches_for_is_named(
    guarded: tuple[ScratchServer, bool], own_temporary_folder: Path
) -> None:
    server, has_tls = guarded
    root = "sslmode=verify-full&sslrootcert="
    if not has_tls:
        assert _failure(_url(server, rest=f"postgres?{root}/no/such")).cause in (
            Cause.NO_TLS,
            Cause.CERTIFICATE,
        )
        return
    certificate = own_temporary_folder / "guarded" / "server.crt"
    # Made for localhost, reached as 127.0.0.1.
    failed = _failure(_url(server, rest=f"postgres?{root}{certificate}"))
    assert (failed.cause, "127.0.0.1" in failed.reason) == (Cause.CERTIFICATE, True)
    failed = _failure(_url(server, rest=f"postgres?{root}/no/such"))
    assert (failed.cause, "/no/such" in failed.reason) == (Cause.CERTIFICATE, True)


def test_no_tls_is_named(binaries: Binaries) -> None:
    with ScratchServer(
        binaries, settings={"listen_addresses": "127.0.0.1"}, port=_free(), isolated=False
    ) as running:
        failed = _failure(_url(running, "postgres", "postgres?sslmode=require"))
        assert failed.cause is Cause.NO_TLS
        assert "sslmode=require" in failed.reason
        with log_in(
            ConnectionTarget.parse(_url(running, "postgres")), application_name="x"
        ) as connection:
            assert not connection.pgconn.ssl_in_use


def _free() -> int:
    with socket.socket() as any_socket:
        any_socket.bind(("127.0.0.1", 0))
        port: int = any_socket.getsockname()[1]
        return port


def test_a_refused_port_is_named() -> None:
    port = _free()
    failed = _failure(f"postgresql://alice:wrong-secret@127.0.0.1:{port}/db")
    assert failed.cause is Cause.REFUSED
    assert failed.reason == f"nothing listens at 127.0.0.1:{port}"
    assert failed.next_step == f"pg_isready -h 127.0.0.1 -p {port}"


def test_an_unknown_name_is_named() -> None:
    failed = _failure("postgresql://alice:wrong-secret@name.invalid/db")
    assert failed.cause is Cause.NAME
    assert failed.next_step == "getent hosts name.invalid"


def test_a_missing_socket_is_named(place: Path) -> None:
    failed = _failure(f"postgresql:///db?host={place}&port=5999")
    assert failed.cause is Cause.NO_SOCKET
    assert str(place) in failed.reason
    assert failed.next_step == f"pg_isready -h {place} -p 5999"


@pytest.fixture
def silent() -> Iterator[int]:
    """A port that accepts and says nothing."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        yield listener.getsockname()[1]


def test_a_silent_peer_is_named(silent: int) -> None:
    failed = _failure(f"postgresql://alice:wrong-secret@127.0.0.1:{silent}/db")
    assert failed.cause is Cause.TIMEOUT
    assert failed.next_step == f"nc -vz -w 5 127.0.0.1 {silent}"


def test_a_port_that_is_not_postgresql_is_named() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def answer() -> None:
            for _ in range(2):
                peer, _ = listener.accept()
                with peer:
                    peer.recv(100)
                    peer.sendall(b"HTTP/1.1 400 Bad Request\r\n\r\n")

        port = listener.getsockname()[1]
        worker = threading.Thread(target=answer, daemon=True)
        worker.start()
        failed = _failure(f"postgresql://alice:wrong-secret@127.0.0.1:{port}/db")
        worker.join(5)
    assert failed.cause is Cause.NOT_POSTGRES


def test_the_next_host_is_tried_when_one_does_not_answer(
    guarded: tuple[ScratchServer, bool],
) -> None:
    server, _ = guarded
    url = f"postgresql://alice:right@127.0.0.1:1,name.invalid:1,127.0.0.1:{server.port}/postgres"
    with open_readonly(ConnectionTarget.parse(url)) as connection:
        assert connection.info.port == server.port


@pytest.mark.parametrize(
    ("text", "cause"),
    [
        ("FATAL:  Tenant or user not found", Cause.TENANT),
        ("FATAL:  (ENOTFOUND) tenant/user postgres.abc not found", Cause.TENANT),
        ("FATAL:  the database system is starting up", Cause.STARTING),
        ("FATAL:  sorry, too many clients already", Cause.TOO_MANY),
        ("FATAL:  remaining connection slots are reserved", Cause.TOO_MANY),
        ('FATAL:  too many connections for database "d"', Cause.TOO_MANY),
        ("FATAL:  no more connections allowed (max_client_conn)", Cause.TOO_MANY),
        ("FATAL:  SASL authentication failed", Cause.PASSWORD),
        ("FATAL:  no such database: d", Cause.DATABASE),
        ("FATAL:  SSL required", Cause.TLS),
        ("connection to server failed: Network is unreachable", Cause.UNREACHABLE),
        ('definition of service "x" not found', Cause.SERVICE),
        ("FATAL:  Passwort-Authentifizierung fehlgeschlagen", Cause.UNKNOWN),
    ],
)
def test_the_texts_of_poolers_are_known(text: str, cause: Cause) -> None:
    target = ConnectionTarget.parse("postgresql://u:geheim@h:6543/d")
    failed = connect_failure(text, target)
    assert failed.cause is cause
    assert "geheim" not in str(failed)


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: str(rule.cause))
def test_every_rule_can_be_filled_in(rule: Rule) -> None:
    names = ("host", "port", "user", "database", "where", "shell_host", "shell_user")
    values = dict.fromkeys((*names, "sslmode", "encryption", "detail"), "value")
    assert "{" not in rule.reason.format(**values) + rule.next_step.format(**values)


def test_braces_and_quotes_in_names_do_no_harm() -> None:
    target = ConnectionTarget.parse("postgresql://u{x}:geheim@h'/d")
    failed = connect_failure("Connection refused", target)
    assert failed.next_step == """pg_isready -h 'h'"'"'' -p 5432"""
    assert "u{x}" in connect_failure('role "u{x}" does not exist', target).reason
