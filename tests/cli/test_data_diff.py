"""`pgassay data diff`: the rows of two databases, from the table down to the row."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from pgassay.postgres.binaries import all_binaries
from pgassay.postgres.scratch import Database
from pgassay.postgres.scratch_server import ScratchServer
from pgassay.render.data_diff_json import data_diff_schema
from tests.cli.pgassay_command import pgassay
from tests.cli.schema_server import NOWHERE, database

_BINARIES = {b.major: b for b in all_binaries() if b.major >= 15}

PAYMENTS = """
CREATE TABLE payments (
    id int PRIMARY KEY, amount numeric(12,2) NOT NULL, currency char(3) NOT NULL, note text
);
INSERT INTO payments
    SELECT n, n * 10 - 500, CASE WHEN n % 3 = 0 THEN 'USD' ELSE 'EUR' END, 'secret ' || n
    FROM generate_series(1, 1000) n;
"""


@pytest.fixture(scope="module")
def servers() -> Iterator[tuple[ScratchServer, ScratchServer]]:
    """The oldest and the newest that are here."""
    with ExitStack() as stack:
        chosen = (_BINARIES[min(_BINARIES)], _BINARIES[max(_BINARIES)])
        first, second = (stack.enter_context(ScratchServer(b)) for b in chosen)
        yield first, second


class Pair:
    """Two databases with the same tables; and the command between them."""

    def __init__(self, servers: tuple[ScratchServer, ScratchServer], *statements: str) -> None:
        self.a, self.b = (database(server, *statements) for server in servers)

    def run(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        return between(self.a, self.b, *arguments)

    def json(self, *arguments: str, status: int = 1) -> dict[str, Any]:
        done = self.run("--output", "json", *arguments)
        assert done.returncode == status, done.stdout + done.stderr
        found: dict[str, Any] = json.loads(done.stdout)
        jsonschema.validate(found, data_diff_schema())
        assert found["verdict"] == {0: "equal", 1: "different", 3: "unknown"}[status]
        return found


def between(a: Database, b: Database, *arguments: str) -> subprocess.CompletedProcess[str]:
    return pgassay("data", "diff", "env:A", "env:B", *arguments, env={"A": a.url(), "B": b.url()})


def change(made: Database, *statements: str) -> None:
    with made.connect(autocommit=True) as connection:
        for statement in statements:
            connection.execute(statement.encode())


@pytest.fixture
def pair(servers: tuple[ScratchServer, ScratchServer]) -> Pair:
    return Pair(servers, PAYMENTS)


def test_the_schema_is_one() -> None:
    jsonschema.Draft202012Validator.check_schema(data_diff_schema())


def test_equal_databases_are_equal(pair: Pair) -> None:
    change(pair.b, "CREATE TABLE o AS SELECT * FROM payments; TRUNCATE payments")
    change(pair.b, "INSERT INTO payments SELECT * FROM o ORDER BY note DESC; DROP TABLE o")
    done = pair.run()
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout.startswith("EQUAL  1 table: 1 equal\n")
    assert "a moment of its own" in done.stdout


def test_a_swap_of_two_amounts_is_found_down_to_the_row(pair: Pair) -> None:
    """The sums are the same, the rows are not."""
    change(pair.b, "UPDATE payments SET amount = 6310 - amount WHERE id IN (31, 700)")
    with pair.b.connect() as connection:
        assert connection.execute("SELECT sum(amount) FROM payments").fetchone() == (4505000,)
    (table,) = pair.json()["tables"]
    assert (table["status"], table["key"]) == ("different", ["id"])
    found = table["found"]
    assert (found["changed"], found["only_a"], found["only_b"], found["exact"]) == (2, 0, 0, True)
    assert found["columns"] == [{"column": "amount", "rows": 2}]
    assert [row["key"] for row in found["rows"]] == [{"id": "31"}, {"id": "700"}]
    assert found["buckets_differing"] in (1, 2)
    assert table["money"] == []


def test_changed_lost_and_added_rows_and_money(pair: Pair) -> None:
    change(
        pair.b,
        "UPDATE payments SET amount = amount + 0.01 WHERE id = 3",
        "UPDATE payments SET note = NULL, amount = -amount WHERE id = 100",
        "DELETE FROM payments WHERE id = 500",
        "INSERT INTO payments VALUES (2000, 7, 'CHF', 'secret new')",
    )
    done = pair.run()
    assert done.returncode == 1
    assert all(len(line) <= 80 for line in done.stdout.splitlines())
    lines = " ".join(done.stdout.split())
    assert "public.payments different 1000 rows" in lines
    assert "rows: 2 changed, 1 only in A, 1 only in B" in lines
    assert "columns: amount (2), note (1)" in lines
    assert "changed id=3: amount" in lines
    assert "changed id=100: amount, note" in lines
    assert "only in A id=500" in lines
    assert "only in B id=2000" in lines
    assert "sum of amount CHF: B has 7.00 more" in lines
    assert "sum of amount EUR: B has 5500.00 less" in lines
    assert "sum of amount USD: B has 0.01 more" in lines
    # Masked: no value but the key's.
    assert "secret" not in done.stdout
    assert "secret" not in pair.run("--output", "json").stdout


def test_values_are_shown_where_they_are_asked_for(pair: Pair) -> None:
    change(
        pair.b, "UPDATE payments SET note = NULL WHERE id = 7", "DELETE FROM payments WHERE id=9"
    )
    done = pair.run("--show-values")
    assert "note: secret 7 -> NULL" in done.stdout
    assert "amount: -410.00; currency: USD; note: secret 9" in done.stdout.replace("\n      ", " ")
    (table,) = pair.json("--show-values")["tables"]
    changed = next(row for row in table["found"]["rows"] if row["status"] == "changed")
    assert (changed["a"], changed["b"]) == ({"note": "secret 7"}, {"note": None})


def test_many_differences_are_counted_and_few_are_shown(pair: Pair) -> None:
    change(pair.b, "UPDATE payments SET note = note || '!' WHERE id > 400")
    done = pair.run("--rows", "3")
    assert "rows: 600 changed" in done.stdout
    assert "columns: note (600)" in done.stdout
    assert "shown: 3 of 600; --rows N shows more" in done.stdout
    assert done.stdout.count("changed  id=") == 3
    assert pair.json("--rows", "0")["tables"][0]["found"]["rows"] == []


def test_tables_and_columns_on_one_side_and_other_types(pair: Pair) -> None:
    change(pair.a, "CREATE TABLE old (a int)", "ALTER TABLE payments ADD more int")
    change(
        pair.b,
        "CREATE TABLE new (a int)",
        "ALTER TABLE payments ALTER id TYPE bigint, ALTER amount TYPE numeric(20,4)",
    )
    found = pair.json()
    by_name = {table["table"]: table for table in found["tables"]}
    assert {name: table["status"] for name, table in by_name.items()} == {
        "new": "only-b",
        "old": "only-a",
        "payments": "different",
    }
    payments = by_name["payments"]
    assert payments["columns_only_a"] == ["more"]
    assert [(one["column"], one["a"], one["b"]) for one in payments["retyped"]] == [
        ("amount", "numeric(12,2)", "numeric(20,4)"),
        ("id", "integer", "bigint"),
    ]
    # What both have is the same: the numbers are, whatever their types.
    assert payments["found"] is None
    assert payments["a"]["digest"] == payments["b"]["digest"]


def test_money_that_is_text_on_one_side_has_no_sum(pair: Pair) -> None:
    change(pair.b, "ALTER TABLE payments ALTER amount TYPE text", "DELETE FROM payments WHERE id=1")
    (table,) = pair.json()["tables"]
    # By their texts: 10 is not 10.00.
    assert table["found"]["only_a"] == 1
    assert table["found"]["columns"] == [{"column": "amount", "rows": 999}]
    assert table["money"] == []


def test_other_types_alone_are_said_and_no_difference(pair: Pair) -> None:
    change(pair.b, "ALTER TABLE payments ALTER currency TYPE text, ALTER id TYPE bigint")
    done = pair.run("-v")
    assert done.returncode == 0, done.stdout
    assert "type of id: integer in A, bigint in B" in done.stdout


def test_rows_without_a_key_are_a_multiset(servers: tuple[ScratchServer, ScratchServer]) -> None:
    pair = Pair(servers, "CREATE TABLE log (word text, n int)")
    change(pair.a, "INSERT INTO log VALUES ('x', 1), ('x', 1), ('y', NULL), ('z', 3)")
    change(pair.b, "INSERT INTO log VALUES ('x', 1), ('y', NULL), ('y', NULL), ('z', 4)")
    (table,) = pair.json()["tables"]
    found = table["found"]
    assert table["key"] == []
    assert (found["changed"], found["only_a"], found["only_b"]) == (0, 2, 2)
    done = pair.run("--show-values")
    assert "n: 3; word: z" in done.stdout
    assert "no key" in done.stdout
    # A column that tells them apart, as a person knows.
    (table,) = pair.json("--table", "log", "--key", "word")["tables"]
    assert table["found"]["changed"] == 1
    assert table["found"]["columns"] == [{"column": "n", "rows": 1}]


def test_keys_of_any_type(servers: tuple[ScratchServer, ScratchServer]) -> None:
    """Composite, uuid and text, whose order the two servers need not agree on."""
    pair = Pair(
        servers,
        "CREATE TABLE c (a int, b text, v int, PRIMARY KEY (b, a))",
        "CREATE TABLE u (id uuid PRIMARY KEY, v int)",
        "CREATE TABLE t (id text PRIMARY KEY, v int)",
        "CREATE TABLE q (id int NOT NULL UNIQUE, v int)",
        "INSERT INTO c SELECT n % 10, 'Ä' || n, n FROM generate_series(1, 300) n",
        "INSERT INTO u SELECT md5(n::text)::uuid, n FROM generate_series(1, 300) n",
        "INSERT INTO t SELECT chr(60 + n), n FROM generate_series(1, 300) n",
        "INSERT INTO q SELECT n, n FROM generate_series(1, 300) n",
    )
    change(pair.b, *(f"UPDATE {name} SET v = -v WHERE v = 200" for name in "cutq"))
    tables = {table["table"]: table for table in pair.json()["tables"]}
    assert {name: tables[name]["found"]["changed"] for name in tables} == dict.fromkeys("cqtu", 1)
    assert tables["c"]["found"]["rows"][0]["key"] == {"b": "Ä200", "a": "0"}
    assert tables["u"]["found"]["rows"][0]["key"] == {"id": "3644a684-f98e-a8fe-223c-713b77189a77"}
    assert tables["t"]["found"]["rows"][0]["key"] == {"id": chr(260)}
    assert tables["q"]["key"] == ["id"]


def test_a_partitioned_table_against_a_plain_one(
    servers: tuple[ScratchServer, ScratchServer],
) -> None:
    pair = Pair(servers)
    change(
        pair.a,
        "CREATE TABLE m (id int PRIMARY KEY, v int) PARTITION BY RANGE (id)",
        "CREATE TABLE m1 PARTITION OF m FOR VALUES FROM (0) TO (50)",
        "CREATE TABLE m2 PARTITION OF m FOR VALUES FROM (50) TO (200)",
        "INSERT INTO m SELECT n, n FROM generate_series(1, 100) n",
    )
    change(pair.b, "CREATE TABLE m (id int PRIMARY KEY, v int)")
    change(pair.b, "INSERT INTO m SELECT n, n FROM generate_series(1, 100) n")
    assert [table["table"] for table in pair.json(status=0)["tables"]] == ["m"]
    change(pair.b, "UPDATE m SET v = 0 WHERE id = 77")
    assert pair.json()["tables"][0]["found"]["rows"][0]["key"] == {"id": "77"}


def test_children_that_nobody_lists_are_read_with_their_parent(
    servers: tuple[ScratchServer, ScratchServer],
) -> None:
    """As TimescaleDB's are: its parents hold no row, and its children belong to an extension."""
    pair = Pair(
        servers,
        "CREATE TABLE hyper (id int, v int)",
        "CREATE EXTENSION citext",
        "CREATE TABLE chunk (CHECK (id > 0)) INHERITS (hyper)",
        "INSERT INTO chunk VALUES (1, 1)",
        "ALTER EXTENSION citext ADD TABLE chunk",
    )
    found = pair.json(status=0)["tables"]
    assert [(table["table"], table["a"]["rows"]) for table in found] == [("hyper", 1)]
    change(pair.b, "UPDATE chunk SET v = 2")
    assert pair.json()["tables"][0]["found"]["only_b"] == 1


