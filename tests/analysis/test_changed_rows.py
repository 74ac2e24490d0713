"""Which rows a statement would change, from plans that a server gives for tables with keys."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from pgassay.analysis.changed_rows import changed_rows
from pgassay.analysis.session_state import RelationState
from pgassay.facts.pending_run import Extent
from pgassay.postgres.binaries import find_binaries
from pgassay.postgres.scratch import Database
from pgassay.postgres.scratch_server import ScratchServer
from pgassay.sources import watch

TABLES = """
CREATE TABLE accounts (id int PRIMARY KEY, email varchar(90));
CREATE UNIQUE INDEX ON accounts (lower(email));
CREATE UNIQUE INDEX ON accounts (email) WHERE id > 5;
CREATE TABLE members (team int, account int, since date, PRIMARY KEY (team, account));
CREATE INDEX ON members (account);
CREATE TABLE events (id bigint, at date, kind text, PRIMARY KEY (id, at)) PARTITION BY RANGE (at);
CREATE TABLE events_1 PARTITION OF events FOR VALUES FROM ('2024-01-01') TO ('2025-01-01');
CREATE TABLE events_2 PARTITION OF events FOR VALUES FROM ('2025-01-01') TO ('2026-01-01');
"""
FEW, BATCH, MANY = Extent.FEW, Extent.BATCH, Extent.MANY


@pytest.fixture(scope="module", params=[18, 15])
def database(request: pytest.FixtureRequest) -> Iterator[Database]:
    with ScratchServer(find_binaries(request.param)) as server:
        made = server.create_database("planned")
        with made.connect(autocommit=True) as connection:
            connection.execute(TABLES.encode())
            assert watch.install(connection)
        yield made


@pytest.mark.parametrize(
    ("sql", "table", "extent"),
    [
        ("UPDATE accounts SET email = 'a' WHERE id = 1", "accounts", FEW),
        ("UPDATE accounts SET email = 'a' WHERE -1 = id AND email <> ' = '", "accounts", FEW),
        ("UPDATE accounts SET email = $1 WHERE id = $2", "accounts", FEW),
        ("DELETE FROM accounts WHERE id = ANY ($1)", "accounts", FEW),
        ("DELETE FROM accounts WHERE id IN (1, 2)", "accounts", FEW),
        ("DELETE FROM accounts WHERE lower(email) = 'a'", "accounts", FEW),
        ("DELETE FROM accounts WHERE email = 'a'", "accounts", MANY),
        ("DELETE FROM accounts WHERE id = 1 OR id > 5", "accounts", MANY),
        ("DELETE FROM accounts WHERE id <> 1", "accounts", MANY),
        ("DELETE FROM accounts WHERE id > 0", "accounts", MANY),
        ("DELETE FROM accounts WHERE id BETWEEN 1 AND 9000000", "accounts", MANY),
        ("DELETE FROM accounts WHERE id BETWEEN 1 AND 9000", "accounts", BATCH),
        ("DELETE FROM accounts WHERE id BETWEEN 1 AND 90", "accounts", FEW),
        ("DELETE FROM accounts WHERE id BETWEEN $1 AND $2", "accounts", MANY),
        ("DELETE FROM accounts", "accounts", MANY),
        ("DELETE FROM accounts WHERE false", "accounts", FEW),
        ("DELETE FROM events WHERE false", "events", MANY),
        ("UPDATE members SET since = NULL WHERE team = 1 AND account = 2", "members", FEW),
        ("UPDATE members SET since = NULL WHERE team = 1", "members", MANY),
        ("UPDATE members SET since = NULL WHERE account = 1", "members", MANY),
        (
            "UPDATE members m SET since = NULL FROM accounts a WHERE a.id = 1 AND m.account = a.id",
            "members",
            MANY,
        ),
        ("DELETE FROM accounts WHERE id = (SELECT max(id) FROM accounts)", "accounts", FEW),
        ("DELETE FROM accounts WHERE id IN (SELECT account FROM members)", "accounts", MANY),
        (
            "DELETE FROM accounts WHERE id IN (SELECT account FROM members LIMIT 5)",
            "accounts",
            BATCH,
        ),
        (
            "DELETE FROM accounts WHERE id = ANY (ARRAY(SELECT account FROM members LIMIT 5))",
            "accounts",
            BATCH,
        ),
        (
            "DELETE FROM accounts WHERE id = ANY (ARRAY(SELECT account FROM members))",
            "accounts",
            MANY,
        ),
        (
            "WITH t AS MATERIALIZED (SELECT account FROM members LIMIT 5)"
            " DELETE FROM accounts USING t WHERE id = t.account",
            "accounts",
            BATCH,
        ),
        ("UPDATE accounts SET email = (SELECT 'a' FROM members LIMIT 1)", "accounts", MANY),
        ("DELETE FROM accounts WHERE ctid >= '(0,0)' AND ctid < '(9,0)'", "accounts", BATCH),
        ("DELETE FROM accounts WHERE ctid >= '(0,0)'", "accounts", MANY),
        ("UPDATE events SET kind = 'a' WHERE id = 1 AND at = '2024-02-02'", "events", FEW),
        ("UPDATE events SET kind = 'a' WHERE id = 1", "events", MANY),
        ("WITH d AS (DELETE FROM members RETURNING 1) SELECT * FROM d", "members", MANY),
        (
            "MERGE INTO accounts a USING members m ON a.id = m.account WHEN MATCHED THEN DELETE",
            "accounts",
            MANY,
        ),
    ],
)
def test_how_much_is_changed(database: Database, sql: str, table: str, extent: Extent) -> None:
    assert planned(database, sql) == {table: extent}


@pytest.mark.parametrize(
    "sql",
    [
        "SELECT * FROM accounts",
        "INSERT INTO accounts SELECT account FROM members",
        "DO $$ BEGIN DELETE FROM accounts; END $$",
        "DELETE FROM accounts; DELETE FROM members",
        "DELETE FROM nowhere",
    ],
)
def test_what_has_no_plan_that_changes_rows(database: Database, sql: str) -> None:
    assert planned(database, sql) is None


def test_nothing_is_left_of_planning(database: Database) -> None:
    with database.connect() as connection:
        for sql in ("DELETE FROM accounts WHERE id = 1", "DELETE FROM nowhere"):
            connection.execute("SELECT pgassay.plan(%s)", [sql])
        locks = connection.execute(
            "SELECT mode FROM pg_locks WHERE relation = 'accounts'::regclass"
        ).fetchall()
        assert locks == []
        prepared = connection.execute("SELECT name FROM pg_prepared_statements").fetchall()
        assert ("pgassay_plan",) not in prepared


def planned(database: Database, sql: str) -> dict[str, Extent] | None:
    with database.connect() as connection:
        said = connection.execute("SELECT pgassay.plan(%s)", [sql]).fetchone()
        state = connection.execute("SELECT pgassay.state()").fetchone()
    assert said is not None
    assert state is not None
    relations = {
        oid: RelationState((schema, name), *rest)
        for oid, schema, name, *rest in state[0]["relations"]
    }
    changes = changed_rows(said[0], relations)
    return None if changes is None else {relations[o].name[1]: e for o, e in changes.items()}
