"""What people have accepted: single findings by a waiver, all of one day by a baseline."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal, NewType

Day = NewType("Day", str)
"""`YYYY-MM-DD`, so that days compare as texts do."""


@dataclass(frozen=True, slots=True)
class Waiver:
    """`code` is the check's; `subject` the finding's, a `*` in it for any text. `until` is the last
    day on which it counts."""

    code: str
    subject: str
    reason: str
    owner: str
    until: Day

    def covers(self, code: str, subject: str) -> bool:
        pattern = ".*".join(re.escape(part) for part in self.subject.split("*"))
        return code == self.code and re.fullmatch(pattern, subject, re.DOTALL) is not None


@dataclass(frozen=True, slots=True)
class BaselineEntry:
    """A finding of the day when the baseline was written. `severity` and `particulars` are the
    finding's."""

    code: str
    subject: str
    severity: str
    particulars: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Baseline:
    """`path` as people write it; `written_at` ISO 8601."""

    path: str
    written_at: str
    entries: tuple[BaselineEntry, ...]


@dataclass(frozen=True, slots=True)
class Acceptance:
    """Why a finding does not count. `reason`, `owner` and `until` are the waiver's; a baseline has
    none of them."""

    by: Literal["waiver", "baseline"]
    reason: str = ""
    owner: str = ""
    until: str = ""
