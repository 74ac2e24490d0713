"""What could not be had."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Unavailable:
    """Something the run set out to gather and did not get. It makes the verdict *unknown*.

    `needs` names what is missing ("database", "history alembic", "models"), `reason` says why with
    values, `next_step` is what to do or run next. `detail` is what the other side printed, for
    people who ask with `-vv`.
    """

    needs: str
    reason: str
    next_step: str = ""
    detail: str = ""


@dataclass(frozen=True, slots=True)
class NotAsked(Unavailable):
    """Something the run was told to do without, or an extra that is not installed. What needs it is
    left out and counted; the verdict is of the rest."""
