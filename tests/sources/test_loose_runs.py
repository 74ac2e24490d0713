"""Trying scripts on a built schema, on every server version; nothing of them stays."""

from __future__ import annotations

from pathlib import Path

import pytest

from pgassay.facts.location import Location
from pgassay.facts.loose_sql import LooseScript
from pgassay.facts.sql_run import SqlRun
from pgassay.facts.unavailable import Unavailable
from pgassay.postgres.scratch import Database
from pgassay.sources.loose_runs import run_loose

NOWHERE = Path("/nowhere")
BUILT = """
CREATE TABLE users (id int PRIMARY KEY, email text NOT NULL);
CREATE TABLE orders (id int PRIMARY KEY, user_id int NOT NULL REFERENCES users);
"""


def tried(database: Database, **scripts: str) -> list[list[tuple[str, str]]]:
    """Of each script its failures, as (place, fate)."""
    with database.connect(autocommit=True) as connection:
        connection.execute(BUILT)
    found = [LooseScript(Location(f"{n}.sql", 1), sql) for n, sql in scripts.items()]
    runs = run_loose(NOWHERE, found, database, 30)
    assert isinstance(runs, tuple)
    assert [r.name for r in runs] == [f"{n}.sql:1" for n in scripts]
    return [[(str(f.location), f.fate) for f in r.failures] for r in runs]


def test_what_works_is_silent_and_undone(database: Database) -> None:
    sql = (
        "BEGIN;\nALTER TABLE users ADD a int;\nUPDATE users SET a = 1;\nCOMMIT;\nDROP TABLE orders;"
    )
    assert tried(database, fix=sql) == [[]]
    with database.connect() as connection:
        names = connection.execute("SELECT count(*) FROM pg_attribute WHERE attname = 'a'")
        assert names.fetchone() == (0,)
        assert connection.execute("SELECT count(*) FROM orders").fetchone() == (0,)


def test_each_statement_that_fails_is_named(database: Database) -> None:
    sql = (
        "UPDATE customers SET x = 1;\nALTER TABLE users DROP COLUMN gone;\n"
        "DROP TABLE users;\nSELECT nosuch(1);\nALTER TABLE users ADD b int;\nSELEC 1;"
    )
    assert tried(database, fix=sql) == [[(f"fix.sql:{line}", "fails") for line in (1, 2, 3, 4, 6)]]


def test_several_scripts_that_fail(database: Database) -> None:
    sql = "BEGIN;\nSELECT 1;\nSELECT 2;\nSELECT 3;\nUPDATE customers SET x = 1;\nCOMMIT;"
    found = tried(database, fix=sql, again=sql)
    assert found == [[("fix.sql:5", "fails")], [("again.sql:5", "fails")]]


def test_what_is_applied_already_is_no_failure(database: Database) -> None:
    sql = (
        "CREATE TABLE users (id int);\nALTER TABLE users ADD email text;\n"
        "ALTER TABLE users ADD PRIMARY KEY (id);\nCREATE SCHEMA public;"
    )
    assert tried(database, again=sql) == [[(f"again.sql:{n}", "already") for n in (1, 2, 3, 4)]]


def test_rows_that_are_not_here_prove_nothing(database: Database) -> None:
    sql = "INSERT INTO orders VALUES (1, 77);\nDO $$ BEGIN RAISE 'no rows'; END $$;"
    assert tried(database, data=sql) == [[("data.sql:1", "unknown"), ("data.sql:2", "unknown")]]


def test_scripts_may_need_each_other_in_any_order(database: Database) -> None:
    make, use = "CREATE TABLE extra (id int);", "ALTER TABLE extra ADD x int;"
    assert tried(database, a_use=use, b_make=make) == [[], []]


def test_what_no_transaction_may_hold(database: Database) -> None:
    sql = (
        "CREATE INDEX CONCURRENTLY i ON users (email);\nVACUUM users;\n"
        "CREATE INDEX CONCURRENTLY j ON users (gone);\nDROP INDEX CONCURRENTLY IF EXISTS k;"
    )
    assert tried(database, fix=sql) == [[("fix.sql:3", "fails")]]


def test_what_one_script_sets_is_not_left_for_the_next(database: Database) -> None:
    first = "CREATE SCHEMA s; SET search_path = s; SET ROLE pg_monitor;"
    assert tried(database, a=first, b="UPDATE users SET email = '';") == [[], []]


def test_a_place_in_a_here_document_counts_from_there(database: Database) -> None:
    with database.connect(autocommit=True) as connection:
        connection.execute(BUILT)
    script = LooseScript(Location("deploy.sh", 7), "-- so\nDROP TABLE gone;\n")
    runs = run_loose(NOWHERE, [script], database, 30)
    assert isinstance(runs, tuple)
    assert [str(f.location) for f in runs[0].failures] == ["deploy.sh:8"]


def test_what_never_ends_is_stopped(database: Database) -> None:
    lost = run_loose(
        NOWHERE, [LooseScript(Location("a.sql", 1), "SELECT pg_sleep(60)")], database, 1
    )
    assert isinstance(lost, Unavailable)
    assert lost.reason == "The 1 SQL scripts did not end within 1 s, and were stopped."


@pytest.mark.parametrize("sql", ["ALTER TABLE users ADD x :kind;", "UPDATE users SET id = :'n';"])
def test_a_variable_that_is_given_on_the_command_line(database: Database, sql: str) -> None:
    with database.connect(autocommit=True) as connection:
        connection.execute(BUILT)
    runs = run_loose(NOWHERE, [LooseScript(Location("a.sql", 1), sql)], database, 30)
    assert isinstance(runs, tuple)
    (only,) = runs
    assert isinstance(only, SqlRun)
    assert only.failures == ()
    assert "has no value here" in only.lacking[0].reason
