"""DRF: the live database, the history and the models do not agree."""

from __future__ import annotations

from pgassay.check import Check
from pgassay.checks.drift_asleep import (
    find_constraint_asleep,
    find_constraint_not_validated,
    find_index_invalid,
)
from pgassay.checks.drift_collation import find_collation_version_changed
from pgassay.checks.drift_critical import find_critical_table_empty, find_critical_table_missing
from pgassay.checks.drift_live import find_never_written_down, find_not_applied
from pgassay.checks.drift_matview import find_materialized_view_not_populated
from pgassay.checks.drift_models import find_models_ahead, find_models_behind
from pgassay.checks.drift_pending import find_pending_will_collide
from pgassay.checks.drift_sequences import find_numbers_running_out, find_sequence_behind_data
from pgassay.checks.drift_values import find_differing
from pgassay.findings import Severity

CHECKS: tuple[Check, ...] = (
    Check(
        "DRF001",
        "not-applied",
        Severity.BLOCKER,
        find_not_applied,
        needs=("live", "applied", "comparison"),
        uses=("history", "models"),
        each_history=True,
    ),
    Check(
        "DRF002",
        "never-written-down",
        Severity.BLOCKER,
        find_never_written_down,
        needs=("live", "history", "comparison"),
        uses=("applied", "models", "sightings"),
        each_history=True,
    ),
    Check(
        "DRF003",
        "models-ahead",
        Severity.BLOCKER,
        find_models_ahead,
        needs=("models", "history", "comparison"),
        uses=("live", "applied"),
    ),
    Check(
        "DRF004",
        "models-behind",
        Severity.WARNING,
        find_models_behind,
        needs=("models", "history", "comparison"),
        uses=("live", "applied"),
    ),
    Check(
        "DRF005",
        "schema-differs",
        Severity.BLOCKER,
        find_differing,
        needs=("history",),
        uses=("applied", "live", "models", "comparison"),
        each_history=True,
    ),
    Check(
        "DRF006",
        "pending-will-collide",
        Severity.BLOCKER,
        find_pending_will_collide,
        needs=("live", "applied", "history", "comparison"),
        uses=("models",),
        each_history=True,
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
    Check(
        "DRF009",
        "sequence-behind-data",
        Severity.BLOCKER,
        find_sequence_behind_data,
        needs=("live", "maxima"),
    ),
    Check(
        "DRF010",
        "numbers-running-out",
        Severity.WARNING,
        find_numbers_running_out,
        needs=("live",),
        uses=("maxima",),
    ),
    Check(
        "DRF011",
        "constraint-not-validated",
        Severity.WARNING,
        find_constraint_not_validated,
        needs=("live",),
        uses=("comparison",),
    ),
    Check(
        "DRF012",
        "index-invalid",
        Severity.BLOCKER,
        find_index_invalid,
        needs=("live",),
        uses=("comparison",),
    ),
    Check(
        "DRF013",
        "collation-version-changed",
        Severity.BLOCKER,
        find_collation_version_changed,
        needs=("live",),
        uses=("server",),
    ),
    Check(
        "DRF014",
        "constraint-asleep",
        Severity.BLOCKER,
        find_constraint_asleep,
        needs=("live",),
        uses=("applied", "comparison"),
    ),
    Check(
        "DRF015",
        "materialized-view-not-populated",
        Severity.BLOCKER,
        find_materialized_view_not_populated,
        needs=("live",),
        uses=("comparison",),
    ),
)
