"""What every CI format shows: which issues there are, where they lie, and what makes them one."""

from __future__ import annotations

from dataclasses import replace

import pytest

from pgassay.facts.acceptance import Acceptance, Day
from pgassay.facts.location import Location
from pgassay.facts.unavailable import Unavailable
from pgassay.findings import Finding, Severity
from pgassay.render.fingerprint import fingerprints
from pgassay.render.issues import issues
from pgassay.verdict import Report, Verdict
from tests.render.render_reports import CLEAR, FINDINGS, PAIR, UNKNOWN, UNSAFE


def finding(code: str, subject: str, location: Location | None = None) -> Finding:
    return Finding(code, "some-name", Severity.BLOCKER, subject, "It is so.", "", "", location)


def place(report: Report, found: Finding) -> str:
    (issue,) = issues(replace(report, findings=(found,), unavailable=()))
    return str(issue.place)


def without(*keys: str) -> Report:
    """A clear report whose facts lack some."""
    return replace(CLEAR, facts={k: v for k, v in CLEAR.facts.items() if k not in keys})


def test_a_fingerprint_is_of_code_and_subject_alone() -> None:
    one = finding("HIS001", "alembic", Location("alembic.ini", 3))
    other = replace(
        one,
        message="Other words.",
        why="Because.",
        fix="Do it.",
        severity=Severity.INFO,
        location=Location("elsewhere/alembic.ini", 99),
        evidence={"number": 7},
        particulars=("a", "b"),
        acceptance=Acceptance("waiver", "r", "o", Day("2027-01-01")),
    )
    assert fingerprints([one]) == fingerprints([other])
    different = [one, replace(one, code="HIS002"), replace(one, subject="migrations")]
    assert len({*fingerprints(different)}) == 3


def test_the_parts_of_a_fingerprint_do_not_run_into_each_other() -> None:
    found = [finding("HIS001", 'x", "y'), finding('HIS001", "x', "y"), finding("HIS001", "1x")]
    found += [finding("HIS0011", "x")]
    assert len({f.partition(":")[0] for f in fingerprints(found)}) == 4


def test_a_line_in_the_subject_is_none_of_it() -> None:
    """HIS018 to HIS020 have a place as their subject."""
    at_12, at_40 = Location("scripts/start.sh", 12), Location("scripts/start.sh", 40)
    one, moved = finding("HIS018", str(at_12), at_12), finding("HIS018", str(at_40), at_40)
    assert fingerprints([one]) == fingerprints([moved])


def test_two_of_one_code_and_subject_are_numbered_whatever_their_order() -> None:
    one = replace(finding("DRF005", "public.a.b"), particulars=("default: live = 0",))
    two = replace(finding("DRF005", "public.a.b"), particulars=("type: live = text",))
    first, second = fingerprints([one, two])
    assert fingerprints([two, one]) == [second, first]
    assert (first[-2:], second[-2:]) == (":1", ":2")
    assert first[:-2] == second[:-2]


def test_the_project_and_its_path_are_none_of_it() -> None:
    moved = replace(UNSAFE, project="elsewhere", folder="services/billing", findings=FINDINGS[::-1])
    before = {i.fingerprint for i in issues(UNSAFE)}
    assert {i.fingerprint for i in issues(moved)} == before
    assert len(before) == len(FINDINGS) + 1


@pytest.mark.parametrize(
    ("found", "expected"),
    [
        (finding("HIS001", "x", Location("app/a.py", 7)), "app/a.py:7"),
        (finding("HIS012", "alembic/env.py"), "alembic/env.py"),
        (finding("SEC001", "alembic.ini: sqlalchemy.url"), "alembic.ini"),
        (
            finding("HIS010", "migrations: 0002_subscription_plan_dates"),
            "migrations/versions/0002_subscription_plan_dates.py",
        ),
        (finding("HIS010", "migrations: no such revision"), "migrations/env.py"),
        (finding("HIS001", "migrations + sql"), "migrations/env.py"),
        (finding("HIS005", "public.alembic_version: abc"), "alembic/env.py"),
        (finding("DRF002", "public.nowhere.x"), "alembic/env.py"),
    ],
)
def test_a_finding_lies_where_its_subject_does(found: Finding, expected: str) -> None:
    assert place(UNSAFE, found) == expected


