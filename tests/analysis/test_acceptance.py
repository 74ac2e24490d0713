"""Which findings are accepted, by whom, and what is left of what was accepted."""

from __future__ import annotations

from dataclasses import replace

import pytest

from pgassay.analysis.acceptance import accept, baseline_of
from pgassay.check import CheckResult, Status
from pgassay.facts.acceptance import Acceptance, Baseline, BaselineEntry, Day, Waiver
from pgassay.findings import Finding, Severity

TODAY = Day("2026-11-25")
FOUND = Finding(
    "DRF005",
    "schema-differs",
    Severity.WARNING,
    "public.users.email",
    "Not the same everywhere.",
    "why",
    "fix",
    particulars=("type: live text", "type: history varchar"),
)
WAIVER = Waiver("DRF005", "public.users.email", "wanted so", "ana", Day("2026-11-25"))
SAW_IT = [CheckResult("DRF005", "schema-differs", Status.FAILED)]
OLD = Baseline("b.json", "2026-11-01", (BaselineEntry("DRF005", FOUND.subject, "warning"),))


def with_particulars(*particulars: str, severity: str = "warning") -> Baseline:
    entry = BaselineEntry("DRF005", FOUND.subject, severity, particulars)
    return replace(OLD, entries=(entry,))


@pytest.mark.parametrize(
    ("waiver", "is_waived"),
    [
        (WAIVER, True),
        (replace(WAIVER, until=Day("2026-11-24")), False),
        (replace(WAIVER, code="DRF001"), False),
        (replace(WAIVER, subject="public.users"), False),
        (replace(WAIVER, subject="public.users.*"), True),
        (replace(WAIVER, subject="*.email"), True),
        (replace(WAIVER, subject="public.users.emai?"), False),
        (replace(WAIVER, subject="public.users.[e]mail"), False),
    ],
)
def test_a_waiver_covers_its_subject_to_the_end_of_its_last_day(
    waiver: Waiver, is_waived: bool
) -> None:
    (found,) = accept([FOUND], SAW_IT, [waiver], None, TODAY).findings
    expected = Acceptance("waiver", "wanted so", "ana", waiver.until) if is_waived else None
    assert found.acceptance == expected
    assert found.waived is is_waived


@pytest.mark.parametrize(
    ("baseline", "said"),
    [
        (with_particulars(*FOUND.particulars), None),
        (with_particulars(*FOUND.particulars, "default: live 0"), None),
        (with_particulars(*FOUND.particulars, severity="blocker"), None),
        (with_particulars("type: history varchar"), " New since the baseline: type: live text."),
        (
            with_particulars(*FOUND.particulars, severity="info"),
            " The baseline has it as info only.",
        ),
        (replace(OLD, entries=(BaselineEntry("DRF005", "public.users", "warning"),)), ""),
        (replace(OLD, entries=(BaselineEntry("DRF001", FOUND.subject, "warning"),)), ""),
    ],
    ids=["same", "less", "milder", "another value", "worse", "other subject", "other code"],
)
def test_only_what_was_there_already_is_passed_over(baseline: Baseline, said: str | None) -> None:
    (found,) = accept([FOUND], SAW_IT, [], baseline, TODAY).findings
    assert found.is_old is (said is None)
    assert found.message == FOUND.message + (said or "")


def test_two_entries_of_one_subject() -> None:
    """As for a table and an index of one name: either may be meant."""
    entries = (
        BaselineEntry("DRF005", FOUND.subject, "warning", ("unique: live no",)),
        BaselineEntry("DRF005", FOUND.subject, "warning", FOUND.particulars),
    )
    for order in (entries, entries[::-1]):
        found = accept([FOUND], SAW_IT, [], replace(OLD, entries=order), TODAY).findings
        assert [f.is_old for f in found] == [True]


@pytest.mark.parametrize(
    ("status", "coverage", "judged"),
    [
        (Status.PASSED, "", True),
        (Status.FAILED, "", True),
        (Status.FAILED, "without database", False),
        (Status.VACUOUS, "nothing of this kind", True),
        (Status.PARTIAL, "without database", False),
        (Status.SKIPPED, "", False),
        (Status.UNAVAILABLE, "", False),
        (Status.ERROR, "", False),
    ],
)
def test_what_is_gone_is_said_only_by_a_check_that_saw_everything(
    status: Status, coverage: str, judged: bool
) -> None:
    results = [CheckResult("DRF005", "schema-differs", status, coverage)]
    accepted = accept([], results, [WAIVER], OLD, TODAY)
    assert [(w.judged, w.subjects, w.expired) for w in accepted.waivers] == [(judged, (), False)]
    assert accepted.baseline is not None
    assert accepted.baseline.gone == (OLD.entries if judged else ())
    kept = baseline_of([], results, OLD, "b.json", "now").entries
    assert kept == (() if judged else OLD.entries)


def test_a_baseline_has_neither_what_a_waiver_covers_nor_anything_twice() -> None:
    other = replace(FOUND, subject="public.a", severity=Severity.BLOCKER, particulars=("b", "a"))
    found = accept([FOUND, other, other], SAW_IT, [WAIVER], None, TODAY).findings
    written = baseline_of(found, SAW_IT, OLD, "b.json", "2026-11-25T10:00:00+00:00")
    assert written == Baseline(
        "b.json",
        "2026-11-25T10:00:00+00:00",
        (BaselineEntry("DRF005", "public.a", "blocker", ("a", "b")),),
    )
