"""`pgassay money plan`: what the money is, and what a conversion would change."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from pgassay.cli.main import pgassay
from pgassay.postgres.binaries import find_binaries
from pgassay.postgres.scratch import Database
from pgassay.postgres.scratch_server import ScratchServer


@pytest.fixture
def database() -> Iterator[Database]:
    with ScratchServer(find_binaries()) as server:
        made = server.create_database("money")
        with made.connect(autocommit=True) as connection:
            connection.execute(
                "CREATE TABLE payments (id int PRIMARY KEY, amount float8, currency text, "
                "fee_amount numeric(10,2), net_amount numeric(12,2), interest_rate float8);"
                "INSERT INTO payments VALUES (1, 1.005, 'EUR', 1, 1, 0.015), "
                "(2, 'NaN', 'EUR', 2, 2, 0.02), (3, -5, 'USD', 3, 3, 0.03)"
            )
        yield made


def planned(database: Database, project: Path, *arguments: str) -> Result:
    return CliRunner().invoke(
        pgassay, ["money", "plan", str(project), "--database-url", database.url(), *arguments]
    )


def test_a_column_a_way(database: Database, tmp_path: Path) -> None:
    (tmp_path / "pgassay.toml").write_text("[migrations]\nsmall_table_mb = 0.001\n")
    done = planned(database, tmp_path, "--output", "json")
    assert done.exit_code == 1
    plan = json.loads(done.stdout)
    assert plan["verdict"] == "refused"
    ways = {c["subject"]: (c["way"], c["refused"], c["keys"]) for c in plan["columns"]}
    # A rate is no money, and a table is small by the configuration.
    assert ways == {
        "public.payments.amount": (
            "beside",
            "1 NaN for numeric(12,2): decide what they are",
            [["2"]],
        ),
        "public.payments.fee_amount": ("widened", "", []),
        "public.payments.net_amount": ("kept", "", []),
    }
    with database.connect(autocommit=True) as connection:
        connection.execute("UPDATE payments SET amount = 2 WHERE id = 2")
    done = planned(database, tmp_path, "--no-color")
    assert done.exit_code == 1
    assert done.stdout.splitlines()[0] == ("OPEN  3 money columns: 2 not of the policy's type")
    assert (
        "  EUR  2 rows, 1 finer than the currency, 1.005 to 2, sum 3.005, 1 would be\n"
        "  rounded, together by +0.005" in done.stdout
    )
    assert "way: a new column beside, filled while others work (0.0 MB)" in done.stdout
    assert max(len(line) for line in done.stdout.splitlines() if "://" not in line) <= 80


def test_all_in_order_is_done_and_nothing_known_is_unknown(
    database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "pgassay.toml").touch()
    with database.connect(autocommit=True) as connection:
        connection.execute(
            "ALTER TABLE payments DROP amount; ALTER TABLE payments ALTER fee_amount TYPE "
            "numeric(12,2); CREATE ROLE onlooker LOGIN"
        )
    assert planned(database, tmp_path).exit_code == 0
    url = database.url().replace("postgres@", "onlooker@")
    done = CliRunner().invoke(
        pgassay, ["money", "plan", str(tmp_path), "--database-url", url, "--no-color"]
    )
    assert done.exit_code == 3
    assert "GRANT SELECT ON TABLE" in done.stdout
    for name in ("DATABASE_URL", "PGHOST", "PGDATABASE", "PGSERVICE", "PGHOSTADDR"):
        monkeypatch.delenv(name, raising=False)
    done = CliRunner().invoke(pgassay, ["money", "plan", str(tmp_path), "--no-color"])
    assert done.exit_code == 3
    assert "No live database was named." in done.stdout
