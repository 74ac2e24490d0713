"""Asking rows: odd tables, rights, errors, and more wrong rows than are brought."""

from __future__ import annotations

import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import psycopg
import pytest

from pgassay.analysis.declared_references import declared_references
from pgassay.facts.catalog import Catalog
from pgassay.facts.data_rule import DataRules
from pgassay.facts.data_run import DataRun, RuleOutcome
from pgassay.facts.settings import DataSettings
from pgassay.postgres.binaries import all_binaries
from pgassay.postgres.connection import open_readonly
from pgassay.postgres.connection_target import ConnectionTarget
from pgassay.postgres.scratch import Database
from pgassay.postgres.scratch_server import ScratchServer
from pgassay.sources import row_scan
from pgassay.sources.catalog import read_catalog
from pgassay.sources.data_rule_file import read_data_rules
from pgassay.sources.data_run import Asked, run_data_rules
from pgassay.sources.scan_pace import ScanPace
from tests.sources.standby import standby_of

_BINARIES = {binaries.major: binaries for binaries in all_binaries() if binaries.major >= 15}
SETTINGS = DataSettings(time_limit_s=60, workers=2, keys=5)


@pytest.fixture(scope="module", params=sorted(_BINARIES), ids=lambda major: f"pg{major}")
def server(request: pytest.FixtureRequest) -> Iterator[ScratchServer]:
    with ScratchServer(_BINARIES[request.param]) as running:
        yield running


@pytest.fixture
def database(server: ScratchServer) -> Iterator[Database]:
    made = server.create_database("rows")
    yield made
    server.drop_database(made)


def make(database: Database, *statements: str) -> None:
    with database.connect(autocommit=True) as connection:
        for statement in statements:
            connection.execute(statement.encode())


def rules(tmp_path: Path, text: str) -> DataRules:
    path = tmp_path / "pgassay-data.yml"
    path.write_text(text)
    return read_data_rules(path, path.name)


def run(
    database: Database,
    asked: DataRules,
    *,
    settings: DataSettings = SETTINGS,
    role: str = "",
    money: dict[tuple[str, str], tuple[str, ...]] | None = None,
) -> DataRun:
    url = database.url()
    target = ConnectionTarget.parse(url.replace("postgres@", f"{role}@") if role else url)
    with open_readonly(target) as connection:
        catalog = read_catalog(connection)
        assert isinstance(catalog, Catalog)
        connection.rollback()
        return run_data_rules(
            connection,
            lambda: open_readonly(target),
            Asked(asked, catalog, money or {}, settings),
        )


def told(outcome: RuleOutcome) -> tuple[str, int | None]:
    return outcome.ending, outcome.failing


@pytest.mark.parametrize("blocks", [1, 3, 4000])
def test_parts_of_a_table_make_the_whole(
    database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, blocks: int
) -> None:
    """Also where parts have more wrong rows than are brought one by one."""
    monkeypatch.setattr(row_scan, "BLOCKS", blocks)
    make(
        database,
        "CREATE TABLE paid (id int PRIMARY KEY, amount numeric, currency text, note text)",
        "INSERT INTO paid SELECT n, n * (CASE WHEN n % 2 = 0 THEN -0.01 ELSE 0.01 END), "
        "CASE WHEN n % 3 = 0 THEN 'EUR' ELSE 'USD' END, CASE WHEN n <> 4999 THEN 'x' END "
        "FROM generate_series(1, 5000) n",
    )
    asked = rules(
        tmp_path,
        "tables:\n  public.paid:\n    - range: {column: amount, min: 0}\n    - not_null: note\n",
    )
    negative, missing = run(database, asked, money={("public", "paid"): ("amount",)}).outcomes
    assert told(negative) == ("failed", 2500)
    assert [key[0] for key in negative.keys] == ["2", "4", "6", "8", "10"]
    sums = {a.currency: Decimal(a.amount) for a in negative.affected}
    even = range(2, 5001, 2)
    assert sums == {
        "EUR": sum((Decimal(-n) / 100 for n in even if n % 3 == 0), Decimal(0)),
        "USD": sum((Decimal(-n) / 100 for n in even if n % 3), Decimal(0)),
    }
    # The only one stands behind thousands of others.
    assert (told(missing), missing.keys) == (("failed", 1), (("4999",),))


