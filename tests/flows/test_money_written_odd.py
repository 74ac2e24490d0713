"""`pgassay money plan --write` where names, schemas or env.py are unusual."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from decimal import Decimal
from io import StringIO
from pathlib import Path
from threading import Thread
from time import sleep
from typing import Any

import psycopg
import pytest
from alembic import command
from sqlalchemy.exc import DBAPIError

from pgassay.postgres.binaries import find_binaries
from pgassay.postgres.scratch_server import ScratchServer
from tests.flows.money_project import LARGE, SMALL, MoneyProject, money_project

LONG = "amount_" + "x" * 55
SALES = (
    "CREATE TABLE sales (id int PRIMARY KEY, amount float8 DEFAULT 0.5, currency text)",
    "CREATE VIEW listed AS SELECT id, amount FROM sales",
)
ROWS = "INSERT INTO sales SELECT n, n * 1.005, 'EUR' FROM generate_series(1, 300) n"


@pytest.fixture(scope="module")
def server(request: pytest.FixtureRequest) -> Iterator[ScratchServer]:
    with ScratchServer(find_binaries(getattr(request, "param", 18))) as running:
        yield running


@pytest.fixture
def project(
    server: ScratchServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[MoneyProject]:
    with money_project(server, tmp_path, monkeypatch) as made:
        yield made


def quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def types(project: MoneyProject) -> set[str]:
    """Of all columns but the keys and what a conversion left."""
    return {
        c.type
        for c in project.catalog().columns
        if c.name != "id" and not c.comment.startswith("pgassay") and "_rounded" not in c.table
    }


@pytest.mark.parametrize("settings", [SMALL, LARGE])
@pytest.mark.parametrize(
    ("tables", "columns"),
    [
        (["sales"], ["amount%", "price%s"]),
        (["sa%(les", r"sa%\les"], ["amount"]),
        (["sales"], ["amount$$b", "price$body$", "cost$pgassay$ DROP"]),
        (['sa"""les'], ["amount\\", "price{0}", "cost:x"]),
        (["sales"], [f"{LONG}a", f"{LONG}b"]),
        (["t" * 62 + "a", "t" * 62 + "b"], ["amount"]),
        (["é" * 31], ["é" * 20 + "_amount", "é" * 20 + "_amount2"]),
    ],
)
def test_names(project: MoneyProject, settings: str, tables: list[str], columns: list[str]) -> None:
    listed = ", ".join(f"{quoted(c)} float8 NOT NULL DEFAULT 1" for c in columns)
    project.write(
        [f"CREATE TABLE {quoted(t)} (id int PRIMARY KEY, {listed})" for t in tables],
        f'{settings}[money]\ncolumns = ["*"]\nnot_money = ["*.id"]\n',
    )
    for table in tables:
        values = ", n * 1.005" * len(columns)
        project.run(f"INSERT INTO {quoted(table)} SELECT n{values} FROM generate_series(1, 300) n")
    project.written()
    project.upgrade()
    assert types(project) == {"numeric(12,2)"}
    project.run(f"UPDATE {quoted(tables[0])} SET {quoted(columns[0])} = 'NaN' WHERE id = -1")
    project.downgrade()
    assert types(project) == {"double precision"}
    project.upgrade()
    project.written("--contract")
    project.upgrade()
    assert types(project) == {"numeric(12,2)"}


def test_a_refusal_names_what_has_a_percent_sign(project: MoneyProject) -> None:
    project.write(['CREATE TABLE "sa%les" (id int PRIMARY KEY, "amount%" float8)'], LARGE)
    project.run('INSERT INTO "sa%les" SELECT n, n FROM generate_series(1, 300) n')
    project.written()
    project.run("""UPDATE "sa%les" SET "amount%" = 'NaN' WHERE id < 3""")
    with pytest.raises(DBAPIError) as error:
        project.upgrade()
    assert "public.sa%les.amount%: 2 values are NaN, infinite or too large" in str(error.value.orig)


