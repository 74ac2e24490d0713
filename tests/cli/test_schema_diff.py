"""`pgassay schema diff`: any two sides, their differences, and what it must not do."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from pgassay.postgres.binaries import find_binaries
from pgassay.postgres.scratch_server import ScratchServer
from pgassay.render.json_report import report_schema
from tests.cli.pgassay_command import pgassay
from tests.cli.schema_server import NOWHERE, PROJECT, TABLES, database

# The same schema in other words, which the server writes otherwise.
REWRITTEN = """
ALTER TABLE accounts ALTER opened SET DEFAULT CURRENT_TIMESTAMP,
    ALTER balance SET DEFAULT '0'::numeric;
DROP VIEW open_accounts;
CREATE VIEW open_accounts AS SELECT a.id, a.balance FROM accounts a WHERE a.state = 'open';
CREATE OR REPLACE VIEW open_accounts AS
    SELECT accounts.id, accounts.balance FROM accounts accounts WHERE accounts.state = 'open';
"""


@pytest.fixture(scope="module")
def server() -> Iterator[ScratchServer]:
    with ScratchServer(find_binaries()) as running:
        yield running


@pytest.fixture(scope="module")
def url(server: ScratchServer) -> str:
    return database(server, TABLES).url()


@pytest.fixture(scope="module")
def drifted(server: ScratchServer) -> str:
    return database(
        server,
        TABLES,
        "ALTER TABLE accounts DISABLE ROW LEVEL SECURITY",
        "DROP INDEX accounts_open",
        "COMMENT ON COLUMN accounts.balance IS 'in euros'",
    ).url()


@pytest.fixture(scope="module")
def live(server: ScratchServer) -> str:
    """The live database of the cases' base project."""
    return database(server, (PROJECT / "live.sql").read_text()).url()


def snapshot(url: str, path: Path) -> Path:
    done = pgassay("schema", "snapshot", "--database-url", url, "--out", path, cwd=path.parent)
    assert done.returncode == 0, done.stderr
    return path


def document(done: subprocess.CompletedProcess[str]) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(done.stdout)
    jsonschema.validate(found, report_schema())
    return found


def diff(*arguments: str | Path, **more: Any) -> dict[str, Any]:
    return document(pgassay("schema", "diff", *arguments, "--output", "json", **more))


def test_each_difference_is_a_finding_with_both_values(url: str, drifted: str) -> None:
    found = diff(url, drifted)
    assert [(f["severity"], f["subject"], f["message"]) for f in found["findings"]] == [
        (
            "blocker",
            "public.accounts",
            "Table public.accounts: row security is on in A and off in B.",
        ),
        (
            "warning",
            "public.accounts.accounts_open",
            "Index public.accounts.accounts_open is in A and not in B.",
        ),
        (
            "info",
            "public.accounts.balance",
            "Column public.accounts.balance: comment is none in A and in euros in B.",
        ),
    ]
    evidence = found["findings"][0]["evidence"]
    assert (evidence["kind"], evidence["property"]) == ("table", "row_security")
    assert (evidence["old"], evidence["new"]) == ("yes", "no")
    assert evidence["consequence"] == "security"
    assert found["verdict"] == "unsafe"
    assert found["checklist"] == []


def test_each_way_of_the_fix_makes_that_side_like_the_other(
    server: ScratchServer, url: str
) -> None:
    other = database(server, TABLES, "DROP INDEX accounts_open", "DROP POLICY own ON accounts")
    found = diff(url, other.url())
    assert len(found["findings"]) == 2
    with other.connect(autocommit=True) as connection:
        for finding in found["findings"]:
            to_b, _, _ = finding["fix"].partition("To follow B, change A")
            assert to_b.startswith("To follow A, change B:\n")
            for line in to_b.split("\n")[1:]:
                if line.strip():
                    connection.execute(line.encode())
    assert diff(url, other.url())["verdict"] == "clear"


def test_a_dropped_table_is_said_to_take_its_data(server: ScratchServer, url: str) -> None:
    empty = database(server, "CREATE TABLE other (id int)").url()
    found = {f["subject"]: f for f in diff(url, empty)["findings"]}
    missing = found["public.accounts"]
    assert missing["message"].startswith("Table public.accounts is in A and not in B. With it: ")
    assert "constraint accounts_pkey" in missing["message"]
    assert "To follow B, change A, which loses the data in it:" in missing["fix"]
    assert "PRIMARY KEY (id)" in missing["fix"]


