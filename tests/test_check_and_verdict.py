"""Unknown is never safe: how checks end, and what the verdict makes of it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest

from pgassay.check import Check, CheckResult, Status, run_checks
from pgassay.checks.readiness import checklist
from pgassay.facts.acceptance import Acceptance
from pgassay.facts.assay import Assay
from pgassay.facts.history import Build, History
from pgassay.facts.project import Project
from pgassay.facts.settings import Settings
from pgassay.facts.unavailable import NotAsked, Unavailable
from pgassay.findings import Finding, Severity
from pgassay.verdict import ChecklistItem, ItemStatus, Verdict, judge

LOST = Unavailable("database", "nothing listens")
UNASKED = NotAsked("database", "none was asked for")


def assay(**facts: object) -> Assay:
    return Assay(settings=Settings(), project=Project("/p", ()), **facts)  # type: ignore[arg-type]


def nothing(_: Check, __: Assay) -> Iterator[Finding]:
    yield from ()


def something(check: Check, _: Assay) -> Iterator[Finding]:
    yield check.finding("s", "m", why="w", fix="f")


def crash(_: Check, __: Assay) -> Iterator[Finding]:
    raise ZeroDivisionError("planted")


@pytest.mark.parametrize(
    ("find", "facts", "status", "coverage"),
    [
        (nothing, {"live": object()}, Status.PASSED, ""),
        (something, {"live": object()}, Status.FAILED, ""),
        (something, {"live": LOST}, Status.UNAVAILABLE, "nothing listens"),
        (something, {"live": None}, Status.VACUOUS, "the project has nothing of this kind"),
        (nothing, {"live": object(), "models": LOST}, Status.PARTIAL, "without database"),
        (something, {"live": object(), "models": LOST}, Status.FAILED, "without database"),
        (something, {"live": UNASKED}, Status.SKIPPED, "none was asked for"),
        (something, {"live": (UNASKED,)}, Status.SKIPPED, "none was asked for"),
        (nothing, {"live": object(), "models": UNASKED}, Status.PARTIAL, "without database"),
        (nothing, {"live": (1, LOST)}, Status.PARTIAL, "without database"),
        (nothing, {"live": (LOST,)}, Status.UNAVAILABLE, "nothing listens"),
        (
            crash,
            {"live": object()},
            Status.ERROR,
            "check XXX001 crashed: ZeroDivisionError: planted",
        ),
    ],
)
def test_how_a_check_ends(
    find: object, facts: dict[str, object], status: Status, coverage: str
) -> None:
    check = Check("XXX001", "x", Severity.BLOCKER, find, needs=("live",), uses=("models",))  # type: ignore[arg-type]
    outcome = run_checks((check,), assay(**facts))
    assert (outcome.results[0].status, outcome.results[0].coverage) == (status, coverage)
    assert bool(outcome.findings) == (status is Status.FAILED)
    assert [c.reason for c in outcome.crashes] == ([coverage] if status is Status.ERROR else [])


def test_a_check_not_asked_for_is_skipped() -> None:
    check = Check("XXX001", "x", Severity.BLOCKER, something)
    outcome = run_checks((check,), assay(), select=("YYY",))
    assert [r.status for r in outcome.results] == [Status.SKIPPED]
    assert outcome.findings == ()


def finding(severity: Severity, *, waived: bool = False) -> Finding:
    return Finding(
        "X",
        "x",
        severity,
        "s",
        "m",
        "w",
        "f",
        acceptance=Acceptance("baseline") if waived else None,
    )


DONE = ChecklistItem("a", ItemStatus.DONE, "")
OPEN = ChecklistItem("b", ItemStatus.UNKNOWN, "")


@pytest.mark.parametrize(
    ("findings", "lost", "items", "verdict", "status", "gated"),
    [
        ([], [], [DONE, DONE], Verdict.SAFE, 0, 0),
        ([], [], [DONE, OPEN], Verdict.CLEAR, 0, 3),
        ([finding(Severity.WARNING)], [], [OPEN], Verdict.CLEAR, 0, 3),
        ([finding(Severity.BLOCKER)], [], [DONE], Verdict.UNSAFE, 1, 1),
        ([finding(Severity.BLOCKER)], [LOST], [DONE], Verdict.UNSAFE, 1, 1),
        ([finding(Severity.BLOCKER, waived=True)], [], [DONE], Verdict.SAFE, 0, 0),
        ([finding(Severity.BLOCKER, waived=True)], [LOST], [DONE], Verdict.UNKNOWN, 3, 3),
        ([], [LOST], [DONE], Verdict.UNKNOWN, 3, 3),
    ],
)
def test_the_verdict(
    findings: list[Finding],
    lost: list[Unavailable],
    items: list[ChecklistItem],
    verdict: Verdict,
    status: int,
    gated: int,
) -> None:
    judged = judge(findings, lost, items)
    assert judged is verdict
    assert (judged.exit_status(), judged.exit_status(gate=True)) == (status, gated)


def test_the_checklist_is_the_mission_reports_and_proves_nothing_by_itself() -> None:
    items = checklist(assay(server=LOST), (), ())
    assert [i.item for i in items] == [
        "Dual migration systems resolved",
        "Database connection validated",
        "Financial data types verified",
        "Data integrity checks completed",
        "Pre-deployment backup created",
        "Rollback procedures tested",
        "Performance benchmarks established",
    ]
    assert {i.status for i in items} == {ItemStatus.UNKNOWN}
    assert items[1].evidence == "nothing listens"


def test_findings_that_are_waived_prove_nothing_of_what_was_not_seen() -> None:
    seen = CheckResult("MON001", "money-in-floating-point", Status.FAILED)
    column = object()
    for result, status in (
        (seen, ItemStatus.DONE),
        (replace(seen, coverage="without database"), ItemStatus.UNKNOWN),
    ):
        types = checklist(assay(money=(column,)), (result,), ())[2]
        assert types.status is status, types


@pytest.mark.parametrize(
    ("requested", "status"),
    [
        ("postgresql://db.example/app", ItemStatus.DONE),
        ("sqlite:///app.db", ItemStatus.UNKNOWN),
        ("mysql+pymysql://app:***@db.example/app", ItemStatus.UNKNOWN),
    ],
)
def test_what_was_built_in_place_of_another_dialect_proves_no_system(
    requested: str, status: ItemStatus
) -> None:
    history = History("alembic", "/p/alembic", (), ())
    built = Build("alembic", requested_url=requested)
    project = Project("/p", (history,))
    items = checklist(replace(assay(server=LOST), project=project, builds=(built,)), (), ())
    assert items[0].status is status
    assert (requested in items[0].evidence) is (status is ItemStatus.UNKNOWN)