def test_a_database_object_lies_where_its_table_does() -> None:
    index = finding("DRF004", "public.users.ix_users_email")
    column = finding("DRF002", "public.users.timezone", Location("app/user.py", 31))
    found = {i.subject: i for i in issues(replace(UNSAFE, findings=(index, column)))}
    assert str(found[index.subject].place) == "app/user.py:31"
    assert not found[index.subject].own
    assert found[column.subject].own


def test_what_lies_outside_the_repository_gets_a_place_inside() -> None:
    for path in ("/usr/lib/python3/x.py", "../shared/x.py", "", " ", "a/../..", "."):
        assert place(UNSAFE, finding("HIS001", "x", Location(path, 4))) == "alembic/env.py"
    below = replace(UNSAFE, folder="services/billing")
    assert place(below, finding("HIS001", "x", Location("a.py", 4))) == "services/billing/a.py:4"
    shared = finding("HIS001", "x", Location("../shared/a.py", 4))
    assert place(below, shared) == "services/shared/a.py:4"


def test_without_a_history_the_configuration_or_a_file_is_the_place() -> None:
    lost = finding("DRF002", "public.a.b")
    assert place(CLEAR, lost) == "alembic/env.py"
    assert place(without("histories"), lost) == "pgassay.toml"
    assert place(without("histories", "settings"), lost) == "alembic.ini"
    assert place(PAIR, lost) == "backups/restored.json"
    bare = replace(CLEAR, facts={}, folder="billing")
    assert place(bare, lost) == "billing/pgassay.toml"


def test_what_could_not_be_had_is_an_issue_that_counts() -> None:
    (issue,) = issues(UNKNOWN)
    assert (issue.code, issue.subject, issue.severity) == ("UNKNOWN", "database", Severity.BLOCKER)
    assert "Tenant or user not found" in issue.message
    assert issue.counts
    assert not issue.own


def test_what_could_not_be_had_of_a_history_lies_there() -> None:
    lost = Unavailable("history migrations", "No module named 'app'")
    (issue,) = issues(replace(UNKNOWN, unavailable=(lost,), facts=UNSAFE.facts))
    assert str(issue.place) == "migrations/env.py"


def test_a_gate_makes_an_issue_of_each_line_that_is_not_proven() -> None:
    assert issues(CLEAR) == ()
    found = issues(replace(CLEAR, gate=True))
    assert {i.code for i in found} == {"UNPROVEN"}
    assert [i.subject for i in found] == [
        "Data integrity checks completed",
        "Pre-deployment backup created",
        "Rollback procedures tested",
        "Performance benchmarks established",
    ]


@pytest.mark.parametrize("verdict", [Verdict.UNKNOWN, Verdict.UNSAFE, Verdict.CLEAR])
def test_no_verdict_that_fails_is_without_an_issue(verdict: Verdict) -> None:
    """Whatever made it so."""
    bare = replace(CLEAR, verdict=verdict, gate=True, checklist=())
    assert bare.exit_status
    assert [i.code for i in issues(bare)] == ["UNKNOWN"]


def test_what_is_accepted_comes_last_and_does_not_count() -> None:
    found = issues(UNSAFE)
    assert [i.counts for i in found] == [True] * 13 + [False] * 2
    assert {i.acceptance.by for i in found[-2:] if i.acceptance} == {"baseline", "waiver"}


def test_an_object_of_a_database_has_a_kind() -> None:
    column = replace(finding("DRF002", "public.a.b"), evidence={"kind": "index"})
    money, history = finding("MON001", "public.a.c"), finding("HIS001", "alembic")
    found = issues(replace(CLEAR, findings=(column, money, history)))
    assert {i.code: i.object_kind for i in found} == {
        "DRF002": "index",
        "MON001": "column",
        "HIS001": "",
    }