def test_the_same_schema_in_other_words_is_silent_and_says_how_it_knows(
    server: ScratchServer, url: str
) -> None:
    other = database(server, TABLES, REWRITTEN).url()
    done = pgassay("schema", "diff", url, other, "--output", "json")
    assert done.returncode == 0
    found = document(done)
    assert (found["verdict"], found["findings"]) == ("clear", [])
    settled = found["facts"]["comparison"]["settled_texts"]
    assert {t["object"] for t in settled} >= {"public.accounts.balance", "public.accounts.opened"}
    assert sum(found["facts"]["comparison"]["settled"].values()) == len(settled)


def test_what_scratch_cannot_decide_stays_a_difference_and_says_why(
    server: ScratchServer, url: str
) -> None:
    other = database(server, TABLES, "ALTER TABLE accounts ALTER balance SET DEFAULT 0 + 0").url()
    found = diff(url, other, "--scratch-url", NOWHERE)
    assert [f["subject"] for f in found["findings"]] == ["public.accounts.balance"]
    assert "scratch could not tell" in found["findings"][0]["why"]
    assert "no scratch server" in found["findings"][0]["evidence"]["undecided"]
    assert found["facts"]["comparison"]["undecided"] == 1
    assert diff(url, other)["findings"] == []


def test_a_file_is_a_side_like_its_database(url: str, drifted: str, tmp_path: Path) -> None:
    one, two = snapshot(url, tmp_path / "one.json"), snapshot(drifted, tmp_path / "two.json")
    assert diff(url, one)["verdict"] == "clear"

    def messages(a: str | Path, b: str | Path) -> list[str]:
        return [f["message"] for f in diff(a, b, env={"DATABASE_URL": NOWHERE})["findings"]]

    assert messages(one, two) == messages(url, two) == messages(url, drifted)
    assert len(messages(one, two)) == 3


def test_two_files_meet_no_server(url: str, drifted: str, tmp_path: Path) -> None:
    """Not even scratch, where no text must be parsed."""
    one, two = snapshot(url, tmp_path / "one.json"), snapshot(drifted, tmp_path / "two.json")
    nowhere = {"DATABASE_URL": NOWHERE, "PGHOST": "127.0.0.1", "PGPORT": "1"}
    found = diff(one, two, "--scratch-url", NOWHERE, env=nowhere)
    assert found["unavailable"] == []
    assert found["facts"]["scratch"] is None
    assert found["facts"]["pair"]["A"]["source"] == str(one)


def test_every_side_of_a_project_in_order_is_the_same(live: str, tmp_path: Path) -> None:
    project = ("--project", PROJECT)
    files = {}
    for of in ("live", "history", "models"):
        files[of] = tmp_path / f"{of}.json"
        taken = pgassay(
            "schema", "snapshot", PROJECT, "--of", of, "--out", files[of], "--database-url", live
        )
        assert taken.returncode == 0, taken.stderr
    for a, b in (
        ("live", "history"),
        ("live", "models"),
        ("history", "models"),
        ("models", "live"),
        (files["live"], "history"),
        (files["models"], live),
        (files["history"], files["models"]),
        ("history", files["history"]),
    ):
        done = pgassay("schema", "diff", a, b, *project, "-q", env={"DATABASE_URL": live})
        assert done.returncode == 0, (a, b, done.stdout, done.stderr)
        assert done.stdout.startswith("CLEAR  the two schemas are the same")


def test_a_side_named_twice_is_silent(live: str) -> None:
    for side in ("live", "history", live):
        done = pgassay(
            "schema", "diff", side, side, "--project", PROJECT, env={"DATABASE_URL": live}
        )
        assert done.returncode == 0, done.stdout


def test_what_history_and_models_cannot_follow_by_sql_is_said(
    server: ScratchServer, live: str
) -> None:
    hotfix = database(
        server,
        (PROJECT / "live.sql").read_text(),
        "CREATE TABLE public.hotfix (id int PRIMARY KEY)",
    ).url()
    for side, words in (
        ("history", "write a revision for history:"),
        ("models", "change the models."),
    ):
        found = diff(hotfix, side, "--project", PROJECT)["findings"]
        assert [f["subject"] for f in found] == ["public.hotfix"]
        assert words in found[0]["fix"]
        assert f"is in A and not in {side}" in found[0]["message"]
    assert diff(hotfix, live)["findings"][0]["subject"] == "public.hotfix"


