"""Rules as the file of rules writes them."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, TypeVar, assert_never

from pgassay.facts.data_rule import (
    Balanced,
    Fits,
    GroupRule,
    InOrder,
    InRange,
    InTime,
    IsCurrency,
    Matches,
    MinorUnits,
    NotNull,
    OneOf,
    References,
    RowRule,
    Rule,
    Total,
    Unique,
)

Kind = TypeVar("Kind", bound=Rule)


def bare(rule: Kind) -> Kind:
    """What it asks, whoever wrote it where."""
    return replace(rule, severity="", location=None, reason="")


def written(rule: RowRule | GroupRule) -> Any:
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
        case Matches():
            return {"column": rule.column, "pattern": rule.pattern}
        case MinorUnits():
            if rule.decimals is not None:
                return {"column": rule.column, "decimals": rule.decimals}
            return {"column": rule.column, "currency": rule.currency}
        case InTime():
            if (rule.earliest, rule.ahead_s) == (InTime.EARLIEST, InTime.AHEAD_S):
                return rule.column
            ahead = "none" if rule.ahead_s is None else rule.ahead_s
            return {"column": rule.column, "earliest": rule.earliest, "ahead_s": ahead}
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
    assert_never(rule)
