"""The verdict, the readiness checklist, and the report that carries them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from pgassay.check import CheckResult
from pgassay.facts.unavailable import Unavailable
from pgassay.findings import Finding, Severity


class Verdict(StrEnum):
    """safe: no blocker, and every line of the checklist proven. clear: no blocker in what was
    asked, and all of that could be had. unsafe: a blocker. unknown: something could not be had."""

    SAFE = "safe"
    CLEAR = "clear"
    UNSAFE = "unsafe"
    UNKNOWN = "unknown"

    def exit_status(self, *, gate: bool = False) -> int:
        """0 safe, or clear without `--gate`; 1 unsafe; 3 unknown, or clear with `--gate`."""
        if self is Verdict.UNSAFE:
            return 1
        if self is Verdict.UNKNOWN or (self is Verdict.CLEAR and gate):
            return 3
        return 0


class ItemStatus(StrEnum):
    DONE = "done"
    BLOCKED = "blocked"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class ChecklistItem:
    """One line of the readiness checklist; `codes` are the findings that block it."""

    item: str
    status: ItemStatus
    evidence: str
    codes: tuple[str, ...] = ()


def judge(
    findings: Iterable[Finding],
    unavailable: Sequence[Unavailable],
    checklist: Sequence[ChecklistItem],
) -> Verdict:
    """A blocker is a blocker whatever else is unknown; the unknown is never safe nor clear."""
    if any(f.severity is Severity.BLOCKER and not f.waived for f in findings):
        return Verdict.UNSAFE
    if unavailable:
        return Verdict.UNKNOWN
    if all(item.status is ItemStatus.DONE for item in checklist):
        return Verdict.SAFE
    return Verdict.CLEAR


@dataclass(frozen=True, slots=True)
class Report:
    """One run's outcome: what every renderer shows.

    `started_at` is ISO 8601 with offset, `duration_s` seconds. `facts` is JSON-ready.
    `unchanged_since` is when the scratch runs were made, where they are an earlier run's, which
    would end the same again; "" where they were made now. `folder` is where the project lies in
    its repository, such as `services/billing`; "" at its top, or where there is none.
    """

    project: str
    started_at: str
    duration_s: float
    verdict: Verdict
    checklist: tuple[ChecklistItem, ...]
    checks: tuple[CheckResult, ...]
    findings: tuple[Finding, ...]
    unavailable: tuple[Unavailable, ...]
    gate: bool = False
    unchanged_since: str = ""
    folder: str = ""
    facts: dict[str, Any] = field(default_factory=dict)

    @property
    def exit_status(self) -> int:
        return self.verdict.exit_status(gate=self.gate)
