"""Scratch databases on somebody else's server: only what has our prefix is ever dropped."""

from collections.abc import Iterator

import psycopg
import pytest

from pgassay.postgres.connect_failure import ConnectFailed
from pgassay.postgres.connection_target import ConnectionTarget
from pgassay.postgres.scratch import Scratch, ScratchFailed
from pgassay.postgres.scratch_external import ExternalScratch
from pgassay.postgres.scratch_server import ScratchServer
from tests.postgres.conftest import python

_HOLD = """
import sys, time
from pgassay.postgres.connection_target import ConnectionTarget
from pgassay.postgres.scratch_external import ExternalScratch
with ExternalScratch(ConnectionTarget.parse(sys.argv[1])) as scratch:
    print(scratch.create_database("held").name, flush=True)
    time.sleep(60)
"""


def _names(server: ScratchServer) -> set[str]:
    with psycopg.connect(server.url()) as connection:
        return {row[0] for row in connection.execute("select datname from pg_database")}


@pytest.fixture
def theirs(server: ScratchServer) -> Iterator[set[str]]:
    """Databases of theirs, two of them named almost like ours."""
    names = {"theirs", "pgassay_production", "pgassay_0123456789ab"}
    made = [server.create_database(name) for name in sorted(names)]
    yield _names(server)
    for database in made:
        server.drop_database(database)


def _target(server: ScratchServer) -> ConnectionTarget:
    return ConnectionTarget.parse(server.url())


def test_it_makes_and_drops_only_its_own(server: ScratchServer, theirs: set[str]) -> None:
    with ExternalScratch(_target(server)) as external:
        scratch: Scratch = external
        assert scratch.major == server.major
        assert scratch.version.startswith(str(server.major))
        assert scratch.socket == server.socket
        first, second = scratch.create_database("History!"), scratch.create_database("models")
        assert first.name == f"pgassay_{external.run_id}_history_"
        with first.connect() as connection:
            assert connection.execute("select current_database()").fetchone() == (first.name,)
        assert _names(server) == theirs | {first.name, second.name}
        scratch.drop_database(first)
        assert _names(server) == theirs | {second.name}
    assert _names(server) == theirs


def test_a_database_in_use_is_dropped_at_the_end(server: ScratchServer, theirs: set[str]) -> None:
    with ExternalScratch(_target(server)) as external:
        left_open = external.create_database("busy").connect()
    assert _names(server) == theirs
    left_open.close()


def test_it_refuses_to_drop_what_it_did_not_make(server: ScratchServer, theirs: set[str]) -> None:
    from pgassay.postgres.scratch import Database

    with ExternalScratch(_target(server)) as external:
        with pytest.raises(ScratchFailed, match="not a scratch database of this run"):
            external.drop_database(Database("theirs", {}))
        with ExternalScratch(_target(server)) as second:
            database = second.create_database("x")
            with pytest.raises(ScratchFailed, match="not a scratch database of this run"):
                external.drop_database(database)
    assert _names(server) == theirs


def test_a_dead_runs_databases_are_swept_and_a_live_runs_are_not(
    server: ScratchServer, theirs: set[str]
) -> None:
    alive, killed = python(_HOLD, server.url()), python(_HOLD, server.url())
    try:
        assert alive.stdout is not None
        assert killed.stdout is not None
        live, dead = alive.stdout.readline().strip(), killed.stdout.readline().strip()
        assert _names(server) == theirs | {live, dead}
        killed.kill()
        killed.communicate()
        with psycopg.connect(server.url()) as connection:
            # The server notices a dead client when it next reads from it; have it do so.
            connection.execute(
                "select pg_terminate_backend(pid) from pg_stat_activity"
                " where application_name = %s",
                [f"pgassay scratch {dead.split('_')[1]}"],
            )
        with ExternalScratch(_target(server)):
            assert _names(server) == theirs | {live}
    finally:
        alive.kill()
        alive.communicate()
    with psycopg.connect(server.url()) as connection:
        connection.execute(
            "select pg_terminate_backend(pid, 5000) from pg_stat_activity"
            " where application_name like 'pgassay scratch %'"
        )
    with ExternalScratch(_target(server)):
        assert _names(server) == theirs


def test_a_role_that_may_not_make_databases_is_told_how(server: ScratchServer) -> None:
    with psycopg.connect(server.url()) as connection:
        connection.execute("create role \"plain one\" login password 'geheim'")
    url = f"host={server.socket_dir} user='plain one' password=geheim dbname=postgres"
    with (
        pytest.raises(ScratchFailed) as failed,
        ExternalScratch(ConnectionTarget.parse(url)),
    ):
        pass
    assert failed.value.next_step == 'ALTER ROLE "plain one" CREATEDB;'
    assert "geheim" not in str(failed.value)


def test_no_server_is_a_connection_failure() -> None:
    target = ConnectionTarget.parse("postgresql://u:geheim@127.0.0.1:1/db")
    with (
        pytest.raises(ConnectFailed, match="nothing listens at") as failed,
        ExternalScratch(target),
    ):
        pass
    assert "geheim" not in str(failed.value)
