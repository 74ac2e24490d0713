"""The tests of `pytest --pgassay`: which checks each stands for, and how a report ends it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from pgassay.check import CheckResult, Status
from pgassay.facts.unavailable import Unavailable
from pgassay.findings import Finding, Severity
from pgassay.flows.live import NOT_ASKED
from pgassay.verdict import Report


@dataclass(frozen=True, slots=True)
class SuiteTest:
    """`codes` are codes or prefixes of checks; none for all that no other test has. A finding of a
    severity in `fails` fails it: a warning too, where the name promises that it cannot be."""

    name: str
    codes: tuple[str, ...]
    fails: tuple[Severity, ...] = (Severity.BLOCKER, Severity.WARNING)

    def has(self, code: str) -> bool:
        if not self.codes:
            return not any(t.has(code) for t in TESTS if t.codes)
        return code.startswith(self.codes)


TESTS = (
    SuiteTest(
        "histories_build",
        ("HIS003", "HIS004", "HIS005", "HIS006", "HIS007", "HIS008", "HIS010", "HIS011"),
    ),
    SuiteTest("round_trip", ("HIS026",)),
    SuiteTest(
        "models_match_history", ("DRF003", "DRF004", "DRF005", "HIS021", "HIS022", "HIS023")
    ),
    SuiteTest("money_policy", ("MON",)),
    SuiteTest("other_checks", (), fails=(Severity.BLOCKER,)),
)


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
    asked = [r for r in results if r.coverage != "not asked for"]
    skipped = "" if asked else f"[checks] leaves out {', '.join(r.code for r in results)}."
    if not failing and not unknown and not skipped:
        nothing, skipped = _nothing(test, report.facts)
        unknown += [nothing] if nothing else []
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
            reasons.append(f"{', '.join(broken)} cannot be built")
            steps["Mend first what pgassay::histories_build shows."] = None
        reason = ": ".join(r.rstrip(".") for r in reasons) + "."
        yield Unavailable(f"{', '.join(codes)}", reason, " ".join(steps))


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


def _nothing(test: SuiteTest, facts: Mapping[str, Any]) -> tuple[Unavailable | None, str]:
    """Why a test without findings tested nothing: what is missing, or why none is expected."""
    histories = facts["histories"]
    if test.name in ("histories_build", "round_trip", "models_match_history"):
        if unbuilt := _not_built(facts):
            return _missing(f"{', '.join(unbuilt)} was not built, so nothing is known."), ""
        if not any(h["revisions"] for h in histories):
            if not facts["systems"]:
                return _missing("No migration history with a revision was found."), ""
            if test.name != "histories_build":
                return None, "There is no Alembic history, and others have no models or way back."
    if test.name == "models_match_history":
        models = facts["sides"]["models"]
        if models is None:
            return None, "[models] none = true: the project has no models."
        if not models.get("tables"):
            return _missing(
                "target_metadata of env.py holds no table.",
                'Name it in pgassay.toml: [models] metadata = "app.db:Base.metadata"; or say '
                "[models] none = true.",
            ), ""
    if test.name == "money_policy" and not facts["money"]:
        return None, "No column was taken for money; name them under [money] columns."
    return None, ""


def _missing(reason: str, next_step: str = "") -> Unavailable:
    step = "Name the project with --pgassay-project DIR, then see `pgassay check --no-database`."
    return Unavailable("anything to test", reason, next_step or step)