@pytest.mark.parametrize("settings", [SMALL, LARGE])
def test_literals_of_money(project: MoneyProject, settings: str) -> None:
    """numeric > money is no operator, and a cast from money no index takes."""
    project.write(
        [
            "CREATE TABLE sales (id int PRIMARY KEY, price money NOT NULL DEFAULT '$1,001.50'"
            " CHECK (price > '-$5'))",
            "CREATE INDEX ix ON sales (price) WHERE price > '$5'",
        ],
        settings,
    )
    project.run(
        "INSERT INTO sales SELECT n, (n * 1.01)::numeric::money FROM generate_series(1, 300) n"
    )
    project.written()
    project.upgrade()
    project.run("INSERT INTO sales (id) VALUES (1000)")
    assert str(project.ask("SELECT price FROM sales WHERE id = 1000")[0][0]) == "1001.50"
    (index,) = [i for i in project.catalog().indexes if i.name == "ix"]
    assert index.definition == "USING btree (price) WHERE (price > 5.00)"
    project.downgrade()
    assert types(project) == {"money"}


def test_partitions_have_it_from_their_table(project: MoneyProject) -> None:
    project.write(
        [
            "CREATE TABLE sales (id int PRIMARY KEY, amount float8) PARTITION BY RANGE (id)",
            "CREATE TABLE sales_1 PARTITION OF sales FOR VALUES FROM (0) TO (200)",
            "CREATE TABLE sales_2 PARTITION OF sales FOR VALUES FROM (200) TO (2000)",
            "ALTER TABLE sales ADD CHECK (amount > -1)",
        ]
    )
    project.run("INSERT INTO sales SELECT n, n * 1.005 FROM generate_series(1, 300) n")
    rows = project.ask("SELECT id, amount FROM sales ORDER BY 1")
    project.written()
    project.upgrade()
    assert types(project) == {"numeric(12,2)"}
    project.downgrade()
    assert types(project) == {"double precision"}
    assert project.ask("SELECT id, amount FROM sales ORDER BY 1") == rows


def test_arrays_are_not_done(project: MoneyProject) -> None:
    """check has MON001 for them."""
    project.write(["CREATE TABLE sales (id int PRIMARY KEY, amounts float8[], fee_amount real)"])
    project.run("INSERT INTO sales VALUES (1, '{1.005}', 1)")
    plan = project.plan("--no-color")
    assert (plan.exit_code, plan.stdout.startswith("OPEN  2 money columns: 2 not")) == (1, True)
    done = project.plan("--write", "--output", "json")
    written = json.loads(done.stdout)["written"]
    assert (done.exit_code, len(written["revisions"])) == (1, 1)
    assert written["not_written"] == [
        "public.sales.amounts: arrays are not profiled: convert it by hand, through text"
    ]


def test_an_insert_by_the_order_of_columns_loses_no_money(project: MoneyProject) -> None:
    """Where the column stood stands the old one now."""
    project.write(SALES, LARGE)
    project.run(ROWS)
    project.written()
    project.upgrade()
    with pytest.raises(psycopg.errors.RaiseException, match="an INSERT has to name its columns"):
        project.run("INSERT INTO sales VALUES (1000, 12.34, 'EUR')")
    project.run(
        "INSERT INTO sales (id, amount, currency) VALUES (1000, 12.34, 'EUR')",
        "INSERT INTO sales (id) VALUES (1001)",
        # As a replica gets a row, and a restore.
        "INSERT INTO sales (id, amount_before, amount) VALUES (1002, 1.005, 1.01)",
    )
    both = "SELECT amount::text, amount_before::text FROM sales WHERE id >= 1000 ORDER BY id"
    assert project.ask(both) == [("12.34", "12.34"), ("0.50", "0.5"), ("1.01", "1.005")]


@pytest.mark.parametrize("settings", [SMALL, LARGE])
def test_whatever_the_sessions_settings_are(project: MoneyProject, settings: str) -> None:
    """A float's text has as many digits as the session says, and a key's time its time zone."""
    project.write(
        ["CREATE TABLE sales (at timestamptz PRIMARY KEY, amount float8, currency text)"], settings
    )
    project.run(
        "INSERT INTO sales SELECT timestamptz '2020-01-01 00:00Z' + n * interval '1 h',"
        " n + 123456789.12, 'EUR' FROM generate_series(1, 300) n",
        "INSERT INTO sales VALUES ('2010-01-01 00:00Z', 1.005, 'EUR')",
    )
    rows = "SELECT at, amount::text FROM sales ORDER BY 1"
    before, name = project.ask(rows), project.database.name
    project.run(f"ALTER DATABASE {name} SET extra_float_digits = -5")
    project.written()
    project.upgrade()
    project.run("UPDATE sales SET amount = amount + 0.01 WHERE at > '2020-01-10'")
    assert project.ask("SELECT sum(amount) FROM sales WHERE amount > 5 AND at <= '2020-01-10'") == [
        (sum(Decimal(a) for at, a in before[1:217]),)
    ]
    project.run("UPDATE sales SET amount = amount - 0.01 WHERE at > '2020-01-10'")
    project.run(f"ALTER DATABASE {name} SET timezone = 'Asia/Tokyo'")
    project.downgrade()
    project.run(f"ALTER DATABASE {name} RESET ALL")
    assert project.ask(rows) == before


