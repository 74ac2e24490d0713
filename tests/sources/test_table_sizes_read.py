"""How big tables are, as real servers say it."""

from __future__ import annotations

import time
from typing import Any

import psycopg
import pytest

from pgassay.facts.table_size import TableSize
from pgassay.facts.unavailable import Unavailable
from pgassay.sources.table_sizes import read_table_sizes

Connection = psycopg.Connection[Any]


def _shown(schema: str, name: str) -> str:
    return name if schema == "public" else f"{schema}.{name}"


def sizes(connection: Connection) -> dict[str, TableSize]:
    found = read_table_sizes(connection)
    assert not isinstance(found, Unavailable), found
    return {_shown(*name): size for name, size in found.items()}


def asked(connection: Connection, statement: str) -> int:
    row = connection.execute(statement.encode()).fetchone()
    assert row is not None
    return int(row[0])


def test_a_table_with_its_toast_its_indexes_and_its_estimate(connection: Connection) -> None:
    connection.execute(
        'CREATE SCHEMA "S x"; CREATE TABLE "S x"."T.t" (id int PRIMARY KEY, long text);'
        'ALTER TABLE "S x"."T.t" ALTER long SET STORAGE EXTERNAL;'
        'INSERT INTO "S x"."T.t" SELECT n, repeat(\'x\', 9000) FROM generate_series(1, 300) n'
    )
    before = sizes(connection)["S x.T.t"]
    assert before.rows is None
    # The rows themselves take a few pages; what they hold lies beside.
    assert (
        before.bytes > 300 * 9000 > asked(connection, """SELECT pg_relation_size('"S x"."T.t"')""")
    )
    assert before.bytes == asked(connection, """SELECT pg_table_size('"S x"."T.t"')""")
    assert before.index_bytes == asked(
        connection, """SELECT pg_relation_size('"S x"."T.t_pkey"')"""
    )
    connection.execute('ANALYZE "S x"."T.t"')
    assert sizes(connection)["S x.T.t"] == TableSize(before.bytes, before.index_bytes, 300)


def test_a_parent_has_what_its_partitions_hold(connection: Connection) -> None:
    """Through all levels, with the partition that waits for next month empty and never analysed."""
    connection.execute(
        "CREATE TABLE log (id int, at date, PRIMARY KEY (at, id)) PARTITION BY RANGE (at);"
        "CREATE TABLE log_old PARTITION OF log FOR VALUES FROM ('2025-01-01') TO ('2026-01-01')"
        " PARTITION BY HASH (id);"
        "CREATE TABLE log_old_0 PARTITION OF log_old FOR VALUES WITH (MODULUS 2, REMAINDER 0);"
        "CREATE TABLE log_old_1 PARTITION OF log_old FOR VALUES WITH (MODULUS 2, REMAINDER 1);"
        "CREATE TABLE log_new PARTITION OF log FOR VALUES FROM ('2026-01-01') TO ('2027-01-01');"
        "CREATE TABLE log_next PARTITION OF log FOR VALUES FROM ('2027-01-01') TO ('2028-01-01');"
        "CREATE TABLE bare (id int) PARTITION BY LIST (id);"
        "INSERT INTO log SELECT n, '2025-06-01' FROM generate_series(1, 2000) n;"
        "INSERT INTO log SELECT n, '2026-06-01' FROM generate_series(1, 500) n;"
        "ANALYZE log_old_0; ANALYZE log_old_1"
    )
    found = sizes(connection)
    assert found["log"].rows is None  # log_new has rows that nobody counted
    assert found["log_old"].rows == 2000
    connection.execute("ANALYZE log_new")
    found = sizes(connection)
    assert found["log_next"].rows is None
    assert found["log"].rows == 2500
    for parent, leaves in {
        "log_old": ("log_old_0", "log_old_1"),
        "log": ("log_old_0", "log_old_1", "log_new", "log_next"),
    }.items():
        assert found[parent].bytes == sum(found[leaf].bytes for leaf in leaves) > 0
        assert found[parent].index_bytes == sum(found[leaf].index_bytes for leaf in leaves) > 0
    assert found["bare"] == TableSize(0, 0, None)


