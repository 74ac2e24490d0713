"""The JSON report keeps its contract, and the published schema refuses what breaks it."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from pgassay.check import Status
from pgassay.render.json_report import render_json, report_schema
from pgassay.verdict import Report
from tests.render.render_reports import CLEAR, HOSTILE, REPORTS, UNKNOWN, UNSAFE, spoiled

VALIDATOR = Draft202012Validator(report_schema())

KEYS = [
    "schema_version",
    "tool",
    "project",
    "started_at",
    "duration_s",
    "unchanged_since",
    "verdict",
    "checklist",
    "checks",
    "findings",
    "unavailable",
    "facts",
]
FINDING_KEYS = [
    "code",
    "name",
    "severity",
    "waived",
    "acceptance",
    "subject",
    "location",
    "message",
    "why",
    "fix",
    "evidence",
]


def test_the_schema_is_a_schema() -> None:
    Draft202012Validator.check_schema(report_schema())


@pytest.mark.parametrize("report", REPORTS.values(), ids=REPORTS)
def test_a_report_fits_its_schema(report: Report) -> None:
    VALIDATOR.validate(json.loads(render_json(report)))


@pytest.mark.parametrize("text", [text for text in HOSTILE if text])
def test_any_text_gives_json_that_any_terminal_can_show(text: str) -> None:
    shown = render_json(spoiled(UNSAFE, text))
    assert shown.isascii()
    assert all(ch == "\n" or ch.isprintable() for ch in shown)
    document = json.loads(shown)
    VALIDATOR.validate(document)
    assert document["findings"][0]["subject"] == text


def test_the_keys_come_in_the_order_of_the_contract() -> None:
    document = json.loads(render_json(UNSAFE))
    assert list(document) == KEYS
    assert list(document["findings"][0]) == FINDING_KEYS
    assert list(document["checks"][0]) == ["code", "status", "coverage"]
    assert list(document["checklist"][0]) == ["item", "status", "codes", "evidence"]
    assert list(document["unavailable"][0]) == ["needs", "reason"]


def test_the_order_does_not_depend_on_the_order_of_the_run() -> None:
    turned = replace(UNSAFE, findings=UNSAFE.findings[::-1], checks=UNSAFE.checks[::-1])
    assert render_json(turned) == render_json(UNSAFE)
    severities = [f["severity"] for f in json.loads(render_json(UNSAFE))["findings"]]
    assert severities == sorted(severities, key=["blocker", "warning", "info"].index)


def test_a_location_is_path_and_line_or_null() -> None:
    found = {f["code"]: f["location"] for f in json.loads(render_json(UNSAFE))["findings"]}
    assert found["SEC001"] == {"path": "alembic.ini", "line": 63}
    assert found["DRF012"] is None


def test_every_status_of_a_check_is_in_the_schema() -> None:
    known = report_schema()["$defs"]["check"]["properties"]["status"]["enum"]
    assert {status.value for status in Status} <= set(known)


Break = Callable[[dict[str, Any]], object]

BREAKS: dict[str, Break] = {
    "another version": lambda d: d.update(schema_version=2),
    "a key that is not in the contract": lambda d: d.update(exit_status=1),
    "a verdict that is none": lambda d: d.update(verdict="fine"),
    "a clear verdict with a blocker": lambda d: d.update(verdict="clear", unavailable=[]),
    "a duration below zero": lambda d: d.update(duration_s=-1),
    "a time without offset": lambda d: d.update(started_at="2025-09-03T09:30:00"),
    "no facts": lambda d: d.pop("facts"),
    "a tool without version": lambda d: d["tool"].pop("version"),
    "an unknown severity": lambda d: d["findings"][0].update(severity="error"),
    "a code of another form": lambda d: d["findings"][0].update(code="history-1"),
    "a finding without fix": lambda d: d["findings"][0].pop("fix"),
    "a finding with an extra key": lambda d: d["findings"][0].update(family="HIS"),
    "a location that is a text": lambda d: d["findings"][0].update(location="alembic.ini:5"),
    "a line below one": lambda d: d["findings"][0]["location"].update(line=0),
    "waived as a text": lambda d: d["findings"][0].update(waived="no"),
    "an unknown status of a check": lambda d: d["checks"][0].update(status="ok"),
    "an unknown status of an item": lambda d: d["checklist"][0].update(status="passed"),
    "unavailable without a reason": lambda d: d["unavailable"][0].pop("reason"),
    "facts as a list": lambda d: d.update(facts=[]),
}


@pytest.mark.parametrize("defect", BREAKS.values(), ids=BREAKS)
def test_a_broken_report_is_refused(defect: Break) -> None:
    document = json.loads(render_json(UNSAFE))
    assert VALIDATOR.is_valid(document)
    defect(document)
    assert not VALIDATOR.is_valid(document)


@pytest.mark.parametrize(
    ("report", "verdict"),
    [(CLEAR, "unsafe"), (CLEAR, "safe"), (UNKNOWN, "clear"), (UNSAFE, "unknown")],
)
def test_a_verdict_that_the_report_contradicts_is_refused(report: Report, verdict: str) -> None:
    document = json.loads(render_json(report))
    document["verdict"] = verdict
    assert not VALIDATOR.is_valid(document)


def test_what_json_cannot_hold_is_refused() -> None:
    with pytest.raises(ValueError, match="not JSON compliant"):
        render_json(replace(CLEAR, facts={"sum": float("nan")}))
