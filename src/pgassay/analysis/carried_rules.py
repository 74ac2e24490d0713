"""Reading what the probe's child said of rules that the models carry: events -> facts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from pgassay.facts.model_rules import CarriedRules, ModelRules


def rules_from_events(events: Sequence[Mapping[str, Any]]) -> ModelRules | None:
    """None where the models were not reached. A table without a schema is in public, as in the
    file of rules."""
    said = next((e for e in events if e["event"] == "rules"), None)
    if said is None:
        return None
    return ModelRules(
        tuple(
            CarriedRules((c["schema"] or "public", c["table"]), c["column"], c["value"], c["wrong"])
            for c in said["carried"]
        ),
        frozenset((schema or "public", name) for schema, name in said["tables"]),
    )