def test_what_constraints_prove_is_not_scanned(database: Database, tmp_path: Path) -> None:
    make(
        database,
        "CREATE TABLE paid (id int PRIMARY KEY, amount numeric NOT NULL CHECK (amount >= 0), "
        "kind text CHECK (kind IN ('a', 'b')), code text UNIQUE, late int)",
        "ALTER TABLE paid ADD CONSTRAINT later CHECK (late > 0) NOT VALID",
    )
    asked = rules(
        tmp_path,
        """
tables:
  public.paid:
    - not_null: amount
    - one_of: {column: kind, values: [a, b, c]}
    - unique: code
    - unique: [id, kind]
    - range: {column: late, above: 0}
    - range: {column: amount, min: 0}
""",
    )
    endings = [told(outcome) for outcome in run(database, asked).outcomes]
    # NaN passes the CHECK, and the table holds no rows.
    proved, vacuous = ("proved", 0), ("vacuous", 0)
    assert endings == [proved, proved, proved, proved, vacuous, vacuous]


def test_a_unique_index_over_the_same_expression_is_a_proof(
    database: Database, tmp_path: Path
) -> None:
    make(
        database,
        "CREATE TABLE people (id int, email varchar(80), name text)",
        "CREATE UNIQUE INDEX ON people (lower(email))",
        "CREATE UNIQUE INDEX ON people (lower(name)) WHERE id > 3",
        "INSERT INTO people VALUES (1, 'a', 'x'), (2, 'b', 'X ')",
    )
    asked = rules(
        tmp_path,
        """
tables:
  public.people:
    - unique: {columns: email, alike: case}
    - unique: {columns: name, alike: case}
    - unique: {columns: name, alike: [case, blanks]}
""",
    )
    email, name, blanks = run(database, asked).outcomes
    assert (told(email), email.reason) == (("proved", 0), "unique index people_lower_idx")
    assert told(name) == ("passed", 0)
    # Without a key a row is named by its place.
    assert told(blanks) == ("failed", 2)
    assert (blanks.key_columns, sorted(blanks.keys)) == (("ctid",), [("(0,1)",), ("(0,2)",)])


def test_partitions_and_inheritance_are_read_views_and_foreign_tables_not(
    database: Database, tmp_path: Path
) -> None:
    make(
        database,
        "CREATE TABLE paid (id int, amount int, PRIMARY KEY (id)) PARTITION BY RANGE (id)",
        "CREATE TABLE paid_1 PARTITION OF paid FOR VALUES FROM (0) TO (10)",
        "CREATE TABLE paid_2 PARTITION OF paid FOR VALUES FROM (10) TO (20) PARTITION BY LIST (id)",
        "CREATE TABLE paid_3 PARTITION OF paid_2 DEFAULT",
        "INSERT INTO paid VALUES (1, -1), (2, 1), (11, -1)",
        "CREATE TABLE old (id int PRIMARY KEY, amount int)",
        "CREATE TABLE older () INHERITS (old)",
        "INSERT INTO older VALUES (7, -1)",
        "CREATE VIEW shown AS SELECT * FROM paid",
        "CREATE FOREIGN DATA WRAPPER none",
        "CREATE SERVER away FOREIGN DATA WRAPPER none",
        "CREATE FOREIGN TABLE far (amount int) SERVER away",
    )
    asked = rules(
        tmp_path,
        "tables:\n"
        + "".join(
            f"  public.{table}:\n    - range: {{column: amount, min: 0}}\n"
            for table in ("paid", "old", "shown", "far")
        ),
    )
    paid, old, shown, far = run(database, asked).outcomes
    assert (told(paid), paid.keys) == (("failed", 2), (("1",), ("11",)))
    assert (told(old), old.keys) == (("failed", 1), (("7",),))
    assert shown.ending == far.ending == "unavailable"
    assert shown.reason == "There is no table public.shown in the database."
    assert far.reason == "public.far is a foreign table, which is not read."


