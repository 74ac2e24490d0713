"""Digests of tables: the same where the rows are; and what stands in the way."""

from __future__ import annotations

import json
import os
import random
import subprocess
from collections.abc import Iterator
from contextlib import ExitStack
from typing import Any

import psycopg
import pytest

from pgassay.analysis.digest_plans import ReadTable, plan_of, read_tables
from pgassay.facts.catalog import Catalog
from pgassay.facts.settings import MoneySettings
from pgassay.facts.table_digest import CHAIN, MD5, SHA256, TableDigest
from pgassay.facts.unavailable import Unavailable
from pgassay.postgres.binaries import Binaries, all_binaries
from pgassay.postgres.scratch import Database
from pgassay.postgres.scratch_server import ScratchServer
from pgassay.sources.catalog import read_catalog
from pgassay.sources.digest_failure import OutOfRange
from pgassay.sources.table_digests import digest_session
from tests.sources.test_digest_expression_runs import DIFFERENT, USERS, literal

Connection = psycopg.Connection[Any]
_BINARIES = {b.major: b for b in all_binaries() if b.major >= 15}

KEYS = {MD5: "", SHA256: "a key"}
PAYMENTS = """
CREATE TABLE payments (id int PRIMARY KEY, amount numeric(12,2), currency char(3), note text);
INSERT INTO payments VALUES (1, 10.10, 'EUR', 'a'), (2, -3.00, 'USD', NULL), (3, 5, 'EUR', '');
"""


@pytest.fixture(scope="module")
def servers() -> Iterator[dict[int, ScratchServer]]:
    with ExitStack() as stack:
        yield {m: stack.enter_context(ScratchServer(b)) for m, b in _BINARIES.items()}


def tables(connection: Connection) -> dict[str, ReadTable]:
    catalog = read_catalog(connection)
    assert isinstance(catalog, Catalog)
    return {name: t for (_, name), t in read_tables(catalog, MoneySettings()).items()}


def digest_of(
    connection: Connection, name: str, key: str = "", **wanted: Any
) -> TableDigest | Unavailable:
    with digest_session(connection, key=key) as session:
        return session.digest(plan_of(tables_before(connection, name)), **wanted)


def tables_before(connection: Connection, name: str) -> ReadTable:
    """Read by another connection, since this one is inside its snapshot."""
    with psycopg.connect(connection.info.dsn, autocommit=True) as other:
        return tables(other)[name]


def known(connection: Connection, name: str, **wanted: Any) -> TableDigest:
    found = digest_of(connection, name, **wanted)
    assert isinstance(found, TableDigest), found
    return found


def every_type(seed: int) -> str:
    """A table with a column of each type, and random rows."""
    dice = random.Random(seed)
    types = {f"c{n:02}": type_ for n, type_ in enumerate(DIFFERENT)}
    columns = ", ".join(f"{name} {type_}" for name, type_ in types.items())
    rows = ", ".join(
        f"({', '.join(literal(dice.choice([None, *DIFFERENT[t]]), t) for t in types.values())})"
        for _ in range(40)
    )
    return f"{USERS} CREATE TABLE everything ({columns}); INSERT INTO everything VALUES {rows};"


