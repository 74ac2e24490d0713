"""What a difference between the live database, the history and the models means."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Literal

from pgassay.analysis.drift_consequence import consequence
from pgassay.analysis.repeatable_change import pending_cannot_change
from pgassay.analysis.type_change import keeps_every_value
from pgassay.facts.assay import Assay
from pgassay.facts.catalog import Catalog, Column, Enum
from pgassay.facts.comparison import PRESENT, Comparison, Difference
from pgassay.facts.models import Models
from pgassay.findings import Severity

Case = Literal[
    "pending-will-collide",
    "not-applied",
    "never-written-down",
    "models-ahead",
    "models-behind",
]


def drift(assay: Assay) -> tuple[Difference, ...]:
    """The differences between those of live, applied, history and models that are there."""
    if isinstance(assay.comparison, Comparison):
        return assay.comparison.differences
    models = assay.models.catalog if isinstance(assay.models, Models) else None
    sides = (assay.live, assay.applied, assay.history, models)
    if assay.comparison is None and sum(isinstance(s, Catalog) for s in sides) > 1:
        raise ValueError("the sides were not compared")
    return ()


def presence_case(difference: Difference) -> Case | None:
    """The one case that a presence difference is. None: it is what pending revisions are for.

    A side that was not had, or not asked about, is neither present nor absent, and decides nothing.
    """
    there = {side: value == PRESENT for side, value in difference.values}
    live, applied = there.get("live"), there.get("applied")
    history, models = there.get("history"), there.get("models")
    if live is not None and applied is not None and live != applied and live == history:
        # The pending revision creates what is there, or drops what is gone.
        return "pending-will-collide"
    if live is False and applied is True:
        return "not-applied"
    if live is True and history is False and applied is not True:
        return "never-written-down"
    if history is False and models is True:
        return "models-ahead"
    if history is True and models is False:
        return "models-behind"
    return None


def cases(assay: Assay, case: Case) -> Iterator[Difference]:
    """The presence differences that are that case."""
    for difference in drift(assay):
        if difference.property == "presence" and presence_case(difference) == case:
            yield difference


def live_differs(difference: Difference) -> bool:
    """Whether live is not what the revisions it says it has would have made it."""
    return _differ(dict(difference.values), "live", "applied")


def models_differ(difference: Difference) -> bool:
    """Whether the models are not what the history will have made."""
    return _differ(dict(difference.values), "models", "history")


def _differ(values: Mapping[str, str], one: str, other: str) -> bool:
    return one in values and other in values and values[one] != values[other]


def property_severity(difference: Difference) -> Severity | None:
    """How bad it is that a property differs. None: only pending revisions make the difference.

    By consequence; but models that differ change nothing by themselves, so they only warn, except
    where the application would write or read other values than the database keeps.
    """
    by_live, by_models = live_differs(difference), models_differ(difference)
    if not by_live and not by_models:
        return None
    if difference.property == "populated" and dict(difference.values).get("live") == "yes":
        return None  # somebody refreshed it, as is meant
    severity = consequence(difference).severity
    if pending_cannot_change(difference):
        return Severity.BLOCKER  # `alembic upgrade` stops there, however little differs
    if severity is Severity.INFO:
        return severity
    if by_live:
        severity = _live_severity(difference, severity)
        if severity is Severity.BLOCKER or not by_models:
            return severity
    values = dict(difference.values)
    if difference.property == "labels":
        return _labels_severity(difference)
    if by_models and difference.property in ("type", "base_type", "base type"):
        kept = keeps_every_value(values["history"], values["models"])
        return Severity.WARNING if kept else Severity.BLOCKER
    return Severity.WARNING


def missing_labels(difference: Difference, side: str, other: str) -> tuple[str, ...]:
    """The enum labels that `side` lacks and `other` has, in its order."""
    objects = dict(difference.objects)
    one, two = objects.get(side), objects.get(other)
    if not isinstance(one, Enum) or not isinstance(two, Enum):
        return ()
    return tuple(label for label in two.labels if label not in one.labels)


def _labels_severity(difference: Difference) -> Severity:
    """Of models whose labels differ from the history's, or stand in another order."""
    if missing_labels(difference, "history", "models"):
        return Severity.BLOCKER  # writing the label fails
    if missing_labels(difference, "models", "history"):
        return Severity.WARNING
    return Severity.INFO


def _live_severity(difference: Difference, severity: Severity) -> Severity:
    """Of a live database that differs from what its revisions made."""
    values = dict(difference.values)
    if difference.property == "labels":
        return severity  # also where they are pending: adding a label that is there fails
    if values["live"] == values.get("history"):
        return Severity.WARNING  # the pending revision has nothing left to do
    if difference.property in _BETTER_YES and values["live"] == "yes":
        return Severity.WARNING  # live is stricter than the history
    on_live = dict(difference.objects).get("live")
    if difference.property == "default" and isinstance(on_live, Column) and on_live.default:
        return Severity.WARNING  # the inserts that name no value still pass
    return severity


_BETTER_YES = {"validated", "not_null_valid", "valid", "index_valid", "enabled", "populated"}


_LABELS = {"live": "live", "applied": "history", "history": "history", "models": "models"}


_NEVER_MODELLED = {"schema", "extension"}


def who_says(difference: Difference) -> str:
    """Who agrees with whom, such as `live = history: numeric(12,2); models: double precision`.

    Models only name schemas, and use what extensions bring; that scratch has them for the models
    is not the models' word.
    """
    values = difference.values
    if difference.kind in _NEVER_MODELLED:
        values = tuple((side, value) for side, value in values if side != "models")
    known = dict(values)
    labels = dict(_LABELS)
    if _differ(known, "applied", "history"):
        labels["applied"] = "history up to live's stamp"
        labels["history"] = "history up to its heads"
    groups: dict[str, dict[str, None]] = {}
    for side, value in values:
        groups.setdefault(value, {})[labels.get(side, side)] = None
    return "; ".join(f"{' = '.join(names)}: {value}" for value, names in groups.items())