def test_rows_that_a_policy_hides_are_told_and_so_are_rights(
    database: Database, tmp_path: Path
) -> None:
    make(
        database,
        "CREATE TABLE hidden (id int PRIMARY KEY, amount int)",
        "INSERT INTO hidden VALUES (1, -1)",
        "ALTER TABLE hidden ENABLE ROW LEVEL SECURITY",
        "CREATE TABLE forbidden (id int PRIMARY KEY, amount int)",
        "CREATE TABLE partly (id int PRIMARY KEY, amount int)",
        "INSERT INTO partly VALUES (1, 1)",
        "DROP ROLE IF EXISTS reader",
        "CREATE ROLE reader LOGIN",
        "GRANT SELECT ON hidden TO reader",
        "GRANT SELECT ON partly TO reader",
    )
    asked = rules(
        tmp_path,
        "tables:\n"
        + "".join(
            f"  public.{table}:\n    - range: {{column: amount, min: 0}}\n"
            for table in ("hidden", "forbidden", "partly")
        ),
    )
    hidden, forbidden, partly = run(database, asked, role="reader").outcomes
    assert hidden.ending == forbidden.ending == "unavailable"
    assert hidden.reason == "row-level security hides rows of public.hidden from role reader."
    assert "BYPASSRLS" in hidden.next_step
    assert forbidden.next_step.endswith("GRANT SELECT ON TABLE public.forbidden TO reader;")
    assert told(partly) == ("passed", 0)
    make(database, "DROP OWNED BY reader", "DROP ROLE reader")


def test_one_rule_that_cannot_be_asked_takes_no_other_with_it(
    database: Database, tmp_path: Path
) -> None:
    make(
        database,
        "CREATE TABLE paid (id int PRIMARY KEY, amount int, note text)",
        "INSERT INTO paid VALUES (1, -1, 'x')",
    )
    asked = rules(
        tmp_path,
        """
tables:
  public.paid:
    - range: {column: amount, min: none}
    - matches: {column: note, pattern: "("}
    - not_null: colour
    - range: {column: amount, min: 0}
    - minor_units: {column: amount, currency: EUR}
    - minor_units: {column: id, currency: shells}
  public.gone:
    - not_null: id
no_rows:
  writes: WITH gone AS (DELETE FROM paid RETURNING id) SELECT id FROM gone
  several: SELECT 1; SELECT 2
  wrong: SELECT id, note FROM paid
queries:
  total: SELECT sum(amount) FROM paid
  two: SELECT amount FROM paid, generate_series(1, 2)
  none: SELECT sum(amount) FROM nowhere
""",
    )
    result = run(database, asked)
    by_rule = [(o.rule.subject, o.rule.KIND, *told(o)) for o in result.outcomes]
    lost = "unavailable", None
    assert by_rule == [
        ("public.paid.amount", "range", *lost),
        ("public.paid.note", "matches", *lost),
        ("public.paid.colour", "not_null", *lost),
        ("public.paid.amount", "range", "failed", 1),
        ("public.paid.amount", "minor_units", *lost),
        ("public.paid.id", "minor_units", *lost),
        ("public.gone.id", "not_null", *lost),
        ("writes", "no_rows", *lost),
        ("several", "no_rows", *lost),
        ("wrong", "no_rows", "failed", 1),
    ]
    reasons = [o.reason for o in result.outcomes]
    assert reasons[0] == 'invalid input syntax for type integer: "none".'
    assert "parentheses () not balanced" in reasons[1]
    assert reasons[2] == "public.paid has no column colour."
    assert reasons[6] == "There is no table public.gone in the database."
    ((number, token),) = result.outcomes[-1].keys
    assert (number, token[:5]) == ("1", "hmac:")
    assert [(v.value, v.reason) for v in result.values] == [
        ("-1", ""),
        (None, "it gives several rows"),
        (None, 'relation "nowhere" does not exist'),
    ]
    with database.connect() as connection:
        assert connection.execute("SELECT count(*) FROM paid").fetchone() == (1,)


