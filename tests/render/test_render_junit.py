"""The JUnit report fits Jenkins' schema, fails where the verdict does, and is never greener."""

from __future__ import annotations

from dataclasses import replace
from xml.etree import ElementTree

import pytest

from pgassay.check import CheckResult, Status
from pgassay.facts.acceptance import Acceptance
from pgassay.facts.location import Location
from pgassay.render.junit import render_junit
from pgassay.verdict import Report, Verdict
from tests.render.render_reports import CLEAR, HOSTILE, PAIR, REPORTS, UNKNOWN, UNSAFE, spoiled
from tests.render.report_schemas import JUNIT

ELEMENTS = {
    *("testsuites", "testsuite", "testcase", "failure", "error", "skipped", "system-out"),
}


def root(report: Report) -> ElementTree.Element:
    """Of a report that is valid, and whose counts are right."""
    text = render_junit(report)
    assert text.isascii()
    JUNIT.validate(text)
    found = ElementTree.fromstring(text)
    assert {element.tag for element in found.iter()} <= ELEMENTS
    for element in (found, *found):
        for count, tag in (("tests", "testcase"), ("failures", "failure"), ("errors", "error")):
            assert element.get(count) == str(len([*element.iter(tag)]))
    names = [(case.get("classname"), case.get("name")) for case in found.iter("testcase")]
    assert len({*names}) == len(names)
    return found


def case(report: Report, name: str) -> ElementTree.Element:
    (found,) = [c for c in root(report).iter("testcase") if c.get("name") == name]
    return found


def outcome(report: Report, name: str) -> tuple[str, str]:
    """Tag and type of what a case says."""
    (said,) = case(report, name)
    return said.tag, said.get("type") or (said.text or "").split("\n")[0]


def test_the_schema_refuses_what_is_none() -> None:
    assert not JUNIT.is_valid("<testsuites><testsuite name='x'><case/></testsuite></testsuites>")


@pytest.mark.parametrize("report", REPORTS.values(), ids=REPORTS)
def test_a_report_fits_the_schema(report: Report) -> None:
    root(report)


@pytest.mark.parametrize("text", [*HOSTILE, "]]><evil/>&#0;", "\x00\x0b\ufffe\uffff\ud83d", '"/>'])
def test_any_text_gives_a_valid_report(text: str) -> None:
    for report in (UNSAFE, UNKNOWN):
        root(spoiled(report, text))


def test_each_finding_is_a_case_and_a_blocker_fails() -> None:
    failure = case(UNSAFE, "MON001 money-in-floating-point: public.expenses.amount")
    assert failure.get("classname") == "pgassay.mon"
    assert failure[0].get("message", "").startswith("public.expenses.amount is double precision")
    assert (failure[0].text or "").startswith("At app/db/models/expense.py:14\n\npublic.expenses")
    assert "Fix: Declare it as `Numeric(12, 2)`" in (failure[0].text or "")
    assert outcome(
        UNSAFE, "HIS007 revision-id-too-long: 0006_transactions_user_created_at_idx"
    ) == (
        "system-out",
        "warning",
    )
    assert outcome(UNSAFE, "SEC002 url-variable-ignored: alembic/env.py") == (
        "system-out",
        "waived by ana until 2027-03-31: CI sets it in the ini.",
    )
    assert outcome(UNSAFE, "DRF004 models-behind: public.users.nickname") == (
        "system-out",
        "in the baseline",
    )
    assert len(case(UNSAFE, "HIS004 several-heads")) == 0


def test_an_accepted_blocker_passes() -> None:
    accepted = replace(UNSAFE.findings[0], acceptance=Acceptance("baseline"))
    report = replace(CLEAR, findings=(accepted,))
    assert outcome(report, "HIS001 dual-migration-histories: alembic, migrations") == (
        "system-out",
        "in the baseline",
    )


@pytest.mark.parametrize(
    ("status", "tag"),
    [
        (Status.SKIPPED, "skipped"),
        (Status.PARTIAL, "skipped"),
        (Status.VACUOUS, "skipped"),
        (Status.UNAVAILABLE, "error"),
        (Status.ERROR, "error"),
    ],
)
def test_a_check_that_did_not_see_all_has_not_passed(status: Status, tag: str) -> None:
    report = replace(CLEAR, checks=(CheckResult("HIS009", "x", status, "why"),))
    (said,) = case(report, "HIS009 x")
    assert (said.tag, said.get("type"), said.get("message")) == (
        tag,
        status.value,
        f"{status.value}: why",
    )


@pytest.mark.parametrize(
    ("report", "expected"),
    [
        (UNSAFE, ("failure", "unsafe")),
        (UNKNOWN, ("error", "unknown")),
        (replace(CLEAR, gate=True), ("error", "clear")),
        (CLEAR, ("system-out", "clear: no blocker, 3 of 7 proven; not compared: 1 version table")),
    ],
)
def test_the_verdict_is_the_first_case(report: Report, expected: tuple[str, str]) -> None:
    assert next(root(report).iter("testcase")).get("name") == "verdict"
    assert outcome(report, "verdict") == expected


@pytest.mark.parametrize("gate", [False, True])
@pytest.mark.parametrize("report", REPORTS.values(), ids=REPORTS)
def test_it_fails_where_the_verdict_does(report: Report, gate: bool) -> None:
    report = replace(report, gate=gate)
    found = root(report)
    bad = int(found.get("failures") or 0) + int(found.get("errors") or 0)
    assert bool(bad) == bool(report.exit_status)


def test_what_could_not_be_had_is_an_error() -> None:
    assert outcome(UNKNOWN, "database") == ("error", "could-not-be-had")


def test_of_one_name_each_case_has_its_own() -> None:
    twice = replace(PAIR, findings=PAIR.findings * 2)
    assert len(case(twice, "DRF020 schemas-differ: public.accounts (2)")) == 1


def test_a_name_does_not_move_with_its_line() -> None:
    first = UNSAFE.findings[0]
    moved = replace(UNSAFE, findings=(replace(first, location=Location("alembic.ini", 99)),))
    (said,) = case(moved, "HIS001 dual-migration-histories: alembic, migrations")
    assert "At alembic.ini:99" in (said.text or "")


def test_a_bare_unknown_is_red() -> None:
    bare = replace(CLEAR, verdict=Verdict.UNKNOWN, checks=())
    assert root(bare).get("errors") == "2"
