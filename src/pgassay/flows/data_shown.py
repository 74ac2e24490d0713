"""What the rows showed, as reports have it."""

from __future__ import annotations

from typing import Any

from pgassay.facts.data_run import DataRun, RuleOutcome
from pgassay.facts.unavailable import Unavailable


def data_shown(run: DataRun | Unavailable | None) -> dict[str, Any] | None:
    """None where nobody asked."""
    if run is None:
        return None
    if isinstance(run, Unavailable):
        return {"unavailable": run.reason}
    return {
        "rules_from": run.path,
        "snapshot": run.snapshot,
        "taken_at": run.at,
        "seconds": run.seconds,
        "waited_for": list(run.waited_for),
        "rules": [_rule(outcome) for outcome in run.outcomes],
        "queries": [
            {"name": v.query.name, "value": v.value, "reason": v.reason, "sql": v.query.sql}
            for v in run.values
        ],
    }


def _rule(outcome: RuleOutcome) -> dict[str, Any]:
    return {
        "subject": outcome.rule.subject,
        "rule": outcome.rule.KIND,
        "status": outcome.ending,
        "failing": outcome.failing,
        "coverage": outcome.coverage,
        "reason": outcome.reason,
        "seconds": outcome.seconds,
    }
