"""A standby gives the digests that its primary gives."""

from __future__ import annotations

import pytest

from pgassay.postgres.binaries import all_binaries
from pgassay.postgres.scratch import Database
from pgassay.postgres.scratch_server import ScratchServer
from tests.cli.pgassay_command import pgassay
from tests.sources.standby import standby_of

_BINARIES = {b.major: b for b in all_binaries() if b.major >= 15}


@pytest.mark.parametrize("major", sorted(_BINARIES))
def test_a_standby_is_compared_like_any_other(major: int) -> None:
    with ScratchServer(_BINARIES[major]) as primary:
        made = primary.create_database("followed")
        with made.connect(autocommit=True) as connection:
            connection.execute("CREATE TABLE t (id int PRIMARY KEY, amount numeric(12,2))")
            connection.execute("INSERT INTO t SELECT n, n / 7.0 FROM generate_series(1, 500) n")
        with standby_of(primary) as parameters:
            standby = Database("followed", {**parameters, "dbname": "followed"})
            env = {"A": made.url(), "B": standby.url()}
            done = pgassay("data", "diff", "env:A", "env:B", env=env)
            assert done.returncode == 0, done.stdout + done.stderr
            said = " ".join(done.stdout.split())
            assert "a standby" in said
            assert "the other's standby" in said
            with standby.connect() as connection:
                connection.execute("SELECT pg_wal_replay_pause()")
            with made.connect(autocommit=True) as connection:
                connection.execute("UPDATE t SET amount = 0 WHERE id = 77")
            done = pgassay("data", "diff", "env:A", "env:B", env=env)
            assert done.returncode == 1
            assert "changed  id=77: amount" in done.stdout
