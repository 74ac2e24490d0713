"""Whether a second look at the system catalogs may be left out, and what the first one says."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
import pytest

from pgassay.facts.catalog import Catalog
from pgassay.sources import catalog_fingerprint
from pgassay.sources.catalog import read_catalog
from pgassay.sources.catalog_fingerprint import Fingerprint, fingerprint
from pgassay.sources.read_only import read_only

Connection = psycopg.Connection[Any]


def taken(connection: Connection) -> Fingerprint:
    with read_only(connection) as reading:
        return fingerprint(reading.cursor)


def still_holds(connection: Connection, before: Fingerprint) -> bool:
    with read_only(connection) as reading:
        return before.still_holds(reading.cursor)


@contextmanager
def counted(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[object]]:
    looks: list[object] = []
    whole = catalog_fingerprint.fingerprint

    def look(cursor: Any) -> Fingerprint:
        looks.append(cursor)
        return whole(cursor)

    with monkeypatch.context() as patch:
        patch.setattr(catalog_fingerprint, "fingerprint", look)
        yield looks


def test_is_not_taken_again_where_nothing_was_written(
    connection: Connection, second: Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    connection.execute("CREATE TABLE t (a int)")
    before = taken(connection)
    with counted(monkeypatch) as looks:
        assert still_holds(connection, before)
        assert looks == []
        # Rows of users' tables are written all the time.
        second.execute("INSERT INTO t VALUES (1)")
        assert still_holds(connection, before)
        assert len(looks) == 1


def test_a_change_that_was_under_way_is_told(connection: Connection, second: Connection) -> None:
    """It began before the first look, and ended after it."""
    connection.execute("CREATE TABLE t (a int)")
    with second.transaction():
        second.execute("ALTER TABLE t ADD b int")
        before = taken(connection)
        assert still_holds(connection, before)
    assert not still_holds(connection, before)


def test_a_part_of_a_transaction_that_was_undone_changes_nothing(
    connection: Connection, second: Connection
) -> None:
    connection.execute("CREATE TABLE t (a int)")
    before = taken(connection)
    with second.transaction(force_rollback=True):
        second.execute("ALTER TABLE t ADD b int")
    assert still_holds(connection, before)


def test_names_the_catalogs_without_users_rows(connection: Connection) -> None:
    empty = taken(connection).empty
    assert {"pg_policy", "pg_operator", "pg_collation", "pg_statistic_ext"} <= empty
    connection.execute(
        "CREATE TABLE t (a int, b int); CREATE POLICY p ON t; CREATE STATISTICS s ON a, b FROM t;"
        'CREATE COLLATION c FROM "C"; CREATE OPERATOR <<>> (LEFTARG = int, RIGHTARG = int,'
        " FUNCTION = int4pl)"
    )
    assert taken(connection).empty == empty - {
        *("pg_policy", "pg_operator", "pg_collation", "pg_statistic_ext"),
        *("pg_class", "pg_attribute", "pg_type"),
        # An operator of a new name is in no class; statistics, policies depend on their table.
    }


def test_a_standby_is_looked_at_again(
    connection: Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What pg_current_snapshot() says there leaves out which transactions are under way, so that
    one of several may have ended between two that read alike."""
    connection.execute(
        "CREATE OR REPLACE FUNCTION pg_catalog.pg_is_in_recovery() RETURNS boolean"
        " LANGUAGE sql AS 'SELECT true'"
    )
    before = taken(connection)
    with counted(monkeypatch) as looks:
        assert still_holds(connection, before)
        assert len(looks) == 1


def test_what_is_temporary_changes_nothing(connection: Connection, second: Connection) -> None:
    before = taken(connection)
    second.execute(
        "CREATE TEMPORARY VIEW v AS SELECT 1 AS a;"
        "CREATE TEMPORARY TABLE t (a int PRIMARY KEY, b int DEFAULT 1) PARTITION BY LIST (a);"
        "CREATE TEMPORARY TABLE p PARTITION OF t DEFAULT; CREATE POLICY seen ON t;"
        "COMMENT ON TABLE t IS 'x'; CREATE TEMPORARY SEQUENCE s;"
        "CREATE STATISTICS pg_temp.st ON a, b FROM p; CREATE RULE r AS ON UPDATE TO p DO NOTHING"
    )
    assert still_holds(connection, before)


@pytest.mark.parametrize("on", [True, False])
def test_the_collector_is_left_as_it_was(connection: Connection, on: bool) -> None:
    was = gc.isenabled()
    (gc.enable if on else gc.disable)()
    try:
        assert isinstance(read_catalog(connection), Catalog)
        assert gc.isenabled() is on
    finally:
        (gc.enable if was else gc.disable)()
