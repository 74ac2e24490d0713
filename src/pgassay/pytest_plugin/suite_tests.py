"""The tests of `pytest --pgassay`: which checks each stands for, and how a report ends it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from pgassay.check import NOT_SELECTED, CheckResult, Status
from pgassay.facts.unavailable import Unavailable
from pgassay.findings import Finding, Severity
from pgassay.flows.live import NOT_ASKED
from pgassay.verdict import Report


@dataclass(frozen=True, slots=True)
class SuiteTest:
    """`codes` are codes or prefixes of checks; none for all that no other test has. Without one of
    `core` nothing is tested. A finding of a severity in `fails` fails it: a warning too, where the
    name promises that it cannot be."""

    name: str
    core: str | tuple[str, ...]
    codes: tuple[str, ...]
    fails: tuple[Severity, ...] = (Severity.BLOCKER, Severity.WARNING)

    def has(self, code: str) -> bool:
        if not self.codes:
            return not any(t.has(code) for t in TESTS if t.codes)
        return code.startswith(self.codes)


_COLUMNS = ("MON001", "MON002", "MON003", "MON004")
"""Of money in columns; what the code does with it fails no test, as it stops no migration."""

TESTS = (
    SuiteTest(
        "histories_build",
        "HIS010",
        ("HIS003", "HIS004", "HIS005", "HIS006", "HIS007", "HIS008", "HIS010", "HIS011"),
    ),
    SuiteTest("round_trip", "HIS026", ("HIS026",)),
    SuiteTest(
        "models_match_history",
        "DRF003",
        ("DRF003", "DRF004", "DRF005", "HIS021", "HIS022", "HIS023"),
    ),
    SuiteTest("money_policy", _COLUMNS, _COLUMNS),
    SuiteTest("other_checks", "", (), fails=(Severity.BLOCKER,)),
)


_RAN = (Status.PASSED, Status.PARTIAL, Status.FAILED)


class Ending(StrEnum):
    """unknown: something it needed could not be had, or there was nothing to test. skipped: the
    project says itself, or shows, that the test is not about it."""

    PASSED = "passed"
    FAILED = "failed"
    UNKNOWN = "unknown"
    SKIPPED = "skipped"


@dataclass(frozen=True, slots=True)
class Judged:
    """How a test ended: `findings` are those that fail it, `passed_over` those that do not,
    `unknown` what could not be had, `skipped` why it is not about this project."""

    findings: tuple[Finding, ...] = ()
    passed_over: tuple[Finding, ...] = ()
    unknown: tuple[Unavailable, ...] = ()
    skipped: str = ""

    @property
    def ending(self) -> Ending:
        if self.findings:
            return Ending.FAILED
        if self.unknown:
            return Ending.UNKNOWN
        return Ending.SKIPPED if self.skipped else Ending.PASSED


def judged(test: SuiteTest, report: Report) -> Judged:
    """What a report of a run without a database says of one test."""
    results = [r for r in report.checks if test.has(r.code)]
    found = [f for f in report.findings if test.has(f.code)]
    failing = tuple(f for f in found if f.severity in test.fails and not f.waived)
    unknown = [*_unknown(results, report)]
    if not test.codes:
        unknown += _of_no_other(report)
    skipped = ""
    if not failing and not unknown:
        core = [r for r in results if r.code.startswith(test.core)]
        unknown, skipped = _nothing(test, core, report.facts)
    return Judged(failing, tuple(f for f in found if f not in failing), tuple(unknown), skipped)


def _unknown(results: Iterable[CheckResult], report: Report) -> Iterator[Unavailable]:
    """What the checks of a test did without, each once, beside the database nobody asked for."""
    by_coverage: dict[str, list[str]] = {}
    for result in results:
        if not _saw_all(result):
            by_coverage.setdefault(result.coverage, []).append(result.code)
    broken = _not_built(report.facts)
    for coverage, codes in by_coverage.items():
        causes = [u for u in report.unavailable if _tells_of(coverage, u)]
        reasons = [coverage.rstrip("."), *(u.reason for u in causes if u.reason not in coverage)]
        steps = dict.fromkeys(u.next_step for u in causes if u.next_step)
        # A history that does not build is a finding, and not among what could not be had.
        if not causes and broken:
            if "does not build" not in coverage:
                reasons.append(f"{', '.join(broken)} does not build")
            steps["Mend first what pgassay::histories_build shows."] = None
        reason = ": ".join(r.rstrip(".") for r in reasons) + "."
        yield Unavailable(", ".join(codes), reason, " ".join(steps))


def _not_built(facts: Mapping[str, Any]) -> list[str]:
    return [f"{h['name']}/" for h in facts["histories"] if h["build"]["status"] != "built"]


def _saw_all(result: CheckResult) -> bool:
    if result.status in (Status.UNAVAILABLE, Status.ERROR):
        return False
    if result.status in (Status.SKIPPED, Status.VACUOUS):
        return True
    return result.coverage in ("", f"without {NOT_ASKED.needs}")


def _tells_of(coverage: str, lost: Unavailable) -> bool:
    return lost.reason in coverage or lost.needs in coverage


def _of_no_other(report: Report) -> Iterator[Unavailable]:
    """What could not be had and no check says."""
    coverages = [r.coverage for r in report.checks if not _saw_all(r)]
    for lost in report.unavailable:
        if not any(_tells_of(coverage, lost) for coverage in coverages):
            yield lost


def _nothing(
    test: SuiteTest, core: Sequence[CheckResult], facts: Mapping[str, Any]
) -> tuple[list[Unavailable], str]:
    """Why a test without findings tested nothing: what is missing, or why none is expected."""
    if all(r.coverage == NOT_SELECTED for r in core):
        return [], f"[checks] leaves out {', '.join(r.code for r in core)}."
    if test.name in ("histories_build", "round_trip", "models_match_history"):
        if broken := _not_built(facts):
            return [_missing(f"{', '.join(broken)} was not built, so nothing is known.")], ""
        if not any(h["revisions"] for h in facts["histories"]):
            if not facts["systems"]:
                return [_missing("No migration history with a revision was found.")], ""
            if test.name != "histories_build":
                return [], "There is no Alembic history, and others have no models or way back."
    if test.name == "models_match_history" and facts["sides"]["models"] is None:
        return [], "[models] none = true: the project has no models."
    if test.name == "money_policy" and not facts["histories"] and facts["systems"]:
        return [], "There is no Alembic history and no model; `pgassay check` judges the database."
    if test.name == "money_policy" and facts["money"] == []:
        return [], "No column was taken for money; name them under [money] columns."
    if not any(r.status in _RAN for r in core):
        said = dict.fromkeys(r.coverage for r in core)
        return [_missing(f"Nothing was looked at: {'; '.join(said)}")], ""
    return [], ""


def _missing(reason: str) -> Unavailable:
    step = "Name the project with --pgassay-project DIR, then see `pgassay check --no-database`."
    return Unavailable("anything to test", reason, step)
