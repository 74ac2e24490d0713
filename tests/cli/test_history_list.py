"""`pgassay history list`: the worked example, histories of any form, and what is no history."""

from __future__ import annotations

import json
import os
import resource
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from pgassay.postgres.binaries import find_binaries
from pgassay.postgres.scratch_server import ScratchServer
from pgassay.render.history_list_json import history_list_schema
from tests.cli.history_project import HistoryProject
from tests.cli.pgassay_command import EXAMPLE, environment, pgassay
from tests.cli.schema_server import NOWHERE, database


@pytest.fixture(scope="module")
def server() -> Iterator[ScratchServer]:
    with ScratchServer(find_binaries()) as running:
        yield running


@pytest.fixture(scope="module")
def production(server: ScratchServer) -> str:
    """The worked example's live database."""
    made = database(server)
    subprocess.run(
        [sys.executable, EXAMPLE / "production" / "build_production.py", "--url", made.url()],
        cwd=EXAMPLE,
        env={**environment(), "PYTHONDONTWRITEBYTECODE": "1"},
        capture_output=True,
        check=True,
    )
    return made.url()


@pytest.fixture
def project(tmp_path: Path) -> HistoryProject:
    return HistoryProject(tmp_path / "shop")


def document(*arguments: str | Path, status: int = 0, **more: Any) -> dict[str, Any]:
    done = pgassay("history", "list", *arguments, "--output", "json", **more)
    assert done.returncode == status, done.stderr
    found: dict[str, Any] = json.loads(done.stdout)
    jsonschema.validate(found, history_list_schema())
    return found


def names(objects: list[dict[str, Any]]) -> list[str]:
    """The tables, views and schemas."""
    return [o["name"].removeprefix("public.") for o in objects if o["kind"] != "index"]


