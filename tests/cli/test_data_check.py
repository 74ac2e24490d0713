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


def test_without_a_database_nothing_is_known(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("DATABASE_URL", "PGHOST", "PGDATABASE", "PGSERVICE", "PGHOSTADDR"):
        monkeypatch.delenv(name, raising=False)
    (tmp_path / "pgassay-data.yml").write_text("tables: {}\n")
    assert told("check", str(tmp_path)).exit_code == 3
    done = told("infer", str(tmp_path))
    assert "No live database was named. Give --database-url" in done.stderr