def test_another_encoding_is_compared_as_text(
    servers: tuple[ScratchServer, ScratchServer],
) -> None:
    utf8 = database(servers[0], PAYMENTS, "INSERT INTO payments VALUES (-1, 1, 'EUR', 'Grüße')")
    latin = "CREATE DATABASE latin ENCODING LATIN1 TEMPLATE template0 LC_COLLATE 'C' LC_CTYPE 'C'"
    change(Database("postgres", servers[1].parameters()), latin)
    other = Database("latin", servers[1].parameters("latin"))
    with other.connect(autocommit=True) as connection:
        connection.execute("SET client_encoding = 'UTF8'")
        connection.execute(PAYMENTS.encode())
        connection.execute("INSERT INTO payments VALUES (-1, 1, 'EUR', 'Grüße')".encode())
    done = between(utf8, other, "-v")
    assert done.returncode == 0, done.stdout
    assert "digest (md5-1)" in done.stdout
    change(other, "UPDATE payments SET amount = 2 WHERE id = 8")
    assert "changed  id=8: amount" in between(utf8, other).stdout


def test_with_a_key_and_far_times(pair: Pair) -> None:
    for side in (pair.a, pair.b):
        change(side, "CREATE TABLE far (id int PRIMARY KEY, at timestamp)")
        change(side, "INSERT INTO far VALUES (1, '294000-01-01'), (2, 'infinity')")
    tables = pair.json(status=0)["tables"]
    assert [table["a"]["algorithm"] for table in tables] == ["md5-1", "chain-1"]
    env = {"A": pair.a.url(), "B": pair.b.url(), "K": "a secret"}
    change(pair.b, "UPDATE far SET at = '-infinity' WHERE id = 2")
    done = pgassay("data", "diff", "env:A", "env:B", "--digest-key", "env:K", "-v", env=env)
    assert done.returncode == 1
    assert "digest (sha256-keyed-1)" in done.stdout
    assert "changed  id=2: at" in done.stdout
    assert "a secret" not in done.stdout + done.stderr


