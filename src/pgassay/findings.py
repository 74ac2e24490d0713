"""A finding: one defect of one subject, with why it matters and what to do about it."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from pgassay.facts.acceptance import Acceptance
from pgassay.facts.location import Location


class Severity(StrEnum):
    """blocker: data loss, integrity, security, or the pending migration fails or locks hard.
    warning: performance, or a risk that needs a person. info: cosmetic."""

    BLOCKER = "blocker"
    WARNING = "warning"
    INFO = "info"

    @property
    def rank(self) -> int:
        return list(Severity).index(self)


@dataclass(frozen=True, slots=True)
class Finding:
    """`subject` is the defective thing (`public.expenses.amount`, `alembic.ini`); code and subject
    together are a finding's identity from run to run. `particulars` tell several defects of one
    subject and code apart, such as `default: live = 0`: one that was not there before makes it
    another finding than before. `evidence` is JSON-ready. `acceptance`: why it does not count."""

    code: str
    name: str
    severity: Severity
    subject: str
    message: str
    why: str
    fix: str
    location: Location | None = None
    evidence: dict[str, Any] = field(default_factory=dict)
    particulars: tuple[str, ...] = ()
    acceptance: Acceptance | None = None

    @property
    def waived(self) -> bool:
        return self.acceptance is not None

    @property
    def is_old(self) -> bool:
        """Whether it is passed over only because the baseline has it."""
        return self.acceptance is not None and self.acceptance.by == "baseline"

    @property
    def order(self) -> tuple[int, str, str, str]:
        """Worst first, then by code and subject, so that reports are stable."""
        return (self.severity.rank, self.code, self.subject, str(self.location or ""))
