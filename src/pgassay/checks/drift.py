"""DRF: the live database, the history and the models do not agree."""

from __future__ import annotations

from pgassay.check import Check
from pgassay.checks.drift_critical import find_critical_table_empty, find_critical_table_missing
from pgassay.checks.drift_live import find_never_written_down, find_not_applied
from pgassay.checks.drift_models import find_models_ahead, find_models_behind
from pgassay.checks.drift_pending import find_pending_will_collide
from pgassay.checks.drift_values import find_differing
from pgassay.findings import Severity

CHECKS: tuple[Check, ...] = (
    Check(
        "DRF001",
        "not-applied",
        Severity.BLOCKER,
        find_not_applied,
        needs=("live", "applied"),
        uses=("history", "models"),
    ),
    Check(
        "DRF002",
        "never-written-down",
        Severity.BLOCKER,
        find_never_written_down,
        needs=("live", "history"),
        uses=("applied", "models"),
    ),
    Check(
        "DRF003",
        "models-ahead",
        Severity.BLOCKER,
        find_models_ahead,
        needs=("models", "history"),
        uses=("live", "applied"),
    ),
    Check(
        "DRF004",
        "models-behind",
        Severity.WARNING,
        find_models_behind,
        needs=("models", "history"),
        uses=("live", "applied"),
    ),
    Check(
        "DRF005",
        "schema-differs",
        Severity.BLOCKER,
        find_differing,
        needs=("history",),
        uses=("applied", "live", "models"),
    ),
    Check(
        "DRF006",
        "pending-will-collide",
        Severity.BLOCKER,
        find_pending_will_collide,
        needs=("live", "applied", "history"),
        uses=("models",),
    ),
    Check(
        "DRF007",
        "critical-table-missing",
        Severity.BLOCKER,
        find_critical_table_missing,
        needs=("critical_rows",),
    ),
    Check(
        "DRF008",
        "critical-table-empty",
        Severity.BLOCKER,
        find_critical_table_empty,
        needs=("critical_rows",),
    ),
)
