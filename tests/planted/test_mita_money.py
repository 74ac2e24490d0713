"""The example's money, with planted defects in its rows: from refused to converted, and back."""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from alembic import command
from alembic.config import Config
from click.testing import CliRunner

from pgassay.cli.main import pgassay
from pgassay.postgres.binaries import find_binaries
from pgassay.postgres.scratch import Database
from pgassay.postgres.scratch_server import ScratchServer
from tests.planted.generated_data import Generated, build
from tests.planted.test_mita_example import EXAMPLE

LEDGER = '\n[[money.policy]]\npattern = "ledger.*"\nprecision = 18\nscale = 4\n'
UNDECIDED = ("nan", "infinite", "overflow")
SUMS = """
SELECT 'amount', currency, count(*), sum(round(amount::text::numeric, 4))
FROM ledger.card_fees GROUP BY 2
UNION ALL SELECT 'tip', currency, count(*), sum(round(tip::text::numeric, 4))
FROM ledger.card_fees GROUP BY 2
UNION ALL SELECT 'saved', '', count(*), sum(round(saved_amount, 2)) FROM goals
UNION ALL SELECT 'price', currency, count(*), sum(price) FROM subscriptions GROUP BY 2
ORDER BY 1, 2
"""
VALUES = """
SELECT id::text, amount::text, tip::text FROM ledger.card_fees
UNION ALL SELECT id::text, trim_scale(saved_amount)::text, '' FROM goals
UNION ALL SELECT id::text, price::text, '' FROM subscriptions ORDER BY 1
"""


@pytest.fixture
def database() -> Iterator[Database]:
    with ScratchServer(find_binaries()) as server:
        yield server.create_database("mita")


@pytest.fixture
def root(tmp_path: Path) -> Path:
    copy = tmp_path / "mita_finance"
    shutil.copytree(EXAMPLE, copy, ignore=shutil.ignore_patterns("__pycache__"))
    return copy


def ask(database: Database, sql: str) -> list[tuple[Any, ...]]:
    with database.connect(autocommit=True) as connection:
        return connection.execute(sql.encode()).fetchall()


def run(database: Database, sql: str) -> None:
    with database.connect(autocommit=True) as connection:
        connection.execute(sql.encode())


def ran(status: int, *arguments: str) -> str:
    done = CliRunner().invoke(pgassay, [*arguments, "-q"], catch_exceptions=False)
    assert done.exit_code == status, done.output
    return done.stdout


def applied(root: Path, patch: str) -> None:
    subprocess.run(["git", "apply", patch], cwd=root, check=True)


def consolidated(root: Path, database: Database, config: Config) -> None:
    """As its document says: the script, the stamp, the models."""
    url = ("--database-url", database.url())
    how = ("--into=alembic", "--write", "--rows-by-hand", *url)
    said = ran(0, "history", "consolidate", str(root), *how)
    # It is not recorded as a hotfix, and keeps nothing from being proven.
    assert "schema ledger is of neither history, and left alone" in said
    run(database, f"BEGIN; {(root / 'alembic' / 'converge.sql').read_text()}; COMMIT")
    command.stamp(config, "head", purge=True)
    applied(root, "alembic/models.patch")


def test_from_refused_to_converted_and_back(
    root: Path, database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    build(database)
    generated = Generated(database, tmp_path / "truth.json")
    generated.fill(200, 3_000, 1, "--defects=all")
    monkeypatch.setenv("DATABASE_URL", database.url().replace("postgresql:", "postgresql+asyncpg:"))
    monkeypatch.chdir(root)
    config = Config("alembic.ini")
    consolidated(root, database, config)

    # What no conversion keeps is refused, with exactly the planted keys.
    plan = ("money", "plan", ".", "--database-url", database.url(), "--output", "json")
    told = json.loads(ran(1, *plan, "--write"))
    assert (told["verdict"], told["written"]) == ("refused", None)
    refused = {c["subject"]: sorted(k for (k,) in c["keys"]) for c in told["columns"] if c["keys"]}
    planted: dict[str, list[str]] = {}
    for kind in UNDECIDED:
        for place in generated.truth["defects"][kind]["places"]:
            (column,) = place["columns"]
            subject = f"{place['table']}.{column}"
            planted.setdefault(subject, []).extend(map(str, place["keys"]))
    assert refused == {subject: sorted(keys) for subject, keys in planted.items()}
    assert len(planted) > 2
    for subject, keys in planted.items():
        listed = ", ".join(f"'{key}'" for key in keys)
        run(database, f"DELETE FROM {subject.rpartition('.')[0]} WHERE id IN ({listed})")

    # The ledger's dinars have three decimals, which the usual policy would cut.
    told = json.loads(ran(1, *plan, "--write"))
    assert "their currency has" in " ".join(c["refused"] for c in told["columns"])
    with (root / "pgassay.toml").open("a") as settings:
        settings.write(LEDGER)

    sums, values = ask(database, SUMS), ask(database, VALUES)
    written = json.loads(ran(0, *plan, "--write"))["written"]
    assert written["models_left"] == written["not_written"] == []
    script, undo = ((root / s["path"]).read_text() for s in written["scripts"])
    run(database, script)
    command.upgrade(config, "head")
    assert ask(database, SUMS) == sums
    assert ask(database, VALUES) != values
    command.downgrade(config, f"-{len(written['revisions'])}")
    run(database, undo)
    assert ask(database, VALUES) == values
    run(database, script)
    command.upgrade(config, "head")
    assert ask(database, SUMS) == sums

    applied(root, written["patch"])
    check = ("check", ".", "--database-url", database.url(), "--output", "json")
    findings = json.loads(ran(1, *check))["findings"]
    assert [f["subject"] for f in findings if f["code"].startswith("MON")] == []
    # It is looked at: without the models' half it has.
    subprocess.run(["git", "apply", "-R", written["patch"]], cwd=root, check=True)
    findings = json.loads(ran(1, *check))["findings"]
    assert {f["subject"] for f in findings if f["code"].startswith("MON")} == {
        "public.expenses.amount",
        "public.goals.saved_amount",
        "public.subscriptions.price",
    }