def by_id(history: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return {r["id"]: r for r in history["revisions"]}


MIGRATIONS = [
    "0007_ai_advice_templates",
    "0006_transactions_user_created_at_idx",
    "0005_push_token_platform",
    "0004_user_timezone",
    "0003_budget_advice_table",
    "0002_subscription_plan_dates",
    "0001_initial",
]
ALEMBIC = [
    "0006_fix_financial_data_types",
    "a0d5ecc53667",
    "0005_push_tokens",
    "0004_user_premium_until",
    "0003_goals",
    "0002_mood",
    "0001_initial",
]


def test_the_worked_example_without_its_database() -> None:
    found = document(EXAMPLE)
    first, second = found["histories"]
    assert (first["name"], first["ini"], first["env"]) == (
        "alembic",
        "alembic.ini",
        "alembic/env.py",
    )
    assert (second["name"], second["ini"], second["env"]) == (
        "migrations",
        None,
        "migrations/env.py",
    )
    assert [list(by_id(h)) for h in (first, second)] == [ALEMBIC, MIGRATIONS]
    assert [(h["heads"], h["bases"], h["build"]) for h in (first, second)] == [
        (ALEMBIC[:1], ["0001_initial"], "built"),
        (MIGRATIONS[:1], ["0001_initial"], "fails"),
    ]
    for history in (first, second):
        assert history["stamp"]["status"] == "unknown"
        assert history["stamp"]["reason"] == "No live database was named."
        assert {r["state"] for r in history["revisions"]} == {"unknown"}
    assert found["unavailable"] == []
    # The id that both have.
    shared = {i: r["id_also_in"] for i, r in by_id(first).items() if r["id_also_in"]}
    assert shared == {"0001_initial": ["migrations"]}
    assert by_id(second)["0001_initial"]["id_also_in"] == ["alembic"]
    # Who makes what, and what both have their hands on.
    made = by_id(first)["0001_initial"]["creates"]
    assert names(made) == [
        "users",
        "transactions",
        "expenses",
        "subscriptions",
        "daily_plan",
        "habits",
        "user_answers",
    ]
    assert names([o for o in made if o["also_in"]]) == [
        "users",
        "transactions",
        "expenses",
        "subscriptions",
    ]
    financial = by_id(first)["0006_fix_financial_data_types"]
    assert {o["name"]: o["owner"] for o in financial["alters"]} == {
        "public.expenses": "0001_initial",
        "public.users": "0001_initial",
        "public.transactions": "0001_initial",
        "public.subscriptions": "0001_initial",
        "public.daily_plan": "0001_initial",
        "public.habits": "0001_initial",
        "public.goals": "0003_goals",
    }
    # Where the second fails, and what was seen all the same.
    assert [(p["kind"], p["revision"], p["message"], p["line"]) for p in second["problems"]] == [
        ("fails", MIGRATIONS[5], 'relation "subscriptions" does not exist', 18),
        ("fails", MIGRATIONS[2], 'relation "push_tokens" does not exist', 18),
    ]
    plans = by_id(second)[MIGRATIONS[5]]
    assert plans["assumed"] == [{"missing": 'relation "subscriptions"', "source": "alembic/"}]
    assert (plans["creates"], plans["alters"]) == (
        [],
        [{"kind": "table", "name": "public.subscriptions", "owner": None, "also_in": ["alembic"]}],
    )
    assert names(by_id(second)[MIGRATIONS[4]]["creates"]) == ["budget_advice"]


def test_the_worked_example_with_its_database(production: str) -> None:
    found = document(EXAMPLE, "--database-url", production)
    first, second = found["histories"]
    assert first["stamp"] == {
        "status": "known",
        "table": "public.alembic_version",
        "revisions": ["0006_fix_financial_data_types"],
        "not_in_files": [],
        "reason": "",
        "position": "known",
        "seen": [],
    }
    assert {r["state"] for r in first["revisions"]} == {"applied"}
    assert second["stamp"]["not_in_files"] == ["0006_fix_financial_data_types"]
    assert second["stamp"]["position"] == "unknown"
    assert {r["state"] for r in second["revisions"]} == {"unknown"}
    assert second["problems"][-1]["message"] == (
        "public.alembic_version is stamped 0006_fix_financial_data_types, which no file of "
        "migrations/ has; alembic/ has it."
    )


EXAMPLE_LINES = """\
•  0002_subscription_plan_dates  Subscription plan dates
│  fails: relation "subscriptions" does not exist
│  assumed: made relation "subscriptions" as alembic/ has it, and went on
│  ~ subscriptions
│  also in alembic/: subscriptions
•  0001_initial (id also in alembic/)  Initial schema
   + users, transactions, expenses, goals
   also in alembic/: users, transactions, expenses, goals
"""


def test_the_worked_example_in_a_terminal() -> None:
    done = pgassay("history", "list", EXAMPLE)
    assert (done.returncode, done.stderr) == (0, "")
    assert EXAMPLE_LINES in done.stdout
    assert "●" not in done.stdout
    assert max(map(len, done.stdout.splitlines())) <= 80
    assert "\x1b" not in done.stdout


@pytest.fixture
def branches(project: HistoryProject) -> HistoryProject:
    project.add("0001", sql="CREATE TABLE users (id int)", summary="Users")
    project.add("0002_a", "0001", sql="ALTER TABLE users ADD phone text", summary="Phone")
    project.add("0002_b", "0001", sql="CREATE TABLE orders (id int)", summary="Orders")
    project.add("0003_b", "0002_b", sql="CREATE VIEW open AS SELECT id FROM orders")
    project.add("0004", "0002_a", "0003_b", summary="Merge")
    project.add("0005", "0004", sql="DROP VIEW open")
    project.add(
        "bills1",
        labels=["billing"],
        depends_on=["0004"],
        sql="CREATE SCHEMA billing; CREATE TABLE billing.bills (id int)",
    )
    project.add("bills2", "bills1")
    return project


def test_branches_labels_and_dependencies(branches: HistoryProject, server: ScratchServer) -> None:
    live = database(
        server,
        "CREATE TABLE alembic_version (version_num text)",
        "INSERT INTO alembic_version VALUES ('0002_a'), ('0003_b')",
    ).url()
    (history,) = document(branches.root, "--database-url", live)["histories"]
    assert (history["heads"], history["bases"]) == (["0005", "bills2"], ["0001", "bills1"])
    assert [
        (r["id"], r["parents"], r["depends_on"], r["labels"], r["state"])
        for r in history["revisions"]
    ] == [
        ("bills2", ["bills1"], [], [], "pending"),
        ("bills1", [], ["0004"], ["billing"], "pending"),
        ("0005", ["0004"], [], [], "pending"),
        ("0004", ["0002_a", "0003_b"], [], [], "pending"),
        ("0003_b", ["0002_b"], [], [], "applied"),
        ("0002_b", ["0001"], [], [], "applied"),
        ("0002_a", ["0001"], [], [], "applied"),
        ("0001", [], [], [], "applied"),
    ]
    found = by_id(history)
    assert names(found["bills1"]["creates"]) == ["billing", "billing.bills"]
    assert names(found["0003_b"]["creates"]) == ["open"]
    assert [(o["kind"], o["owner"]) for o in found["0005"]["drops"] if o["kind"] == "view"] == [
        ("view", "0003_b")
    ]
    assert [(o["name"], o["owner"]) for o in found["0002_a"]["alters"]] == [
        ("public.users", "0001")
    ]
    done = pgassay("history", "list", branches.root, "--database-url", live, "-q")
    assert done.stdout.split("\n\n", 1)[1] == (
        "○  bills2 (head)  Step bills2\n"
        "○  bills1 (label billing, depends on 0004)  Step bills1\n"
        "\n"
        "○  0005 (head)  Step 0005\n"
        "○─╮  0004  Merge\n"
        "│ ●  0003_b (stamp)  Step 0003_b\n"
        "│ ●  0002_b  Orders\n"
        "● │  0002_a (stamp)  Phone\n"
        "●─╯  0001  Users\n"
        "\n"
        "● applied  ○ pending\n"
    )


def test_a_database_that_is_ahead_of_the_files(
    branches: HistoryProject, server: ScratchServer
) -> None:
    branches.add("0006", "0005")
    ahead = next(branches.root.rglob("*0006*.py"))
    ahead.rename(ahead.with_suffix(".py.off"))
    live = database(
        server,
        "CREATE TABLE alembic_version (version_num text)",
        "INSERT INTO alembic_version VALUES ('0006')",
    ).url()
    options = ("--database-url", live, "--no-build")
    (history,) = document(branches.root, *options)["histories"]
    shown = ahead.relative_to(branches.root).as_posix() + ".off"
    assert (history["stamp"]["position"], history["stamp"]["seen"]) == (
        "ahead",
        [
            {
                "revision": "0006",
                "path": shown,
                "commit": None,
                "ref": None,
                "continues": "0005",
                "ahead_by": 1,
                "removed_by": None,
            }
        ],
    )
    assert {i: r["state"] for i, r in by_id(history).items() if i in ("0005", "bills2")} == {
        "0005": "applied",
        "bills2": "unknown",
    }
    done = pgassay("history", "list", branches.root, *options)
    text = " ".join(done.stdout.split())
    assert (
        "stamp: 0006 (in no file here) is ahead: 6 applied, 2 not known if applied; 0006 is" in text
    )
    assert f"in {shown}, 1 revision after 0005" in text


def test_a_terminal_that_knows_only_ascii(branches: HistoryProject) -> None:
    branches.add("0006", "0005", summary="Zahlung für später")
    done = pgassay(
        "history", "list", branches.root, "--no-build", env={"PYTHONIOENCODING": "ascii"}
    )
    assert done.returncode == 0
    assert done.stdout.isascii()
    assert "?-.  0004  Merge\n| ?  0003_b" in done.stdout
    assert r"Zahlung f\xfcr sp\xe4ter" in done.stdout


def test_without_building_nothing_of_the_project_runs(project: HistoryProject) -> None:
    trace = project.root / "ran"
    env = project.root / "alembic" / "env.py"
    env.write_text(f"open({str(trace)!r}, 'w')\n{env.read_text()}")
    project.add("0001", body=f"open({str(trace)!r}, 'w')")
    (history,) = document(project.root, "--no-build")["histories"]
    assert (history["build"], history["revisions"][0]["creates"]) == ("not-asked", None)
    assert not trace.exists()
    # The trace would tell.
    pgassay("history", "list", project.root)
    assert trace.exists()


def test_a_thousand_revisions(project: HistoryProject) -> None:
    for number in range(1000):
        project.add(f"r{number:04}", *([f"r{number - 1:04}"] if number else []))
    times = []
    for _ in range(3):
        began = resource.getrusage(resource.RUSAGE_CHILDREN)
        done = pgassay("history", "list", project.root, "--no-build")
        ended = resource.getrusage(resource.RUSAGE_CHILDREN)
        times.append(ended.ru_utime + ended.ru_stime - began.ru_utime - began.ru_stime)
    assert done.returncode == 0
    drawn = [line for line in done.stdout.splitlines() if line.startswith("•  r")]
    assert drawn == [
        "•  r0999 (head)  Step r0999",
        *(f"•  r{n:04}  Step r{n:04}" for n in range(998, -1, -1)),
    ]
    # Of the processor, since what else the machine does is nothing to this command.
    assert min(times) < 2


def test_what_is_no_graph(project: HistoryProject) -> None:
    project.add("a", "c")
    project.add("b", "a")
    project.add("c", "b")
    project.add("twin", "gone")
    project.add("twin", "gone", file="twin_again.py")
    (project.versions / "broken.py").write_text(
        'revision = "broken"\ndown_revision = "twin"\ndef upgrade(:\n'
    )
    project.add("above", "broken")
    (project.versions / "bytes.py").write_bytes(b"\xff\xfe\x00 revision")
    found = document(project.root, "--no-build")
    (history,) = found["histories"]
    assert history["heads"] == ["above"]
    assert [(p["kind"], p["revision"]) for p in history["problems"]] == [
        ("unreadable-file", "broken"),
        ("unreadable-file", None),
        ("repeated-id", "twin"),
        ("missing-parent", "twin"),
        ("cycle", "a"),
    ]
    done = pgassay("history", "list", project.root, "--no-build")
    assert done.returncode == 0
    assert (
        "•  above (head)  Step above\n"
        "✗  broken  its file cannot be read\n"
        "•  twin (2 files)  Step twin\n"
        "│  at alembic/versions/twin.py:4\n"
        "│  at alembic/versions/twin_again.py:4\n"
        "✗  gone  no file has it\n"
        "\n"
        "•  a  Step a\n"
        "•  c  Step c\n"
        "•  b (follows a, above)  Step b\n"
    ) in done.stdout
    # Alembic loads none of it, which is said, beside what the files say.
    built = document(project.root, status=3)
    assert [u["needs"] for u in built["unavailable"]] == ["history alembic"]
    assert built["histories"][0]["revisions"] == history["revisions"]
    assert built["histories"][0]["build"] == "unavailable"


def test_a_database_that_cannot_be_reached(branches: HistoryProject) -> None:
    found = document(branches.root, "--no-build", "--database-url", NOWHERE, status=3)
    assert [u["needs"] for u in found["unavailable"]] == ["database"]
    stamp = found["histories"][0]["stamp"]
    assert (stamp["status"], stamp["reason"]) == ("unknown", found["unavailable"][0]["reason"])


def test_a_database_that_was_never_stamped(branches: HistoryProject, server: ScratchServer) -> None:
    url = database(server).url()
    (history,) = document(branches.root, "--no-build", "--database-url", url)["histories"]
    assert history["stamp"]["status"] == "absent"
    assert {r["state"] for r in history["revisions"]} == {"pending"}


def test_a_scratch_server_that_cannot_tell_who_owns_what(
    branches: HistoryProject, server: ScratchServer
) -> None:
    """Event triggers are a superuser's; a builder without that right still builds."""
    own = database(server, "CREATE ROLE builder LOGIN CREATEDB")
    url = own.url().replace("postgres@", "builder@")
    found = document(branches.root, "--scratch-url", url, status=3)
    assert found["histories"][0]["build"] == "built"
    assert {r["creates"] is None for r in found["histories"][0]["revisions"]} == {True}
    assert [u["needs"] for u in found["unavailable"]] == ["owners in alembic"]


def test_outputs_go_where_they_are_sent(branches: HistoryProject, tmp_path: Path) -> None:
    file, text = tmp_path / "list.json", tmp_path / "list.txt"
    done = pgassay(
        "history",
        "list",
        branches.root,
        "--no-build",
        "--output",
        f"json={file}",
        "--output",
        f"terminal={text}",
    )
    jsonschema.validate(json.loads(file.read_text()), history_list_schema())
    assert text.read_text() == done.stdout
    assert done.stderr == f"json report: {file}\nterminal report: {text}\n"


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--output", "markdown"], "unknown format 'markdown'; there are terminal, json"),
        (["--output", "json", "--output", "terminal"], "Only one --output can go to standard"),
        (["--output", "json=/nowhere/x"], "the folder /nowhere does not exist"),
        (["--database-url", "mysql://x/y"], "mysql"),
    ],
)
def test_wrong_usage(branches: HistoryProject, arguments: list[str], said: str) -> None:
    done = pgassay("history", "list", branches.root, "--no-build", *arguments)
    assert done.returncode == 2
    assert said in " ".join(done.stderr.split())


def test_a_folder_without_a_history(tmp_path: Path) -> None:
    done = pgassay("history", "list", tmp_path)
    assert done.returncode == 2
    assert "holds no Alembic history" in done.stderr
    (tmp_path / "pgassay.toml").write_text("")
    done = pgassay("history", "list", tmp_path)
    assert (done.returncode, done.stdout) == (
        0,
        f"{os.path.basename(tmp_path)} has no Alembic history.\n",
    )
