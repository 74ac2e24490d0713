"""Whether the compliance queries still give what they gave before a restore, a migration or an
undo."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

from pgassay.facts.data_run import DataRun, QueryValue
from pgassay.facts.earlier_values import EarlierValue, EarlierValues
from pgassay.facts.unavailable import Unavailable


@dataclass(frozen=True, slots=True)
class ChangedValue:
    earlier: EarlierValue
    now: QueryValue


def changed_values(run: DataRun, earlier: EarlierValues) -> tuple[ChangedValue, ...]:
    """Numbers are compared as such: 1.50 is 1.5."""
    return tuple(
        ChangedValue(one, now)
        for one, now in _pairs(run, earlier)
        if now is not None and not _why_not(one, now) and not _same(one.value, now.value)
    )


def not_compared(run: DataRun, earlier: EarlierValues) -> tuple[Unavailable, ...]:
    """Of each query that was asked then and cannot be held against today's."""
    return tuple(
        Unavailable(f"query {one.name} as in {earlier.path}", why, "Ask it as it was asked then.")
        for one, now in _pairs(run, earlier)
        if (why := _why_not(one, now))
    )


def _pairs(run: DataRun, earlier: EarlierValues) -> list[tuple[EarlierValue, QueryValue | None]]:
    today = {value.query.name: value for value in run.values}
    return [(one, today.get(one.name)) for one in earlier.values]


def _why_not(one: EarlierValue, now: QueryValue | None) -> str:
    if now is None:
        return "It is not among the queries any more."
    if one.sql.split() != now.query.sql.split():
        return "It asks something else now."
    if one.reason:
        return f"It had no value then: {one.reason}."
    return f"It has no value now: {now.reason}." if now.reason else ""


def _same(one: str | None, other: str | None) -> bool:
    if one is None or other is None:
        return one is other
    try:
        return Decimal(one) == Decimal(other)
    except InvalidOperation:
        return one == other