def test_a_parent_of_tables_that_inherit_counts_each_once(connection: Connection) -> None:
    connection.execute(
        "CREATE TABLE top (a int);"
        "CREATE TABLE l () INHERITS (top); CREATE TABLE r () INHERITS (top);"
        "CREATE TABLE bottom () INHERITS (l, r); CREATE TEMPORARY TABLE mine () INHERITS (top);"
        "INSERT INTO top SELECT generate_series(1, 1000);"
        "INSERT INTO bottom SELECT generate_series(1, 3000);"
        "INSERT INTO mine SELECT generate_series(1, 3000);"
        "ANALYZE top; ANALYZE bottom"
    )
    found = sizes(connection)
    own = asked(connection, "SELECT pg_table_size('top')")
    assert (found["top"].bytes, found["top"].rows) == (own + found["bottom"].bytes, 4000)
    assert list(found) == ["bottom", "l", "r", "top"]


def test_what_is_nobodys_table_is_left_out_and_no_right_is_needed(connection: Connection) -> None:
    connection.execute(
        "CREATE TEMPORARY TABLE scrap (a int); CREATE VIEW seen AS SELECT 1;"
        "CREATE TABLE closed (a int); INSERT INTO closed VALUES (1);"
        "CREATE UNLOGGED TABLE u (a int);"
        "CREATE MATERIALIZED VIEW kept AS SELECT generate_series(1, 1000) AS a; ANALYZE kept;"
        "CREATE SCHEMA hidden; CREATE TABLE hidden.t (a int); CREATE SEQUENCE s;"
        "CREATE ROLE passer_by; SET ROLE passer_by"
    )
    try:
        found = sizes(connection)
    finally:
        connection.execute("RESET ROLE; DROP ROLE passer_by")
    assert list(found) == ["hidden.t", "closed", "kept", "u"]
    assert found["closed"].bytes > 0
    assert found["kept"].rows == 1000


def test_a_table_under_lock_leaves_none(connection: Connection, second: Connection) -> None:
    """A size of 0 for it, or of a month ago, would pass for the truth."""
    connection.execute("CREATE TABLE free (a int); CREATE TABLE held (a int)")
    with second.transaction():
        second.execute("LOCK TABLE held IN ACCESS EXCLUSIVE MODE")
        began = time.monotonic()
        lost = read_table_sizes(connection)
        assert time.monotonic() - began < 10
    assert isinstance(lost, Unavailable)
    assert lost.needs == "table sizes"
    assert "keeps a table locked" in lost.reason
    assert "lock timeout" in lost.reason
    assert "pg_locks" in lost.next_step
    assert list(sizes(connection)) == ["free", "held"]


@pytest.mark.parametrize("mode", ["SHARE UPDATE EXCLUSIVE", "ACCESS SHARE", "EXCLUSIVE"])
def test_other_locks_are_nothing_to_it(
    connection: Connection, second: Connection, mode: str
) -> None:
    connection.execute("CREATE TABLE held (a int)")
    with second.transaction():
        second.execute(f"LOCK TABLE held IN {mode} MODE".encode())
        assert list(sizes(connection)) == ["held"]


def test_it_keeps_no_lock(connection: Connection, second: Connection) -> None:
    connection.execute("CREATE TABLE t (a int); SET default_transaction_read_only = on")
    assert list(sizes(connection)) == ["t"]
    second.execute("SET lock_timeout = '100ms'; ALTER TABLE t ADD b int")


def test_a_broken_connection_is_said(connection: Connection) -> None:
    pid = connection.info.backend_pid
    with psycopg.connect(connection.info.dsn, autocommit=True) as other:
        other.execute("SELECT pg_terminate_backend(%s)", [pid])
    time.sleep(0.1)
    for _ in range(2):
        lost = read_table_sizes(connection)
        assert isinstance(lost, Unavailable)
        assert lost.reason.startswith("The table sizes could not be read: ")