def test_what_could_not_be_read_is_unknown(pair: Pair) -> None:
    role = f"reader_{pair.b.name}"
    change(
        pair.b,
        f"CREATE ROLE {role} LOGIN",
        f"GRANT SELECT ON payments TO {role}",
        "ALTER TABLE payments ENABLE ROW LEVEL SECURITY",
        f"CREATE POLICY mine ON payments TO {role} USING (id < 10)",
    )
    reader = Database(pair.b.name, {**pair.b.parameters, "user": role})
    done = between(pair.a, reader)
    assert done.returncode == 3, done.stdout
    assert done.stdout.startswith("UNKNOWN")
    said = " ".join(done.stdout.split())
    assert f"Row-level security hides rows of public.payments from role {role}" in said
    change(pair.b, f"REVOKE SELECT ON payments FROM {role}")
    change(pair.b, "ALTER TABLE payments DISABLE ROW LEVEL SECURITY")
    said = " ".join(between(pair.a, reader).stdout.split())
    assert f"GRANT SELECT ON TABLE public.payments TO {role};" in said
    # What differs elsewhere is a difference all the same.
    change(pair.a, "CREATE TABLE only_here (a int)")
    assert between(pair.a, reader).returncode == 1


def test_views_and_foreign_tables_are_not_read(pair: Pair) -> None:
    for side in (pair.a, pair.b):
        change(
            side,
            "CREATE VIEW v AS SELECT 1 / 0 AS x",
            "CREATE EXTENSION postgres_fdw",
            "CREATE SERVER far FOREIGN DATA WRAPPER postgres_fdw OPTIONS (host '/nowhere')",
            "CREATE USER MAPPING FOR CURRENT_USER SERVER far",
            "CREATE FOREIGN TABLE f (a int) SERVER far",
            "CREATE TABLE parted (a int) PARTITION BY LIST (a)",
            "CREATE FOREIGN TABLE part PARTITION OF parted FOR VALUES IN (1) SERVER far",
        )
    done = pair.run()
    assert done.returncode == 3, done.stdout
    said = " ".join(done.stdout.split())
    assert "public.parted unknown" in said
    assert "is a foreign table, and another server is not asked" in said
    assert "holds no rows of its own: 2 foreign tables, 1 view" in said
    named = pair.run("--table", "v")
    assert named.returncode == 2
    assert "public.v is a view, which is not compared" in named.stderr