def program(binaries: Binaries, name: str, *arguments: str, stdin: str = "") -> str:
    """pg_dump or psql of that installation."""
    path = binaries.program(name)
    assert path is not None
    libraries = os.pathsep.join(map(str, binaries.library_dirs))
    done = subprocess.run(
        [path, *arguments],
        input=stdin,
        env={**os.environ, "LD_LIBRARY_PATH": libraries},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_dump_and_restore_give_the_same_digest_on_every_major(
    servers: dict[int, ScratchServer],
) -> None:
    first = min(servers)
    origin = servers[first].create_database("origin")
    with origin.connect(autocommit=True) as connection:
        connection.execute(every_type(1).encode())
        connection.execute("ALTER TABLE everything ADD id serial PRIMARY KEY")
        expected = known(connection, "everything", column_sums=True)
        by_text = {
            asked: known(connection, "everything", key=KEYS[asked], algorithm=asked)
            for asked in (MD5, SHA256)
        }
        other_order = "CREATE TABLE shuffled AS SELECT * FROM everything ORDER BY random()"
        connection.execute(f"{other_order}; ALTER TABLE shuffled ADD PRIMARY KEY (id)".encode())
        shuffled = known(connection, "shuffled")
    assert (shuffled.rows, shuffled.digest) == (40, expected.digest)
    dump = program(_BINARIES[first], "pg_dump", origin.url())
    for major, server in servers.items():
        restored = server.create_database("restored")
        program(
            _BINARIES[major], "psql", "-qX", "-v", "ON_ERROR_STOP=1", restored.url(), stdin=dump
        )
        # What a session could say otherwise.
        for setting in (
            "DateStyle = 'German, DMY'",
            "TimeZone = 'Asia/Kathmandu'",
            "IntervalStyle = iso_8601",
            "extra_float_digits = -5",
            "bytea_output = escape",
            "xmloption = document",
            "search_path = public",
        ):
            with restored.connect(autocommit=True) as admin:
                admin.execute(f"ALTER DATABASE restored SET {setting}".encode())
        with restored.connect(autocommit=True) as connection:
            found = known(connection, "everything", column_sums=True)
            assert found.same_rows(expected) is True, major
            assert found.algorithm == CHAIN
            assert found.column_sums == expected.column_sums
            for asked, text in by_text.items():
                again = known(connection, "everything", key=KEYS[asked], algorithm=asked)
                assert again.same_rows(text) is True, (major, asked)
            connection.execute("UPDATE everything SET c04 = 77 WHERE id = 5")
            assert known(connection, "everything").same_rows(expected) is False


def test_every_other_encoding_is_read_as_text(servers: dict[int, ScratchServer]) -> None:
    """The bytes are others in LATIN1; what they say is the same."""
    server = servers[max(servers)]
    found = []
    for encoding in ("UTF8", "LATIN1", "SQL_ASCII"):
        with server.create_database(f"of_{encoding.lower()}").connect(autocommit=True) as admin:
            admin.execute(
                f"CREATE DATABASE {encoding} TEMPLATE template0 ENCODING {encoding} "
                "LC_COLLATE 'C' LC_CTYPE 'C'".encode()
            )
        made = Database(encoding.lower(), server.parameters(encoding.lower()))
        with made.connect(autocommit=True) as connection:
            connection.execute("CREATE TABLE t (id int, note text)")
            connection.execute("SET client_encoding = 'UTF8'")
            connection.execute("INSERT INTO t VALUES (1, 'Grüße')")
            connection.execute("RESET client_encoding")
            found.append((known(connection, "t"), known(connection, "t", algorithm=MD5)))
    assert [usual.algorithm for usual, _ in found] == [CHAIN, MD5, CHAIN]
    assert all(text.same_rows(found[0][1]) for _, text in found)
    # Two algorithms say nothing of each other.
    assert found[1][0].same_rows(found[0][0]) is None


def test_money_is_summed_exactly_and_by_currency(connection: Connection) -> None:
    connection.execute(PAYMENTS.encode())
    connection.execute("CREATE TABLE prices (id int, price double precision, cost money)")
    connection.execute("INSERT INTO prices VALUES (1, 0.1, 1.5), (2, 0.2, 1), (3, 0.3, 0.25)")
    sums = known(connection, "payments", currencies=True).money
    assert [(m.column, m.currency, m.total) for m in sums] == [
        ("amount", None, "12.10"),
        ("amount", "EUR", "15.10"),
        ("amount", "USD", "-3.00"),
    ]
    prices = known(connection, "prices").money
    assert [(m.column, m.total) for m in prices] == [("cost", "2.75"), ("price", "0.6")]


def test_a_digest_is_json_and_back(connection: Connection) -> None:
    connection.execute(PAYMENTS.encode())
    made = known(connection, "payments", currencies=True, column_sums=True)
    text = json.dumps(made.to_json())
    assert TableDigest.from_json(json.loads(text)) == made
    assert (made.rows, made.algorithm, [c.name for c in made.columns]) == (
        3,
        CHAIN,
        ["amount", "currency", "id", "note"],
    )


def test_column_sums_see_a_swap_between_two_rows(connection: Connection) -> None:
    connection.execute(PAYMENTS.encode())
    before = dict(known(connection, "payments", column_sums=True).column_sums)
    connection.execute("UPDATE payments SET amount = -7.10 - amount + 14.20 WHERE id IN (1, 2)")
    after = dict(known(connection, "payments", column_sums=True).column_sums)
    assert connection.execute("SELECT sum(amount) FROM payments").fetchone() is not None
    assert {name for name in before if before[name] != after[name]} == {"amount"}


def test_another_key_says_nothing(connection: Connection) -> None:
    connection.execute(PAYMENTS.encode())
    one, other, again = (digest_of(connection, "payments", key=key) for key in ("a", "b", "a"))
    assert isinstance(one, TableDigest)
    assert isinstance(other, TableDigest)
    assert isinstance(again, TableDigest)
    assert one.algorithm == SHA256
    assert len(one.digest) == 4
    assert one.same_rows(other) is None
    assert one.same_rows(again) is True


def test_virtual_columns_hold_nothing_and_stored_ones_do(connection: Connection) -> None:
    virtual = ", v int GENERATED ALWAYS AS (a * 3) VIRTUAL" if major(connection) >= 18 else ""
    connection.execute(
        f"CREATE TABLE g (a int, s int GENERATED ALWAYS AS (a * 2) STORED{virtual})".encode()
    )
    connection.execute("INSERT INTO g VALUES (1)")
    found = known(connection, "g")
    assert [c.name for c in found.columns] == ["a", "s"]
    assert found.left_out == (("v",) if virtual else ())


def test_a_partitioned_table_is_what_its_partitions_hold(connection: Connection) -> None:
    connection.execute(
        "CREATE TABLE whole (a int, b text) PARTITION BY LIST (a);"
        "CREATE TABLE one PARTITION OF whole FOR VALUES IN (1);"
        "CREATE TABLE two (b text, a int);"
        "ALTER TABLE whole ATTACH PARTITION two FOR VALUES IN (2);"
        "INSERT INTO whole VALUES (1, 'x'), (2, 'y'); CREATE TABLE plain (b text, a int);"
        "INSERT INTO plain VALUES ('y', 2), ('x', 1);"
    )
    assert set(tables(connection)) == {"whole", "plain"}
    assert known(connection, "whole").digest == known(connection, "plain").digest


def test_what_inherits_is_read_for_itself(connection: Connection) -> None:
    connection.execute(
        "CREATE TABLE parent (a int); CREATE TABLE child (b int) INHERITS (parent);"
        "INSERT INTO parent VALUES (1); INSERT INTO child VALUES (2, 3);"
    )
    assert known(connection, "parent").rows == 1
    assert known(connection, "child").rows == 1


def test_no_columns_and_no_rows(connection: Connection) -> None:
    connection.execute("CREATE TABLE bare (); CREATE TABLE none (a int)")
    connection.execute("INSERT INTO bare DEFAULT VALUES; INSERT INTO bare DEFAULT VALUES")
    assert known(connection, "bare").rows == 2
    assert (known(connection, "none").rows, known(connection, "none").digest) == (0, ("0",))


def test_odd_names_are_only_names(connection: Connection) -> None:
    connection.execute(
        b"""CREATE TABLE "a%s""b{}; DROP" ("{0} %(x)s" int, "select" text, "x""--" numeric)"""
    )
    connection.execute(b"""INSERT INTO "a%s""b{}; DROP" VALUES (1, '{}%s', 2)""")
    for algorithm in (CHAIN, MD5):
        assert known(connection, 'a%s"b{}; DROP', algorithm=algorithm).rows == 1


def test_a_time_that_the_arithmetic_cannot_take_is_told(connection: Connection) -> None:
    connection.execute("CREATE TABLE far (at timestamp); INSERT INTO far VALUES ('294000-01-01')")
    assert isinstance(digest_of(connection, "far"), OutOfRange)
    assert known(connection, "far", algorithm=MD5).rows == 1


def test_hidden_rows_and_missing_rights_are_told(connection: Connection) -> None:
    connection.execute(PAYMENTS.encode())
    role = f"reader_{connection.info.dbname}"
    connection.execute(
        f"CREATE ROLE {role}; GRANT SELECT (id) ON payments TO {role};"
        "CREATE TABLE hidden (id int); ALTER TABLE hidden ENABLE ROW LEVEL SECURITY;"
        f"CREATE POLICY few ON hidden USING (id > 1); GRANT SELECT ON hidden TO {role};".encode()
    )
    plans = {name: plan_of(table) for name, table in tables(connection).items()}
    connection.execute(f"SET SESSION AUTHORIZATION {role}".encode())
    with digest_session(connection) as session:
        hidden, partial = session.digest(plans["hidden"]), session.digest(plans["payments"])
    connection.execute("RESET SESSION AUTHORIZATION")
    connection.execute(f"DROP OWNED BY {role}; DROP ROLE {role}".encode())
    assert isinstance(hidden, Unavailable)
    assert hidden.reason == f"Row-level security hides rows of public.hidden from role {role}."
    assert "BYPASSRLS" in hidden.next_step
    assert isinstance(partial, Unavailable)
    assert f"Role {role} may not read public.payments" in partial.reason
    assert f"GRANT SELECT ON TABLE public.payments TO {role};" in partial.next_step


@pytest.mark.parametrize(
    "change",
    ["DROP TABLE payments", "ALTER TABLE payments DROP COLUMN note"],
    ids=["table", "column"],
)
def test_what_was_dropped_meanwhile_is_told(
    connection: Connection, second: Connection, change: str
) -> None:
    connection.execute(PAYMENTS.encode())
    plan = plan_of(tables(connection)["payments"])
    second.execute(change.encode())
    with digest_session(connection) as session:
        found = session.digest(plan)
    assert isinstance(found, Unavailable)
    assert "was changed after its definition was read" in found.reason


@pytest.mark.parametrize(
    "change",
    [
        "TRUNCATE payments",
        "ALTER TABLE payments ALTER amount TYPE numeric(20,4)",
        "VACUUM payments",
    ],
    ids=["truncate", "rewrite", "vacuum"],
)
def test_what_an_older_snapshot_does_not_see_is_told(
    connection: Connection, second: Connection, change: str
) -> None:
    """It would look empty."""
    connection.execute(PAYMENTS.encode())
    plan = plan_of(tables(connection)["payments"])
    with digest_session(connection) as session:
        second.execute(change.encode())
        found = session.digest(plan)
    if change.startswith("VACUUM"):
        assert isinstance(found, TableDigest)
        assert found.rows == 3
    else:
        assert isinstance(found, Unavailable)
        assert "was rewritten or emptied after the snapshot" in found.reason


def test_a_locked_table_and_one_that_takes_too_long_are_told(
    connection: Connection, second: Connection
) -> None:
    connection.execute(PAYMENTS.encode())
    plan = plan_of(tables(connection)["payments"])
    connection.execute(
        "INSERT INTO payments SELECT n, 1, 'EUR', 'x' FROM generate_series(9, 99999) n"
    )
    with digest_session(connection, statement_timeout_s=0.005) as session:
        slow = session.digest(plan)
    assert isinstance(slow, Unavailable)
    assert "took too long" in slow.reason
    assert "--statement-timeout" in slow.next_step
    with second.transaction():
        second.execute("LOCK TABLE payments")
        with digest_session(connection) as session:
            locked = session.digest(plan)
    assert isinstance(locked, Unavailable)
    assert "holds a lock on public.payments" in locked.reason


def test_a_null_where_none_may_be_is_told(connection: Connection) -> None:
    """A row without a hash would be left out of the sum in silence."""
    connection.execute(PAYMENTS.encode())
    plan = plan_of(tables(connection)["payments"])
    connection.execute("ALTER TABLE payments DROP CONSTRAINT payments_pkey")
    connection.execute("ALTER TABLE payments ALTER id DROP NOT NULL")
    connection.execute("UPDATE payments SET id = NULL WHERE id = 2")
    with digest_session(connection) as session:
        found = session.digest(plan)
    assert isinstance(found, Unavailable)
    assert found.reason.startswith("1 of 3 rows of public.payments hold NULL")


def test_nothing_is_written(connection: Connection) -> None:
    connection.execute(PAYMENTS.encode())
    with (
        digest_session(connection) as session,
        pytest.raises(psycopg.errors.ReadOnlySqlTransaction),
    ):
        session.reading.cursor.execute("DELETE FROM public.payments")


def major(connection: Connection) -> int:
    return connection.info.server_version // 10000