def test_without_a_key_nothing_is_given_back_and_the_revision_says_so(
    project: MoneyProject,
) -> None:
    project.write(["CREATE TABLE sales (id int, amount float8)"])
    project.run("INSERT INTO sales VALUES (1, 1.005)")
    (revision,) = project.written()["written"]["revisions"]
    assert "by no key that stays: the downgrade cannot give them back" in " ".join(
        (project.root / revision["path"]).read_text().split()
    )


@pytest.mark.parametrize("settings", [SMALL, LARGE])
def test_without_transactions_nothing_begins(project: MoneyProject, settings: str) -> None:
    """SET LOCAL would set no time-out, and a swap would show its middle."""
    project.write(SALES, settings)
    project.run(ROWS)
    project.written()
    env = project.root / "alembic" / "env.py"
    whole = "poolclass=NullPool"
    env.write_text(env.read_text().replace(whole, f"{whole}, isolation_level='AUTOCOMMIT'"))
    before = project.catalog()
    with pytest.raises(DBAPIError, match="LOCK TABLE can only be used in transaction blocks"):
        project.upgrade()
    assert project.catalog() == before


@pytest.mark.parametrize("server", [18, 15], indirect=True)
@pytest.mark.parametrize("settings", [SMALL, LARGE])
def test_who_reads_by_a_view_is_in_no_deadlock(project: MoneyProject, settings: str) -> None:
    """The view is locked before its table."""
    project.write(SALES, settings)
    project.run(ROWS)
    ids = [r["id"] for r in project.written()["written"]["revisions"]]
    project.upgrade(ids[1] if len(ids) > 1 else "alembic_1")
    ended: dict[str, Any] = {}

    def read() -> None:
        sleep(0.7)
        try:
            ended["read"] = project.ask("SELECT count(*) FROM listed")
        except psycopg.Error as error:
            ended["read"] = error

    def upgrade() -> None:
        try:
            project.upgrade()
            ended["upgrade"] = None
        except DBAPIError as error:
            ended["upgrade"] = error

    with project.database.connect() as other:
        other.execute("SELECT FROM sales LIMIT 1")
        threads = [Thread(target=read), Thread(target=upgrade)]
        for thread in threads:
            thread.start()
        sleep(1.4)
    for thread in threads:
        thread.join()
    assert ended == {"read": [(300,)], "upgrade": None}


def test_a_table_that_is_done_is_not_locked_while_the_next_one_is_waited_for(
    project: MoneyProject,
) -> None:
    project.write([f"CREATE TABLE {t} (id int PRIMARY KEY, amount float8)" for t in ("a", "b")])
    ids = [r["id"] for r in project.written()["written"]["revisions"]]

    def waits(read: str, run: Callable[[], None]) -> list[object]:
        """What is read of one table while the run waits for the other; then how the run ends."""
        ended: list[object] = []
        thread = Thread(target=lambda: ended.append(_error_of(run)))
        other = "a" if read == "b" else "b"
        with project.database.connect() as holder:
            holder.execute(f"SELECT FROM {other}".encode())
            thread.start()
            sleep(1.2)
            with project.database.connect(autocommit=True) as connection:
                connection.execute("SET lock_timeout = '100ms'")
                ended.append(connection.execute(f"SELECT count(*) FROM {read}".encode()).fetchone())
            thread.join()
        return ended

    assert waits("a", project.upgrade) == [(0,), "canceling statement due to lock timeout"]
    assert project.ask("SELECT version_num FROM alembic_version") == [(ids[0],)]
    project.upgrade()
    assert waits("b", project.downgrade) == [(0,), "canceling statement due to lock timeout"]
    assert project.ask("SELECT version_num FROM alembic_version") == [(ids[0],)]
    project.downgrade()


