"""Whether a table holds rows."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class TableRows:
    """`name` as the configuration writes it. `present` False: no such table. `has_rows` None: it
    could not be read, `reason` says why."""

    name: str
    present: bool
    has_rows: bool | None = None
    reason: str = ""
