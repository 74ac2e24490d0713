"""Checks: pure functions from facts to findings, one module a family."""

from pgassay.check import Check
from pgassay.checks import (
    assumed_roles,
    branches,
    conditional_revisions,
    data_rows,
    data_values,
    definer_functions,
    drift,
    drift_pair,
    entry_points,
    exposed_after,
    exposed_pending,
    exposed_policies,
    exposed_tables,
    exposed_views,
    history_builds,
    history_systems,
    money,
    money_code,
    monitoring,
    pending_changes,
    pending_data,
    pending_fails,
    pending_indexes,
    pending_locks,
    public_rights,
    revision_files,
    round_trips,
    second_opinion,
    secrets,
    sql_scripts,
    stamp_crossover,
    stamp_strangers,
    stamps,
    startup,
    transaction_pooler,
    vacuous_comparisons,
    waivers,
)

ALL: tuple[Check, ...] = (
    *history_systems.CHECKS,
    *revision_files.CHECKS,
    *history_builds.CHECKS,
    *assumed_roles.CHECKS,
    *round_trips.CHECKS,
    *conditional_revisions.CHECKS,
    *stamp_strangers.CHECKS,
    *stamps.CHECKS,
    *sql_scripts.CHECKS,
    *stamp_crossover.CHECKS,
    *entry_points.CHECKS,
    *startup.CHECKS,
    *vacuous_comparisons.CHECKS,
    *branches.CHECKS,
    *pending_locks.CHECKS,
    *pending_indexes.CHECKS,
    *pending_data.CHECKS,
    *pending_changes.CHECKS,
    *pending_fails.CHECKS,
    *second_opinion.CHECKS,
    *drift.CHECKS,
    *money.CHECKS,
    *money_code.CHECKS,
    *data_rows.CHECKS,
    *data_values.CHECKS,
    *transaction_pooler.CHECKS,
    *monitoring.CHECKS,
    *secrets.CHECKS,
    *exposed_tables.CHECKS,
    *exposed_policies.CHECKS,
    *public_rights.CHECKS,
    *definer_functions.CHECKS,
    *exposed_views.CHECKS,
    *exposed_pending.CHECKS,
    *exposed_after.CHECKS,
)


LAST: tuple[Check, ...] = waivers.CHECKS
"""Those that judge what came of the others."""

EXPLAINED: tuple[Check, ...] = (*ALL, *LAST, *drift_pair.PAIR_CHECKS)
"""Also those that `pgassay check` never runs, since another command does."""


def find_check(name: str) -> Check | None:
    """The check of that code or name; None for an unknown one."""
    wanted = name.strip().lower()
    return next((c for c in EXPLAINED if wanted in (c.code.lower(), c.name)), None)