def _error_of(run: Callable[[], None]) -> str:
    try:
        run()
    except DBAPIError as error:
        return str(error.orig).splitlines()[0]
    return ""


def test_a_check_that_breaks_on_what_was_rounded_fails_nobody_but_the_swap(
    project: MoneyProject,
) -> None:
    """Begun and left, it would fail whoever writes such a value."""
    check = 'ALTER TABLE sales ADD CONSTRAINT "ck%" CHECK (amount > 0 OR currency IS NULL)'
    project.write([*SALES, check], LARGE)
    project.run(ROWS)
    ids = [r["id"] for r in project.written()["written"]["revisions"]]
    project.upgrade(ids[1])
    project.run("INSERT INTO sales VALUES (1000, 0.004, 'EUR'), (1001, -5, NULL)")
    with pytest.raises(DBAPIError, match=r"sales\.amount: 1 values would break ck% once converted"):
        project.upgrade()
    project.run(
        "INSERT INTO sales VALUES (1002, 0.003, 'EUR'), (1003, 'NaN', 'EUR')",
        "DELETE FROM sales WHERE id IN (1000, 1002, 1003)",
    )
    project.upgrade()
    assert project.types(["amount"], "sales") == ["numeric(12,2)"]
    project.downgrade()


def test_nobody_drops_an_old_column_from_under_its_trigger(project: MoneyProject) -> None:
    """As autogenerate would: after that nobody could write to the table."""
    project.write(SALES, LARGE)
    project.run(ROWS)
    ids = [r["id"] for r in project.written()["written"]["revisions"]]
    for revision, column in ((ids[1], "amount_new"), (ids[2], "amount_before")):
        project.upgrade(revision)
        with pytest.raises(psycopg.errors.DependentObjectsStillExist):
            project.run(f"ALTER TABLE sales DROP COLUMN {column}")
    project.downgrade()


def test_another_conversion_comes_after_the_contract(project: MoneyProject) -> None:
    """What the first one rounded would be neither of the second one's."""
    policy = '[[money.policy]]\npattern = "*"\nprecision = {}\nscale = {}\n'
    project.write(SALES, LARGE)
    project.run(ROWS)
    project.written()
    project.upgrade()
    config = project.root / "pgassay.toml"
    plain = config.read_text()
    config.write_text(plain + policy.format(14, 3))
    done = project.plan("--write", "--output", "json")
    (said,) = json.loads(done.stdout)["written"]["not_written"]
    assert said.startswith("public.sales.amount: an earlier conversion left amount_before, which")
    # What only widens goes, and the contract after it.
    config.write_text(plain + policy.format(14, 2))
    project.written()
    project.upgrade()
    project.written("--contract")
    project.upgrade()
    assert project.types(["amount", "amount_before"], "sales") == ["numeric(14,2)", ""]
    project.downgrade()
    assert project.types(["amount"], "sales") == ["double precision"]


def test_a_leftover_whose_column_was_renamed_is_left_to_people(project: MoneyProject) -> None:
    project.write(SALES, LARGE)
    project.run(ROWS)
    project.written()
    project.upgrade()
    project.run("ALTER TABLE sales RENAME amount TO total_amount")
    done = project.plan("--contract", "--write", "--output", "json")
    (said,) = json.loads(done.stdout)["written"]["not_written"]
    assert done.exit_code == 1
    assert said.startswith("public.sales.amount_before: amount, which took its place, is not there")


def test_sql_to_be_run_by_hand(project: MoneyProject) -> None:
    """`alembic upgrade --sql` doubles each %."""
    project.write(SALES)
    project.run(ROWS)
    project.written()
    env = project.root / "alembic" / "env.py"
    env.write_text(
        "import os\nfrom alembic import context\n"
        'context.configure(url=os.environ["DATABASE_URL"])\n'
        "with context.begin_transaction():\n    context.run_migrations()\n"
    )
    config = project._config()
    config.output_buffer = StringIO()
    command.upgrade(config, "alembic_1:head", sql=True)
    project.run(config.output_buffer.getvalue())
    assert project.types(["amount"], "sales") == ["numeric(12,2)"]
