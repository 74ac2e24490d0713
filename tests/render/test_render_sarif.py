"""The SARIF report fits the official schema and GitHub's demands, whatever its texts hold."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from typing import Any
from urllib.parse import unquote

import pytest
from jsonschema import Draft4Validator

from pgassay.check import Status
from pgassay.checks import EXPLAINED
from pgassay.facts.location import Location
from pgassay.facts.unavailable import Unavailable
from pgassay.render.sarif import render_sarif
from pgassay.verdict import Report
from tests.render.render_reports import CLEAR, HOSTILE, PAIR, REPORTS, UNKNOWN, UNSAFE, spoiled
from tests.render.report_schemas import SARIF

VALIDATOR = Draft4Validator(SARIF)
A_URI = re.compile(r"(?!/)(?:[A-Za-z0-9._~/-]|%[0-9A-F]{2})+")


def run(report: Report) -> dict[str, Any]:
    text = render_sarif(report)
    assert text.isascii()
    document = json.loads(text)
    VALIDATOR.validate(document)
    (only,) = document["runs"]
    assert isinstance(only, dict)
    return only


def demanded_by_github(one: dict[str, Any]) -> None:
    """What GitHub refuses or leaves out otherwise."""
    rules = one["tool"]["driver"]["rules"]
    ids = [rule["id"] for rule in rules]
    assert len({*ids}) == len(ids)
    for rule in rules:
        assert 0 < len(rule["shortDescription"]["text"]) <= 1024
        assert 0 < len(rule["fullDescription"]["text"]) <= 1024
        assert rule["help"]["text"]
        assert 0 < len(rule["name"]) <= 255
    for result in one["results"]:
        assert ids[result["ruleIndex"]] == result["ruleId"]
        assert result["message"]["text"].strip()
        (location,) = result["locations"]
        physical = location["physicalLocation"]
        assert A_URI.fullmatch(physical["artifactLocation"]["uri"])
        assert ".." not in unquote(physical["artifactLocation"]["uri"]).split("/")
        assert physical["region"]["startLine"] >= 1
    prints = [r["partialFingerprints"]["primaryLocationLineHash"] for r in one["results"]]
    assert len({*prints}) == len(prints)


def test_the_schema_is_the_official_one() -> None:
    assert SARIF["id"].startswith("https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/")
    assert not VALIDATOR.is_valid({"version": "2.1.0", "runs": [{}]})


@pytest.mark.parametrize("report", REPORTS.values(), ids=REPORTS)
def test_a_report_fits_the_schema_and_github(report: Report) -> None:
    demanded_by_github(run(report))


@pytest.mark.parametrize("text", HOSTILE)
@pytest.mark.parametrize("report", [UNSAFE, UNKNOWN, PAIR], ids=["unsafe", "unknown", "pair"])
def test_any_text_gives_a_valid_report(report: Report, text: str) -> None:
    one = run(spoiled(report, text))
    demanded_by_github(one)
    assert len(one["results"]) == len(report.findings) + len(report.unavailable)
    notes = one["invocations"][0]["toolExecutionNotifications"]
    assert len(notes) == len(report.unavailable)
    for result in [*one["results"], *notes]:
        assert all(ch == "\n" or ch.isprintable() for ch in result["message"]["text"])


def test_a_text_makes_no_link() -> None:
    text = "[see](https://evil.example) [[a](1)](2)"
    for result in run(spoiled(UNSAFE, text))["results"]:
        assert "](" not in result["message"]["text"]


def test_a_result_says_its_severity_place_and_object() -> None:
    found = {r["ruleId"]: r for r in run(UNSAFE)["results"]}
    level = {code: result["level"] for code, result in found.items()}
    assert (level["HIS001"], level["HIS007"], level["DRF020"]) == ("error", "warning", "note")
    (location,) = found["MON002"]["locations"]
    assert location == {
        "physicalLocation": {
            "artifactLocation": {"uri": "app/db/models/user.py"},
            "region": {"startLine": 22},
        },
        "logicalLocations": [
            {"fullyQualifiedName": "public.users.annual_income", "kind": "column"}
        ],
    }
    (without,) = found["HIS001"]["locations"]
    assert "logicalLocations" not in without


@pytest.mark.parametrize(
    ("path", "uri"),
    [
        ("app/a b#c?.py", "app/a%20b%23c%3F.py"),
        ("a:b.py", "a%3Ab.py"),
        ("модели.py", "%D0%BC%D0%BE%D0%B4%D0%B5%D0%BB%D0%B8.py"),
        ("a%20b.py", "a%2520b.py"),
        ("latin\udce9.py", "latin%E9.py"),
    ],
)
def test_a_path_is_percent_encoded(path: str, uri: str) -> None:
    found = replace(UNSAFE.findings[0], location=Location(path))
    (result,) = run(replace(UNSAFE, findings=(found,), unavailable=()))["results"]
    physical = result["locations"][0]["physicalLocation"]
    assert physical == {"artifactLocation": {"uri": uri}, "region": {"startLine": 1}}


def test_what_is_accepted_is_suppressed_and_nothing_else() -> None:
    suppressed = {
        r["ruleId"]: r["suppressions"] for r in run(UNSAFE)["results"] if "suppressions" in r
    }
    why = "waived by ana until 2027-03-31: CI sets it in the ini."
    assert suppressed == {
        "SEC002": [{"kind": "external", "status": "accepted", "justification": why}],
        "DRF004": [{"kind": "external", "status": "accepted", "justification": "in the baseline"}],
    }


def test_what_could_not_be_had_is_said_twice_and_the_run_no_success() -> None:
    one = run(UNKNOWN)
    (invocation,) = one["invocations"]
    assert invocation["executionSuccessful"] is False
    assert invocation["exitCode"] == 3
    assert invocation["startTimeUtc"] == "2025-09-03T07:30:00Z"
    (note,) = invocation["toolExecutionNotifications"]
    assert note["level"] == "error"
    assert "Tenant or user not found" in note["message"]["text"]
    (result,) = one["results"]
    assert (result["ruleId"], result["level"]) == ("UNKNOWN", "error")
    assert "Tenant or user not found" in result["message"]["text"]


def test_a_crashed_check_is_named() -> None:
    crash = Unavailable("check MON001", "check MON001 crashed: KeyError: 'x'", "Report this.")
    one = run(replace(UNKNOWN, unavailable=(crash,)))
    (note,) = one["invocations"][0]["toolExecutionNotifications"]
    rule = note["associatedRule"]
    assert rule["id"] == "MON001"
    assert one["tool"]["driver"]["rules"][rule["index"]]["id"] == "MON001"


def test_a_blocker_is_no_failure_of_the_run() -> None:
    (invocation,) = run(PAIR)["invocations"]
    assert (invocation["executionSuccessful"], invocation["exitCode"]) == (True, 1)


def test_a_gate_that_is_not_passed_is_not_empty() -> None:
    assert run(CLEAR)["results"] == []
    one = run(replace(CLEAR, gate=True))
    assert [r["ruleId"] for r in one["results"]] == ["UNPROVEN"] * 4
    assert one["invocations"][0]["exitCode"] == 3


def test_a_project_or_command_is_a_category_of_its_own() -> None:
    reports = (UNSAFE, replace(UNSAFE, folder="services/billing"), PAIR)
    assert [run(report)["automationDetails"]["id"] for report in reports] == [
        "pgassay/check/",
        "pgassay/check/services/billing/",
        "pgassay/schema-diff/",
    ]


def test_every_check_is_explained() -> None:
    results = tuple(check.result(Status.PASSED) for check in EXPLAINED)
    one = run(replace(CLEAR, checks=results))
    demanded_by_github(one)
    rules = {rule["id"]: rule for rule in one["tool"]["driver"]["rules"]}
    assert set(rules) == {check.code for check in EXPLAINED}
    for check in EXPLAINED:
        rule = rules[check.code]
        assert rule["help"]["text"] == check.page
        for section in ("What", "Why", "Fix", "Example"):
            assert f"**{section}**\n" in rule["help"]["markdown"], check.code
        assert rule["fullDescription"]["text"] != rule["shortDescription"]["text"], check.code
    money = rules["MON001"]
    assert money["name"] == "money-in-floating-point"
    assert money["defaultConfiguration"] == {"level": "error"}
