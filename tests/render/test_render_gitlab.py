"""GitLab's code quality JSON: every entry has what GitLab asks for, and none is lost."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from typing import Any

import pytest

from pgassay.render.gitlab_code_quality import render_gitlab
from pgassay.verdict import Report
from tests.render.render_reports import CLEAR, HOSTILE, REPORTS, UNKNOWN, UNSAFE, spoiled


def entries(report: Report) -> list[dict[str, Any]]:
    """Those of a report that are as GitLab documents them."""
    text = render_gitlab(report)
    assert text.isascii()
    found = json.loads(text)
    assert isinstance(found, list)
    for entry in found:
        assert set(entry) == {"description", "check_name", "fingerprint", "severity", "location"}
        assert entry["severity"] in ("info", "minor", "major", "critical", "blocker")
        assert re.fullmatch(r"[0-9a-f]{32}", entry["fingerprint"])
        assert set(entry["location"]) == {"path", "lines"}
        assert entry["location"]["path"].strip()
        assert entry["location"]["lines"]["begin"] >= 1
        for shown in (entry["description"], entry["location"]["path"]):
            assert shown.isprintable()
            assert shown
    prints = [entry["fingerprint"] for entry in found]
    assert len({*prints}) == len(prints)
    return found


@pytest.mark.parametrize("report", REPORTS.values(), ids=REPORTS)
def test_every_entry_is_whole(report: Report) -> None:
    entries(report)


@pytest.mark.parametrize("text", HOSTILE)
def test_any_text_gives_whole_entries(text: str) -> None:
    for report in (UNSAFE, UNKNOWN):
        assert len(entries(spoiled(report, text))) == len(entries(report))


def test_an_entry_says_what_and_where() -> None:
    found = {entry["check_name"]: entry for entry in entries(UNSAFE)}
    assert found["MON002"]["description"].startswith(
        "MON002 money-without-scale: public.users.annual_income is numeric without precision"
    )
    assert found["MON002"]["location"] == {
        "path": "app/db/models/user.py",
        "lines": {"begin": 22},
    }
    severities = {code: found[code]["severity"] for code in ("HIS001", "HIS007", "DRF020")}
    assert severities == {"HIS001": "blocker", "HIS007": "major", "DRF020": "info"}


def test_what_is_accepted_is_left_out_and_what_is_unknown_is_in() -> None:
    codes = [entry["check_name"] for entry in entries(UNSAFE)]
    assert len(codes) == 13
    assert not {"SEC002", "DRF004"} & {*codes}
    (unknown,) = entries(UNKNOWN)
    assert (unknown["check_name"], unknown["severity"]) == ("UNKNOWN", "critical")
    assert "Tenant or user not found" in unknown["description"]


def test_clear_is_empty_and_a_gate_is_not() -> None:
    assert entries(CLEAR) == []
    assert [e["check_name"] for e in entries(replace(CLEAR, gate=True))] == ["UNPROVEN"] * 4


def test_two_projects_of_one_repository_do_not_collide() -> None:
    here, there = (
        {e["fingerprint"] for e in entries(replace(UNSAFE, folder=folder))}
        for folder in ("services/billing", "services/ledger")
    )
    assert not here & there
    assert {e["location"]["path"] for e in entries(replace(UNSAFE, folder="services/billing"))} >= {
        "services/billing/alembic.ini"
    }
