"""The reports for CIs, of real runs of the command line on the worked example."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import jsonschema
import pytest

from tests.cli.pgassay_command import EXAMPLE, pgassay
from tests.render.report_schemas import JUNIT, SARIF

ROOT = Path(__file__).parents[2]
FORMATS = {"sarif": "r.sarif", "junit": "r.xml", "github": "r.txt", "gitlab": "r.json"}


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """The example below the top of a repository, as in many."""
    folder = tmp_path / "services" / "mita"
    shutil.copytree(EXAMPLE, folder)
    (tmp_path / ".git").mkdir()
    return folder


def sarif(path: Path) -> dict[str, Any]:
    document = json.loads(path.read_text())
    jsonschema.validate(document, SARIF)
    (run,) = document["runs"]
    assert isinstance(run, dict)
    return run


def test_all_of_one_run_without_a_database(project: Path, tmp_path: Path) -> None:
    outputs = [a for f, n in FORMATS.items() for a in ("--output", f"{f}={tmp_path / n}")]
    done = pgassay("check", project, *outputs)
    assert done.returncode == 1

    run = sarif(tmp_path / "r.sarif")
    assert run["invocations"][0]["executionSuccessful"] is False
    found = [r for r in run["results"] if r["ruleId"] != "UNKNOWN"]
    assert len(found) >= 15
    for result in run["results"]:
        uri = result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"]
        assert (tmp_path / uri).is_file(), uri
    assert [r["locations"][0]["physicalLocation"] for r in found if r["ruleId"] == "MON001"] == [
        {
            "artifactLocation": {"uri": "services/mita/app/db/models/expense.py"},
            "region": {"startLine": 21},
        }
    ]

    JUNIT.validate(tmp_path / "r.xml")
    junit = ElementTree.parse(tmp_path / "r.xml").getroot()
    assert int(junit.get("failures") or 0) >= 10
    names = [case.get("name") for case in junit.iter("testcase")]
    assert "MON001 money-in-floating-point: public.expenses.amount" in names
    assert "database" in names

    lines = (tmp_path / "r.txt").read_text().splitlines()
    assert all(line.startswith(("::error ", "::warning ", "::notice ")) for line in lines)
    assert lines[-1].startswith("::error title=pgassay::UNSAFE: ")

    gitlab = json.loads((tmp_path / "r.json").read_text())
    assert len(gitlab) == len(run["results"])
    assert {e["location"]["path"].split("/")[0] for e in gitlab} == {"services"}


def test_a_line_above_moves_no_fingerprint(project: Path, tmp_path: Path) -> None:
    def taken() -> tuple[set[tuple[str, str]], set[int]]:
        done = pgassay("check", project, "--ignore", "DRF", "--output", "sarif")
        (tmp_path / "r.sarif").write_text(done.stdout)
        results = sarif(tmp_path / "r.sarif")["results"]
        return (
            {(r["ruleId"], r["partialFingerprints"]["primaryLocationLineHash"]) for r in results},
            {r["locations"][0]["physicalLocation"]["region"]["startLine"] for r in results},
        )

    before, lines = taken()
    for path in project.rglob("*"):
        if path.is_file() and path.suffix in (".py", ".ini", ".sh", ".yml"):
            first, newline, rest = path.read_text().partition("\n")
            path.write_text(f"{first}{newline}# more\n# and more\n{rest}")
    after, moved = taken()
    assert after == before
    assert moved != lines


def test_only_what_was_asked_for_can_be_green(project: Path, tmp_path: Path) -> None:
    """No check but one that passes: empty lists, and one green case beside the skipped ones."""
    outputs = [a for f, n in FORMATS.items() for a in ("--output", f"{f}={tmp_path / n}")]
    done = pgassay("check", project, "--select", "HIS006", *outputs)
    assert done.returncode == 0
    assert sarif(tmp_path / "r.sarif")["results"] == []
    assert json.loads((tmp_path / "r.json").read_text()) == []
    assert (tmp_path / "r.txt").read_text().startswith("::notice title=pgassay::CLEAR: ")
    junit = ElementTree.parse(tmp_path / "r.xml").getroot()
    assert (junit.get("failures"), junit.get("errors")) == ("0", "0")
    passed = [c.get("name") or "" for c in junit.iter("testcase") if not c.findall("skipped")]
    assert [name.split(" ")[0] for name in passed] == ["verdict", "HIS006"]


def test_two_schemas_give_the_same_forms(tmp_path: Path) -> None:
    done = pgassay("schema", "diff", "history", "models", "--project", EXAMPLE, "--output", "sarif")
    (tmp_path / "r.sarif").write_text(done.stdout)
    run = sarif(tmp_path / "r.sarif")
    assert done.returncode == 1
    assert {r["ruleId"] for r in run["results"]} == {"DRF020"}
    assert run["automationDetails"]["id"].startswith("pgassay/schema-diff/")
    (column,) = [
        r["locations"][0]["logicalLocations"][0]
        for r in run["results"]
        if "public.expenses.amount" in r["message"]["text"]
    ][:1]
    assert column == {"fullyQualifiedName": "public.expenses.amount", "kind": "column"}
