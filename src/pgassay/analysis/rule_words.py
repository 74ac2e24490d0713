"""Rules and what broke them, in words."""

from __future__ import annotations

from typing import assert_never

from pgassay.facts.data_rule import (
    Balanced,
    Fits,
    InOrder,
    InRange,
    InTime,
    IsCurrency,
    Matches,
    MinorUnits,
    NoRows,
    NotNull,
    OneOf,
    References,
    RowRule,
    Total,
    Unique,
)
from pgassay.facts.data_run import RuleOutcome

_KEYS_SHOWN = 5
_VALUES_SHOWN = 6


def wrong(outcome: RuleOutcome) -> str:
    """`In 25 rows of public.transactions amount is not above 0`."""
    rule = outcome.rule
    number = f"{outcome.failing or 0:,}"
    several = "s" * (outcome.failing != 1)
    if isinstance(rule, NoRows):
        return f"{rule.name} gives {number} row{several}"
    table = ".".join(rule.table)
    if isinstance(rule, Balanced):
        each = " in each currency" if rule.currency else ""
        return (
            f"{number} journal{several} ({rule.journal}) of {table} do not sum to zero{each}"
            if several
            else f"1 journal ({rule.journal}) of {table} does not sum to zero{each}"
        )
    return f"In {number} row{several} of {table} {_broken(rule)}"


def _broken(rule: RowRule | Unique | References | Total) -> str:
    match rule:
        case NotNull():
            return f"{rule.column} is NULL"
        case InRange():
            return f"{rule.column} is not {_range(rule)}"
        case Fits():
            return f"{rule.column}, rounded, is no numeric({rule.precision},{rule.scale})"
        case OneOf():
            return f"{rule.column} is none of {_some(rule.values)}"
        case Matches():
            return f"{rule.column} does not match {rule.pattern}"
        case IsCurrency():
            return f"{rule.column} is no currency of ISO 4217"
        case MinorUnits():
            allowed = "the currency" if rule.decimals is None else str(rule.decimals)
            return f"{rule.column} has more decimals than {allowed}"
        case InTime():
            return f"{rule.column} is {_time(rule)}"
        case InOrder():
            return f"{' <= '.join(rule.together)} does not hold"
        case Unique():
            alike = f", but for {' and '.join(rule.alike)}" if rule.alike else ""
            return f"{' + '.join(rule.together)} is that of another row{alike}"
        case References():
            return f"{' + '.join(rule.together)} refers to no row of {'.'.join(rule.parent)}"
        case Total():
            return f"{rule.column} is not the sum of {'.'.join(rule.lines)}.{rule.line}"
    assert_never(rule)


def keys(outcome: RuleOutcome) -> str:
    """`id 4, 17, 23 and 22 more`; "" where none is known."""
    if not outcome.keys:
        return ""
    shown = [", ".join(key) if len(key) == 1 else f"({', '.join(key)})" for key in outcome.keys]
    more = (outcome.failing or len(shown)) - len(shown[:_KEYS_SHOWN])
    return f"{', '.join(outcome.key_columns)} {', '.join(shown[:_KEYS_SHOWN])}" + (
        f" and {more:,} more" if more > 0 else ""
    )


def money(outcome: RuleOutcome) -> str:
    """`amount 1250.00 USD, 33 JPY`; "" where no money is among them."""
    told: dict[str, list[str]] = {}
    for affected in outcome.affected:
        told.setdefault(affected.column, []).append(
            f"{affected.amount} {affected.currency}".rstrip()
        )
    return "; ".join(f"{column} {', '.join(sums)}" for column, sums in told.items())


def _range(rule: InRange) -> str:
    parts = []
    if rule.low:
        parts.append(f"{'above' if rule.above else 'at least'} {rule.low}")
    if rule.high:
        parts.append(f"{'below' if rule.below else 'at most'} {rule.high}")
    return " and ".join(parts)


def _time(rule: InTime) -> str:
    parts = [f"before {rule.earliest}"] if rule.earliest else []
    if rule.ahead_s is not None:
        parts.append("in the future")
    return " or ".join(parts)


def _some(values: tuple[str, ...]) -> str:
    more = len(values) - _VALUES_SHOWN
    return ", ".join(values[:_VALUES_SHOWN]) + (f" and {more} more" if more > 0 else "")
