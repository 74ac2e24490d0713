"""What the compliance queries gave at an earlier moment, as a report has it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class EarlierValue:
    """`value` as PostgreSQL wrote it, None for NULL. `reason` why there was none, "" where there
    was."""

    name: str
    sql: str
    value: str | None
    reason: str = ""


@dataclass(frozen=True, slots=True)
class EarlierValues:
    """`path` is the report's; `at` when its snapshot was taken, ISO 8601."""

    path: str
    at: str
    values: tuple[EarlierValue, ...]