def test_a_side_that_cannot_be_had_makes_it_unknown(url: str) -> None:
    done = pgassay("schema", "diff", url, NOWHERE, "-q")
    assert done.returncode == 3
    assert done.stdout.startswith("UNKNOWN  no blocker in what was seen; could not be had: B (data")
    assert "nothing listens at 127.0.0.1:1" in done.stdout


def test_two_empty_databases_prove_nothing(server: ScratchServer) -> None:
    done = pgassay("schema", "diff", database(server).url(), database(server).url())
    assert done.returncode == 3
    assert "Neither side has a table" in " ".join(done.stdout.split())


@pytest.mark.parametrize("text", ["env:ONE", "keywords", "asyncpg"])
def test_a_database_may_be_named_in_every_way(text: str, url: str) -> None:
    from pgassay.postgres.connection_target import ConnectionTarget

    words = ConnectionTarget.parse(url).keywords()
    named = {
        "env:ONE": "env:ONE",
        "keywords": " ".join(f"{key}={value}" for key, value in words.items()),
        "asyncpg": url.replace("postgresql://", "postgresql+asyncpg://"),
    }[text]
    done = pgassay("schema", "diff", named, url, "-q", env={"ONE": url})
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.parametrize(
    ("side", "message"),
    [
        ("histroy", "Did you mean history?"),
        ("histroy", "There are: live, history, models, a file that"),
        ("none.json", "'none.json' is no schema to compare (no such file)."),
        (".", "'.' is no schema to compare (is a folder)."),
        ("env:NO_SUCH_VARIABLE", "the environment variable NO_SUCH_VARIABLE is not set"),
        ("mysql://x/y", "mysql:// is not PostgreSQL"),
        ("words.txt", "words.txt: it is no JSON: Expecting value at line 1, column 1"),
        ("other.json", "its format is not 'pgassay schema snapshot'"),
        ("edited.json", "public.accounts.balance: its hash does not match: the line was edited"),
        ("history", "holds no Alembic history and no pgassay.toml"),
    ],
)
def test_a_side_that_is_none_exits_2(side: str, message: str, url: str, tmp_path: Path) -> None:
    (tmp_path / "words.txt").write_text("hello")
    (tmp_path / "other.json").write_text("{}")
    edited = snapshot(url, tmp_path / "edited.json")
    edited.write_text(edited.read_text().replace("numeric(12,2)", "numeric(10,2)"))
    done = pgassay("schema", "diff", side, url, cwd=tmp_path)
    assert (done.returncode, done.stdout) == (2, ""), done.stdout
    assert message in done.stderr
    assert "Traceback" not in done.stderr


def test_a_password_is_shown_nowhere(url: str, drifted: str, tmp_path: Path) -> None:
    secret = url.replace("postgres@", "postgres:Tr0ub4dor@")
    report = tmp_path / "r.json"
    done = pgassay("schema", "diff", secret, drifted, "-v", "--output", f"json={report}")
    assert done.returncode == 1
    assert "can be read by every user of this machine" in done.stderr
    assert "Tr0ub4dor" not in done.stdout + done.stderr + report.read_text()
    assert json.loads(report.read_text())["facts"]["pair"]["A"]["source"].count("***") == 1


def test_the_report_fits_a_terminal_and_is_markdown_too(url: str, drifted: str) -> None:
    shown = pgassay("schema", "diff", url, drifted).stdout
    assert max(map(len, shown.split("\n"))) <= 80
    assert "Readiness" not in shown
    markdown = pgassay("schema", "diff", url, drifted, "--output", "markdown").stdout
    assert markdown.startswith("# Schema comparison: database ")
    assert "Deployment readiness checklist" not in markdown


def test_the_page_of_its_finding_is_explained() -> None:
    page = pgassay("explain", "drf020").stdout
    assert page.startswith("DRF020 schemas-differ (blocker)\n")
    for heading in ("What:", "Why:", "Fix:", "Example:"):
        assert f"\n{heading}\n" in page
    assert "DRF020  blocker  schemas-differ" in pgassay("explain").stdout
