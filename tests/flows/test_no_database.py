"""`pgassay check --no-database`: where there is none, the verdict is of what the project shows."""

from __future__ import annotations

import json
import os
import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from pgassay.check import Status
from pgassay.flows.check import CheckRequest, check
from pgassay.flows.data import NO_RULES
from pgassay.render.json_report import render_json
from pgassay.render.markdown import render_markdown
from pgassay.render.terminal import render_terminal
from pgassay.sources.configuration import ConfigurationError
from pgassay.verdict import ItemStatus, Report, Verdict
from tests.cli.pgassay_command import pgassay

BASE = Path(__file__).parents[1] / "cases" / "base"
NOWHERE = "postgresql://somebody@127.0.0.1:1/nothing"
NOT_ASKED = "No database was asked for."


@pytest.fixture(autouse=True)
def no_variables(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [n for n in os.environ if n.startswith(("PG", "DATABASE_URL"))]:
        monkeypatch.delenv(name)


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return Path(shutil.copytree(BASE, tmp_path / "shop"))


def run(root: Path, **options: object) -> Report:
    request = CheckRequest(root, no_database=True)
    return check(replace(request, **options), lambda _: None)  # type: ignore[arg-type]


def ended(report: Report, *statuses: Status) -> set[str]:
    return {r.code for r in report.checks if r.status in statuses}


def test_what_needs_a_database_is_left_out_and_the_rest_gives_the_verdict(root: Path) -> None:
    report = run(root)
    assert (report.verdict, report.unavailable, report.exit_status) == (Verdict.CLEAR, (), 0)
    # Rules for rows are not written down, so no database would be asked for them either.
    rows = [r for r in report.checks if r.code.startswith("DAT")]
    assert {(r.status, r.coverage) for r in rows} == {(Status.SKIPPED, NO_RULES.reason)}
    skipped = [r for r in report.checks if r.status is Status.SKIPPED and r not in rows]
    assert {r.coverage for r in skipped} == {NOT_ASKED}
    assert report.facts["without_database"] == {"checks_left_out": len(skipped)}
    by_name = {r.name: r.status for r in report.checks}
    assert by_name["stamp-behind"] is Status.SKIPPED
    assert by_name["never-written-down"] is Status.SKIPPED
    assert by_name["history-not-buildable"] is Status.PASSED
    assert by_name["money-in-floating-point"] is Status.PARTIAL
    connection = report.checklist[1]
    assert connection.item == "Database connection validated"
    assert (connection.status, connection.evidence) == (ItemStatus.UNKNOWN, NOT_ASKED)
    named = run(root, no_database=False)
    assert named.verdict is Verdict.UNKNOWN
    assert [lost.reason for lost in named.unavailable] == ["No live database was named."]
    assert named.facts["without_database"] is None
    assert ended(named, Status.UNAVAILABLE) == {r.code for r in skipped}
    for status in (Status.PASSED, Status.PARTIAL, Status.FAILED):
        assert ended(named, status) == ended(report, status)


@pytest.mark.parametrize("variable", ["DATABASE_URL", "PGHOST", "the configuration"])
def test_whatever_names_one_is_passed_over(
    root: Path, monkeypatch: pytest.MonkeyPatch, variable: str
) -> None:
    if variable == "the configuration":
        with (root / "pgassay.toml").open("a") as file:
            file.write(f'\n[database]\nurl = "{NOWHERE}"\n')
    else:
        monkeypatch.setenv(variable, "127.0.0.1" if variable == "PGHOST" else NOWHERE)
        monkeypatch.setenv("PGPORT", "1")
    report = run(root)
    assert (report.verdict, report.unavailable) == (Verdict.CLEAR, ())
    assert [v["name"] for v in report.facts["url_variables"]] == ["DATABASE_URL"]
    assert run(root, no_database=False).verdict is Verdict.UNKNOWN


def test_a_blocker_is_one_all_the_same(root: Path) -> None:
    revision = next((root / "alembic" / "versions").glob("0003*.py"))
    head = "def upgrade() -> None:\n"
    revision.write_text(revision.read_text().replace(head, head + "    1 / 0\n"))
    report = run(root)
    assert (report.verdict, report.exit_status) == (Verdict.UNSAFE, 1)
    assert "HIS010" in ended(report, Status.FAILED)


def test_every_report_says_it(root: Path) -> None:
    report = run(root)
    number = report.facts["without_database"]["checks_left_out"]
    said = f"no database was asked for, so {number} checks were left out"
    assert said in render_terminal(report, width=300, color=False)
    assert said in render_terminal(report, width=300, color=False, verbose=-1)
    markdown = render_markdown(report)
    assert said in markdown
    assert "**Connection test:** not done: no database was asked for." in markdown
    assert "### 2. Connection analysis - NOT MEASURED" in markdown
    document = json.loads(render_json(report))
    assert document["facts"]["without_database"] == {"checks_left_out": number}
    assert document["facts"]["server"]["unavailable"] == NOT_ASKED
    blocked = replace(report, verdict=Verdict.UNSAFE)
    assert said in render_terminal(blocked, width=300, color=False)


def test_what_is_left_must_be_something(root: Path, tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match=r"selected\. No database was asked for\."):
        run(root, select=("HIS013", "DRF012"))
    assert run(root, select=("HIS013", "SEC001")).verdict is Verdict.CLEAR
    empty = tmp_path / "empty"
    empty.mkdir()
    (empty / "pgassay.toml").write_text("")
    report = run(empty)
    assert report.verdict is Verdict.UNKNOWN
    assert [lost.reason for lost in report.unavailable] == [
        "There is no migration history, and no database was asked for."
    ]
    assert run(empty, select=("SEC001",)).verdict is Verdict.CLEAR


def test_a_project_of_another_tool_has_its_verdict_too(tmp_path: Path) -> None:
    (tmp_path / "pgassay.toml").write_text("")
    (tmp_path / "flyway").mkdir()
    first = tmp_path / "flyway" / "V1__users.sql"
    first.write_text("CREATE TABLE users (id integer PRIMARY KEY);\n")
    report = run(tmp_path)
    assert (report.verdict, report.unavailable) == (Verdict.CLEAR, ())
    assert "MON001" in ended(report, Status.SKIPPED)
    first.write_text("CREATE TABLE users (id absent PRIMARY KEY);\n")
    assert run(tmp_path).verdict is Verdict.UNSAFE


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("--gate",), "and --gate demands what only a database shows."),
        (("--database-url", NOWHERE), "and --database-url names one."),
    ],
)
def test_it_goes_with_nothing_that_wants_one(
    root: Path, arguments: tuple[str, ...], message: str
) -> None:
    done = pgassay("check", root, "--no-database", *arguments)
    assert (done.returncode, done.stdout) == (2, "")
    assert f"--no-database does without a database, {message}" in done.stderr


def test_the_command(root: Path) -> None:
    done = pgassay("check", root, "--no-database", "-q", env={"DATABASE_URL": NOWHERE})
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("CLEAR  no blocker")
    assert "no database was asked for, so " in done.stdout
