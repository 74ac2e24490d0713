"""`pgassay data check` and `data infer`, as a user meets them."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from pgassay.cli.main import pgassay
from pgassay.postgres.binaries import find_binaries
from pgassay.postgres.scratch_server import ScratchServer


@pytest.fixture(scope="module")
def url() -> Iterator[str]:
    with ScratchServer(find_binaries()) as server:
        database = server.create_database("rows")
        with database.connect(autocommit=True) as connection:
            connection.execute(
                "CREATE TABLE payments (id int PRIMARY KEY, amount numeric(12,2), currency text);"
                "INSERT INTO payments SELECT n, n, 'EUR' FROM generate_series(1, 99) n;"
                "INSERT INTO payments VALUES (100, -1, 'EUR');"
                "ANALYZE payments"
            )
        yield database.url()


def told(*arguments: str) -> Result:
    return CliRunner().invoke(pgassay, ["data", *arguments])


def test_without_a_file_only_declared_keys_are_asked(url: str, tmp_path: Path) -> None:
    (tmp_path / "pgassay.toml").touch()
    done = told("check", str(tmp_path), "--database-url", url, "--output", "json")
    assert done.exit_code == 0
    report = json.loads(done.stdout)
    line = next(i for i in report["checklist"] if i["item"].startswith("Data integrity"))
    assert (line["status"], report["facts"]["data"]["rules"]) == ("unknown", [])
    assert line["evidence"] == "No rules for rows are written down in pgassay-data.yml."


def test_infer_write_check(url: str, tmp_path: Path) -> None:
    (tmp_path / "pgassay.toml").touch()
    done = told("infer", str(tmp_path), "--database-url", url, "--write")
    assert done.exit_code == 0
    assert "rules written to pgassay-data.yml" in done.stderr
    text = (tmp_path / "pgassay-data.yml").read_text()
    assert "all but 1 of 100 rows keep it" in text
    done = told("check", str(tmp_path), "--database-url", url, "--output", "json")
    assert done.exit_code == 1
    (finding,) = json.loads(done.stdout)["findings"]
    assert (finding["code"], finding["subject"]) == ("DAT003", "public.payments.amount (range)")
    assert finding["message"] == (
        "In 1 row of public.payments amount is not at least 0: id 100; amount -1 EUR."
    )
    again = told("infer", str(tmp_path), "--database-url", url, "--write")
    assert "pgassay-data.yml is there already and was left as it is." in again.stderr
    assert (tmp_path / "pgassay-data.yml").read_text() == text


def test_a_file_with_mistakes(url: str, tmp_path: Path) -> None:
    (tmp_path / "pgassay-data.yml").write_text("tables:\n  payments:\n    - rang: amount\n")
    done = told("check", str(tmp_path), "--database-url", url)
    assert "pgassay-data.yml:3: there is no rule 'rang' (did you mean range?)" in done.stderr


def test_the_time_limit(url: str, tmp_path: Path) -> None:
    """What is over is told, and no rule passes; the command line comes before the file."""
    (tmp_path / "pgassay.toml").write_text("[data]\ntime_limit_s = 0.001\n")
    (tmp_path / "pgassay-data.yml").write_text("no_rows:\n  slow: SELECT 1 FROM pg_sleep(0.6)\n")
    arguments = ("check", str(tmp_path), "--database-url", url)
    done = told(*arguments, "--time-limit", "0.3", "-q")
    assert done.exit_code == 3
    assert "or `data check --time-limit` allows more." in done.stdout
    done = told(*arguments, "-q")
    assert done.exit_code == 3
    assert "The 0.001 s were over before the first row was read." in done.stdout
    done = told("infer", str(tmp_path), "--database-url", url)
    assert done.exit_code == 1
    assert "The 0.001 s were over before the first row was read. [data] time_limit_s" in done.stderr
    done = told(*arguments, "--time-limit", "30", "--output", "json")
    assert done.exit_code == 1
    assert [f["code"] for f in json.loads(done.stdout)["findings"]] == ["DAT010"]


@pytest.mark.parametrize("wrong", ["0", "-1", "nan", "inf", "3e6"])
def test_a_time_limit_that_no_server_takes(tmp_path: Path, wrong: str) -> None:
    done = told("check", str(tmp_path), "--time-limit", wrong)
    assert done.exit_code == 2
    assert f"{float(wrong):g} is not above 0 and at most 2,000,000" in done.stderr
    (tmp_path / "pgassay.toml").write_text(f"[data]\ntime_limit_s = {wrong}\n")
    done = told("check", str(tmp_path))
    assert f"[data.time_limit_s] {float(wrong):g} is not above 0 and at" in done.stderr


def test_a_mistake_in_the_info_of_a_model(url: str, tmp_path: Path) -> None:
    """As it would be in the file."""
    (tmp_path / "alembic" / "versions").mkdir(parents=True)
    (tmp_path / "alembic.ini").write_text("[alembic]\nscript_location = alembic\n")
    (tmp_path / "alembic" / "env.py").write_text(
        "from alembic import context\n"
        "from sqlalchemy import Column, Integer, MetaData, Table, create_engine\n"
        "metadata = MetaData()\n"
        "Table('payments', metadata,\n"
        "      Column('id', Integer, info={'pgassay': {'rang': {'min': 0}}}))\n"
        "with create_engine('postgresql://').connect() as connection:\n"
        "    context.configure(connection=connection, target_metadata=metadata)\n"
        "    context.run_migrations()\n"
    )
    done = told("check", str(tmp_path), "--database-url", url)
    assert (done.exit_code, done.stdout) == (1, "")
    assert done.stderr.endswith(
        "Error: Rules in the models' info cannot be used:\n"
        "  alembic/env.py:5: public.payments.id: there is no rule 'rang' (did you mean range?)\n"
    )


def test_without_a_database_nothing_is_known(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("DATABASE_URL", "PGHOST", "PGDATABASE", "PGSERVICE", "PGHOSTADDR"):
        monkeypatch.delenv(name, raising=False)
    (tmp_path / "pgassay-data.yml").write_text("tables: {}\n")
    assert told("check", str(tmp_path)).exit_code == 3
    done = told("infer", str(tmp_path))
    assert "No live database was named. Give --database-url" in done.stderr


def test_values_from_before(url: str, tmp_path: Path) -> None:
    """As before and after a restore, a migration or its undo."""
    (tmp_path / "pgassay.toml").touch()
    rules = tmp_path / "pgassay-data.yml"
    rules.write_text(
        "queries:\n  total: SELECT sum(amount) FROM payments\n  none: SELECT sum(id) - sum(id)"
        " FROM payments WHERE id < 0\n  paid: SELECT count(*) FROM payments\n"
    )
    before = tmp_path / "before.json"
    arguments = ("check", str(tmp_path), "--database-url", url)
    assert told(*arguments, "--output", f"json={before}").exit_code == 0
    same = told(*arguments, "--before", str(before))
    assert same.exit_code == 0

    written = json.loads(before.read_text())
    (total,) = [q for q in written["facts"]["data"]["queries"] if q["name"] == "total"]
    assert total["value"] == "4949.00"
    total["value"] = "4949.01"
    before.write_text(json.dumps(written))
    other = told(*arguments, "--before", str(before), "--output", "json")
    (finding,) = json.loads(other.stdout)["findings"]
    assert (other.exit_code, finding["code"], finding["subject"]) == (1, "DAT011", "total")
    assert finding["evidence"]["before"] == "4949.01"
    assert finding["evidence"]["now"] == "4949.00"

    # What cannot be held against it is not the same: unknown.
    rules.write_text("queries:\n  total: SELECT sum(id) FROM payments\n  none: SELECT NULL\n")
    unknown = told(*arguments, "--before", str(before), "--output", "json")
    assert unknown.exit_code == 3
    lost = {u["needs"]: u["reason"] for u in json.loads(unknown.stdout)["unavailable"]}
    assert lost == {
        f"query total as in {before}": "It asks something else now.",
        f"query none as in {before}": "It asks something else now.",
        f"query paid as in {before}": "It is not among the queries any more.",
    }


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("total: 3", "is no JSON report of pgassay. Write one with `pgassay data check"),
        ("[]", "has nothing of the compliance queries: its run did not ask the rows."),
        ('{"facts": {"data": null}}', "has nothing of the compliance queries"),
        ('{"facts": {"data": {"taken_at": "", "queries": []}}}', "has no compliance query"),
    ],
)
def test_what_is_no_report_from_before(url: str, tmp_path: Path, text: str, says: str) -> None:
    (tmp_path / "pgassay.toml").touch()
    before = tmp_path / "before.json"
    before.write_text(text)
    done = told("check", str(tmp_path), "--database-url", url, "--before", str(before))
    assert done.exit_code == 1
    assert says in " ".join(done.stderr.split())
