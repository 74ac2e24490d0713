"""A finding: one defect of one subject, with why it matters and what to do about it."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

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
    together are a finding's identity from run to run. `evidence` is JSON-ready."""

    code: str
    name: str
    severity: Severity
    subject: str
    message: str
    why: str
    fix: str
    location: Location | None = None
    evidence: dict[str, Any] = field(default_factory=dict)
    waived: bool = False

    @property
    def order(self) -> tuple[int, str, str, str]:
        """Worst first, then by code and subject, so that reports are stable."""
        return (self.severity.rank, self.code, self.subject, str(self.location or ""))
