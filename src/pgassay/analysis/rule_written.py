"""Rules as the file of rules writes them."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from pgassay.facts.data_rule import (
    Balanced,
    DataRule,
    Fits,
    InOrder,
    InRange,
    InTime,
    IsCurrency,
    MinorUnits,
    NotNull,
    OneOf,
    References,
    Total,
    Unique,
)


def bare(rule: DataRule) -> DataRule:
    """What it asks, whoever wrote it where."""
    return replace(rule, severity="", location=None, reason="")


def written(rule: DataRule) -> Any:
    """What stands behind its kind: a word, a list or a mapping."""
    match rule:
        case NotNull() | IsCurrency():
            return rule.column
        case InRange():
            low, high = "above" if rule.above else "min", "below" if rule.below else "max"
            return {"column": rule.column, low: rule.low, high: rule.high}
        case Fits():
            return {"column": rule.column, "precision": rule.precision, "scale": rule.scale}
        case OneOf():
            return {"column": rule.column, "values": list(rule.values)}
        case MinorUnits():
            if rule.decimals is not None:
                return {"column": rule.column, "decimals": rule.decimals}
            return {"column": rule.column, "currency": rule.currency}
        case InTime():
            if rule.ahead_s is None:
                return {"column": rule.column, "ahead_s": "none"}
            return rule.column
        case InOrder():
            return list(rule.together)
        case Unique():
            return {"columns": list(rule.together), "alike": list(rule.alike)}
        case References():
            return {
                "columns": list(rule.together),
                "parent": ".".join(rule.parent),
                "key": list(rule.key),
            }
        case Total():
            return {
                "column": rule.column,
                "lines": ".".join(rule.lines),
                "line": rule.line,
                "by": rule.by,
                "key": rule.key,
            }
        case Balanced():
            return {
                "column": rule.column,
                "minus": rule.minus,
                "journal": rule.journal,
                "currency": rule.currency,
            }
    raise NotImplementedError(rule.KIND)