def test_a_side_that_cannot_be_reached_is_unknown(pair: Pair, tmp_path: Path) -> None:
    found = pgassay("data", "diff", pair.a.url(), NOWHERE, "--output", "json", cwd=tmp_path)
    assert found.returncode == 3
    document = json.loads(found.stdout)
    jsonschema.validate(document, data_diff_schema())
    assert [lost["needs"] for lost in document["unavailable"]] == ["database B"]


def test_empty_databases_prove_nothing(servers: tuple[ScratchServer, ScratchServer]) -> None:
    done = Pair(servers).run()
    assert done.returncode == 3
    assert "proves nothing" in done.stdout


def test_a_database_against_itself_is_told(pair: Pair) -> None:
    done = between(pair.a, pair.a)
    assert done.returncode == 0
    assert "A and B are the same database" in done.stdout


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("env:A", "env:UNSET"), "UNSET is not set"),
        (("env:A", "live"), "is no database"),
        (("env:A", "nonsense"), "is no database"),
        (("env:A",), "Missing argument 'B'"),
        (("env:A", "env:B", "--table", "paymnets"), "There are: public.payments."),
        (("env:A", "env:B", "--key", "nothing"), "no such column"),
        (("env:A", "env:B", "--rows", "-1"), "not in the range"),
        (("env:A", "env:B", "--digest-key", "hunter2"), "env:NAME"),
        (("env:A", "env:B", "--digest-key", "env:UNSET"), "UNSET is not set"),
        (("env:A", "env:B", "--output", "sarif"), "unknown format"),
    ],
)
def test_wrong_usage_is_told(pair: Pair, arguments: tuple[str, ...], said: str) -> None:
    env = {"A": pair.a.url(), "B": pair.b.url()}
    done = pgassay("data", "diff", *arguments, env=env)
    assert done.returncode == 2, done.stdout + done.stderr
    assert said in done.stderr
    assert "Traceback" not in done.stderr
    assert "hunter2" not in done.stderr


def test_nothing_is_written(pair: Pair) -> None:
    for side in (pair.a, pair.b):
        change(side, f"ALTER DATABASE {side.name} SET default_transaction_read_only = off")
    before = [_state(side) for side in (pair.a, pair.b)]
    change(pair.b, "CREATE TABLE differs (a int)")
    pair.run("--show-values")
    assert _state(pair.a) == before[0]


def _state(made: Database) -> Any:
    with made.connect() as connection:
        return connection.execute(
            "SELECT array_agg(c.oid || ' ' || relname ORDER BY c.oid) FROM pg_class c"
        ).fetchone()
