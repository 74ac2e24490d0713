"""A check: a pure function from facts to findings, and how a family of them is run."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from pgassay.facts.assay import Assay
from pgassay.facts.location import Location
from pgassay.facts.unavailable import NotAsked, Unavailable
from pgassay.findings import Finding, Severity


class Status(StrEnum):
    """How a check ended. Only PASSED and FAILED may have seen everything they needed.

    PARTIAL: some sides were missing and the rest gave no finding. VACUOUS: there was nothing to
    look at. ERROR: the check itself crashed, so nothing is known.
    """

    PASSED = "passed"
    FAILED = "failed"
    PARTIAL = "partial"
    SKIPPED = "skipped"
    ERROR = "error"
    VACUOUS = "vacuous"
    UNAVAILABLE = "unavailable"


NOT_SELECTED = "not asked for"
"""The coverage of a check that a selection leaves out."""


@dataclass(frozen=True, slots=True)
class Check:
    """`needs` are the fields of `Assay` it cannot do without; `uses` those it looks at when there.

    `each_history`: it judges one history by the live database, so it looks at those beside the main
    one too. `find` gets the whole assay and may rely on every needed field being neither None nor
    `Unavailable`. Its docstring is the page that `pgassay explain` shows: What, Why, Fix, Example.
    """

    code: str
    name: str
    severity: Severity
    find: Callable[[Check, Assay], Iterable[Finding]]
    needs: tuple[str, ...] = ()
    uses: tuple[str, ...] = ()
    each_history: bool = False

    def finding(
        self,
        subject: str,
        message: str,
        *,
        why: str,
        fix: str,
        location: Location | None = None,
        severity: Severity | None = None,
        evidence: dict[str, Any] | None = None,
        particulars: Iterable[str] = (),
    ) -> Finding:
        return Finding(
            code=self.code,
            name=self.name,
            severity=severity or self.severity,
            subject=subject,
            message=message,
            why=why,
            fix=fix,
            location=location,
            evidence=evidence or {},
            particulars=tuple(particulars),
        )

    def result(self, status: Status, coverage: str = "") -> CheckResult:
        return CheckResult(self.code, self.name, status, coverage, self.severity, self.page)

    @property
    def page(self) -> str:
        """The check's explanation, as plain text."""
        return inspect.cleandoc(self.find.__doc__ or "")

    @property
    def family(self) -> str:
        return self.code[:3]


@dataclass(frozen=True, slots=True)
class CheckResult:
    """`coverage`: why it saw nothing, or what it did without; "" where it saw everything.
    `severity` and `page` are the check's, for reports that explain what they name."""

    code: str
    name: str
    status: Status
    coverage: str = ""
    severity: Severity = Severity.BLOCKER
    page: str = ""

    @property
    def saw_all(self) -> bool:
        """Whether what it did not find is not there."""
        if self.status is Status.FAILED:
            return not self.coverage
        return self.status in (Status.PASSED, Status.VACUOUS)


@dataclass(frozen=True, slots=True)
class Outcome:
    results: tuple[CheckResult, ...]
    findings: tuple[Finding, ...]
    crashes: tuple[Unavailable, ...] = field(default=())


# Of several runs of one check, the status that says more is the check's.
_TELLING = {
    Status.VACUOUS: 0,
    Status.SKIPPED: 0,
    Status.PASSED: 1,
    Status.PARTIAL: 2,
    Status.UNAVAILABLE: 3,
    Status.FAILED: 4,
    Status.ERROR: 5,
}


def _telling(result: CheckResult) -> tuple[int, bool]:
    return _TELLING[result.status], bool(result.coverage)


def selected(check: Check, select: Sequence[str], ignore: Sequence[str]) -> bool:
    """Whether a check is asked for by code, name or prefix of its code."""

    def named(patterns: Sequence[str]) -> bool:
        return any(check.name == p or check.code.startswith(p.upper()) for p in patterns)

    return (not select or named(select)) and not named(ignore)


def fields_wanted(
    checks: Iterable[Check], select: Sequence[str] = (), ignore: Sequence[str] = ()
) -> frozenset[str]:
    """The fields of `Assay` that the checks asked for look at; no others need be gathered."""
    return frozenset(
        field
        for check in checks
        if selected(check, select, ignore)
        for field in (*check.needs, *check.uses)
    )


def run_checks(
    checks: Iterable[Check],
    assay: Assay,
    *,
    select: Sequence[str] = (),
    ignore: Sequence[str] = (),
    unasked: Collection[str] = (),
) -> Outcome:
    """Run each check that is asked for. A crash of one is reported and makes the verdict unknown.

    `unasked` are fields that nobody wanted gathered: a check that uses one and finds nothing saw
    only a part. The findings come in the order of `Finding.order`.
    """
    results: list[CheckResult] = []
    findings: list[Finding] = []
    crashes: list[Unavailable] = []
    for check in checks:
        if not selected(check, select, ignore):
            results.append(check.result(Status.SKIPPED, NOT_SELECTED))
            continue
        beside = assay.beside if check.each_history else ()
        if not {"pending", "branch"}.isdisjoint(check.needs):
            beside = assay.pending_beside
        runs = [_run(check, one, unasked) for one in (assay, *beside)]
        results.append(max((result for result, _, _ in runs), key=_telling))
        for _, found, crash in runs:
            findings += found
            crashes += crash
    return Outcome(tuple(results), tuple(sorted(findings, key=lambda f: f.order)), tuple(crashes))


def _run(
    check: Check, assay: Assay, unasked: Collection[str]
) -> tuple[CheckResult, Sequence[Finding], Sequence[Unavailable]]:
    lost = {n: _lost(getattr(assay, n)) for n in (*check.needs, *check.uses)}
    missing = [n for n in check.needs if lost[n] and not _some(getattr(assay, n))]
    for told in (u for n in missing for u in lost[n] if isinstance(u, NotAsked)):
        return check.result(Status.SKIPPED, told.reason), (), ()
    if missing:
        reasons = "; ".join(dict.fromkeys(u.reason for n in missing for u in lost[n]))
        return check.result(Status.UNAVAILABLE, reasons), (), ()
    if any(getattr(assay, n) is None for n in check.needs):
        return check.result(Status.VACUOUS, "the project has nothing of this kind"), (), ()
    try:
        found = tuple(check.find(check, assay))
    except Exception as crash:
        # A crash must read as "unknown", never as "no finding".
        reason = f"check {check.code} crashed: {type(crash).__name__}: {crash}"
        unknown = Unavailable(f"check {check.code}", reason, "Report this with the output of -vv.")
        return check.result(Status.ERROR, reason), (), (unknown,)
    lacking = dict.fromkeys(u.needs for some in lost.values() for u in some)
    lacking |= dict.fromkeys(n.replace("_", " ") for n in check.uses if n in unasked)
    without = f"without {', '.join(lacking)}" if lacking else ""
    if found:
        return check.result(Status.FAILED, without), found, ()
    return check.result(Status.PARTIAL if lacking else Status.PASSED, without), (), ()


def _lost(value: Any) -> tuple[Unavailable, ...]:
    """What of a fact could not be had: itself, or some of a tuple's items."""
    items = value if isinstance(value, tuple) else (value,)
    return tuple(i for i in items if isinstance(i, Unavailable))


def _some(value: Any) -> bool:
    """Whether a tuple of facts holds any that could be had."""
    return isinstance(value, tuple) and any(not isinstance(i, Unavailable) for i in value)