def test_when_the_time_is_over_nothing_passes(
    database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(row_scan, "BLOCKS", 1)
    make(
        database,
        "CREATE TABLE paid (id int PRIMARY KEY, amount int)",
        "INSERT INTO paid SELECT n, 1 FROM generate_series(1, 2000) n",
    )
    asked = rules(
        tmp_path,
        "tables:\n  public.paid:\n    - range: {column: amount, min: 0}\n"
        "no_rows:\n  slow: SELECT pg_sleep(9)\n",
    )
    settings = replace(SETTINGS, time_limit_s=0.6, workers=1)

    class Slow(ScanPace):
        def go_on(self) -> None:
            super().go_on()
            time.sleep(0.1)

    monkeypatch.setattr("pgassay.sources.data_run.ScanPace", Slow)
    part, slow = run(database, asked, settings=settings).outcomes
    assert told(part) == ("partial", 0)
    assert part.coverage.endswith("of 9 blocks")
    assert slow.ending == "unavailable"


def test_what_was_found_before_it_stopped_has_failed(
    database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The server ends a statement; a row that is wrong stays wrong."""
    monkeypatch.setattr(row_scan, "BLOCKS", 1)
    make(
        database,
        "CREATE TABLE paid (id int PRIMARY KEY, amount int, kind text)",
        "INSERT INTO paid SELECT n, CASE WHEN n = 1 THEN -1 ELSE 1 END, 'a' "
        "FROM generate_series(1, 2000) n",
    )
    asked = rules(
        tmp_path,
        "tables:\n  public.paid:\n    - range: {column: amount, min: 0}\n    - not_null: kind\n",
    )
    parts = iter(range(3))

    class Stopped(ScanPace):
        def go_on(self) -> None:
            if next(parts, None) is None:
                raise psycopg.errors.QueryCanceled("canceling statement due to statement timeout")

    monkeypatch.setattr("pgassay.sources.data_run.ScanPace", Stopped)
    negative, missing = run(database, asked, settings=replace(SETTINGS, workers=1)).outcomes
    assert (told(negative), negative.keys) == (("failed", 1), (("1",),))
    assert negative.coverage.startswith("the rows before it stopped (canceling statement")
    assert missing.ending == "unavailable"


def test_sixteen_hundred_columns(database: Database, tmp_path: Path) -> None:
    columns = [f"c{number}" for number in range(1599)]
    make(
        database,
        f"CREATE TABLE wide (id int PRIMARY KEY, {', '.join(f'{c} bool' for c in columns)})",
        "INSERT INTO wide (id, c7) VALUES (1, true)",
        f"INSERT INTO wide SELECT 2, {', '.join(['true'] * 1599)}",
    )
    listed = ", ".join(columns)
    asked = rules(tmp_path, f"tables:\n  public.wide:\n    - not_null: [{listed}]\n")
    outcomes = run(database, asked).outcomes
    assert [told(o) for o in outcomes if o.ending != "failed"] == [("passed", 0)]
    assert {o.keys for o in outcomes if o.ending == "failed"} == {(("1",),)}


def test_types_of_their_own(database: Database, tmp_path: Path) -> None:
    into = 'INSERT INTO "Odd ""t""" VALUES'
    make(
        database,
        "CREATE DOMAIN euros AS numeric(12,4)",
        "CREATE TYPE state AS ENUM ('new', 'done', 'lost')",
        'CREATE TABLE "Odd ""t""" ("t." euros, state state, made timestamp, "%" real, '
        '"Key" text PRIMARY KEY)',
        f"{into} (1.005, 'lost', 'infinity', 'NaN', 'ann@example.com')",
        f"{into} (1.00, 'new', '2024-01-01', 0.1, 'bob@example.com')",
    )
    asked = rules(
        tmp_path,
        """
tables:
  'public.Odd "t"':
    - minor_units: {column: t., currency: EUR}
    - one_of: {column: state, values: [new, done]}
    - in_time: made
    - range: {column: "%", below: 1}
    - minor_units: {column: "%", currency: EUR}
""",
    )
    outcomes = run(database, asked).outcomes
    assert [told(o) for o in outcomes] == [*[("failed", 1)] * 4, ("passed", 0)]
    # A text may be an address, so a token stands for it, the same one each time.
    assert len({o.keys for o in outcomes[:4]}) == 1
    assert outcomes[0].keys[0][0].startswith("hmac:")


def test_all_is_of_one_moment(database: Database, tmp_path: Path) -> None:
    """What others commit while the rows are read is not seen."""
    make(
        database,
        "CREATE TABLE one (id int PRIMARY KEY, amount int)",
        "CREATE TABLE two (id int PRIMARY KEY, amount int)",
        "INSERT INTO one VALUES (1, 1)",
        "INSERT INTO two VALUES (1, 1)",
    )
    asked = rules(
        tmp_path,
        "tables:\n  public.one:\n    - range: {column: amount, min: 0}\n"
        "  public.two:\n    - range: {column: amount, min: 0}\n",
    )
    url = database.url()
    target = ConnectionTarget.parse(url)

    def connect() -> psycopg.Connection[Any]:
        make(database, "UPDATE one SET amount = -1", "UPDATE two SET amount = -1")
        return open_readonly(target)

    with open_readonly(target) as connection:
        catalog = read_catalog(connection)
        assert isinstance(catalog, Catalog)
        connection.rollback()
        result = run_data_rules(connection, connect, Asked(asked, catalog, {}, SETTINGS))
    assert [told(o) for o in result.outcomes] == [("passed", 0)] * 2


def test_a_standby_is_asked_as_its_primary(server: ScratchServer, tmp_path: Path) -> None:
    made = server.create_database("followed")
    make(
        made,
        "CREATE TABLE paid (id int PRIMARY KEY, amount int, kind text)",
        "INSERT INTO paid VALUES (1, -1, 'a'), (2, 1, 'a')",
    )
    asked = rules(
        tmp_path,
        "tables:\n  public.paid:\n    - range: {column: amount, min: 0}\n    - unique: kind\n",
    )
    with standby_of(server) as parameters:
        standby = Database("followed", {**parameters, "dbname": "followed"})
        negative, repeated = run(standby, asked).outcomes
    server.drop_database(made)
    assert (told(negative), negative.keys) == (("failed", 1), (("1",),))
    assert told(repeated) == ("failed", 2)


def test_a_standby_that_is_behind_is_waited_for(server: ScratchServer, tmp_path: Path) -> None:
    """Nothing is read while it is; when the time is over, nothing has passed."""
    made = server.create_database("followed")
    make(made, "CREATE TABLE paid (id int PRIMARY KEY)", "INSERT INTO paid VALUES (1)")
    asked = rules(tmp_path, "tables:\n  public.paid:\n    - range: {column: id, min: 0}\n")
    try:
        with standby_of(server) as parameters:
            standby = Database("postgres", {**parameters, "dbname": "postgres"})
            with standby.connect(autocommit=True) as connection:
                connection.execute("SELECT pg_wal_replay_pause()")
            make(made, "INSERT INTO paid VALUES (2)")
            # It tells its place every 10 s; the lag grows until it does.
            settings = replace(SETTINGS, time_limit_s=2, pause_lag_s=0.001, workers=1)
            deadline = time.monotonic() + 30
            while True:
                (outcome,) = run(made, asked, settings=settings).outcomes
                if outcome.ending == "partial" or time.monotonic() > deadline:
                    break
            assert (outcome.ending, outcome.coverage) == ("partial", "0 % of 1 blocks")
            with standby.connect(autocommit=True) as connection:
                connection.execute("SELECT pg_wal_replay_resume()")
    finally:
        server.drop_database(made)


def test_a_busy_server_is_waited_for(database: Database, tmp_path: Path) -> None:
    make(database, "CREATE TABLE paid (id int PRIMARY KEY)", "INSERT INTO paid VALUES (1)")
    asked = rules(tmp_path, "tables:\n  public.paid:\n    - range: {column: id, min: 0}\n")
    settings = replace(SETTINGS, time_limit_s=30, pause_sessions=1, workers=1)

    def busy(connection: psycopg.Connection[Any]) -> None:
        connection.execute("SELECT pg_sleep(2.5)")

    with database.connect() as one, database.connect() as two, ThreadPoolExecutor(2) as pool:
        sleeping = [pool.submit(busy, connection) for connection in (one, two)]
        time.sleep(0.3)
        result = run(database, asked, settings=settings)
        assert all(s.result() is None for s in sleeping)
    assert [told(o) for o in result.outcomes] == [("passed", 0)]
    assert result.waited_for == ("more than 1 other sessions are at work",)
    assert result.seconds > 1.5


def test_what_is_no_number_is_no_total_and_no_balance(database: Database, tmp_path: Path) -> None:
    """NaN equals itself, and infinities cancel nothing out."""
    make(
        database,
        "CREATE TABLE bills (id int PRIMARY KEY, total float8)",
        "CREATE TABLE lines (id int PRIMARY KEY, bill_id int, amount float8)",
        "INSERT INTO bills VALUES (1, 0.3), (2, 'NaN'), (3, 5), (4, 'Infinity'), (5, 0), (6, NULL)",
        "INSERT INTO lines VALUES (1, 1, 0.1), (2, 1, 0.2), (3, 2, 'NaN'), (4, 3, 5), "
        "(5, 3, 'NaN'), (6, 4, 'Infinity'), (7, 6, 1)",
        "CREATE TABLE entries (journal int, debit real, credit real)",
        "INSERT INTO entries VALUES (1, 0.1, NULL), (1, 0.2, NULL), (1, NULL, 0.3), "
        "(2, 'Infinity', 'Infinity'), (3, 'NaN', 0), (4, 1, 2), (NULL, 1, 0)",
    )
    asked = rules(
        tmp_path,
        """
tables:
  public.bills:
    - total: {column: total, lines: public.lines, line: amount, by: bill_id, key: id}
  public.entries:
    - balanced: {column: debit, minus: credit, journal: journal}
""",
    )
    totals, balances = run(database, asked).outcomes
    assert (told(totals), sorted(totals.keys)) == (("failed", 3), [("2",), ("3",), ("4",)])
    assert told(balances) == ("failed", 4)
    assert sorted(balances.keys) == [("2",), ("3",), ("4",), ("NULL",)]
    # 1 - 2 of journal 4, and 1 of none.
    assert [(a.column, a.amount) for a in balances.affected] == [("debit", "0")]


def test_a_key_of_one_partition_only(database: Database) -> None:
    """What a partition has from its parent is asked once, what it has of its own too."""
    make(
        database,
        "CREATE TABLE owners (id int PRIMARY KEY)",
        "CREATE TABLE paid (id int, owner int REFERENCES owners, other int) PARTITION BY LIST (id)",
        "CREATE TABLE paid_1 PARTITION OF paid FOR VALUES IN (1)",
        "ALTER TABLE paid_1 ADD CONSTRAINT own FOREIGN KEY (other) REFERENCES owners",
    )
    with database.connect(autocommit=True) as connection:
        catalog = read_catalog(connection)
    assert isinstance(catalog, Catalog)
    found = [(r.table[1], r.together, r.declared) for r in declared_references(catalog)]
    assert found == [("paid", ("owner",), "paid_owner_fkey"), ("paid_1", ("other",), "own")]


def test_groups_read_no_foreign_table_either(database: Database, tmp_path: Path) -> None:
    make(
        database,
        "CREATE FOREIGN DATA WRAPPER none",
        "CREATE SERVER away FOREIGN DATA WRAPPER none",
        "CREATE FOREIGN TABLE far (id int, code text) SERVER away",
        "CREATE TABLE near (id int PRIMARY KEY, far_id int)",
    )
    asked = rules(
        tmp_path,
        """
tables:
  public.far:
    - unique: code
  public.near:
    - references: {columns: far_id, parent: public.far, key: id}
""",
    )
    for outcome in run(database, asked).outcomes:
        assert outcome.reason == "public.far is a foreign table, which is not read."
