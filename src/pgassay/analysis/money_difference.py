"""By how much sums of money differ."""

from __future__ import annotations

from decimal import Decimal, localcontext

from pgassay.facts.data_diff import MoneyDifference
from pgassay.facts.table_digest import TableDigest

_Sums = dict[tuple[str, str | None, bool], str]


def money_differences(a: TableDigest, b: TableDigest) -> tuple[MoneyDifference, ...]:
    """Each column's difference by currency, where both were read by currency, or else over all
    rows. A currency that one side lacks sums up to 0 there."""
    ours, theirs = _sums(a), _sums(b)
    by_currency = {key[0] for key in ours if key[2]} & {key[0] for key in theirs if key[2]}
    found = []
    for key in sorted(ours.keys() | theirs.keys(), key=lambda k: (k[0], k[1] or "")):
        column, currency, split = key
        first, second = ours.get(key, "0"), theirs.get(key, "0")
        if split == (column in by_currency) and Decimal(first) != Decimal(second):
            found.append(MoneyDifference(column, currency, first, second, _less(second, first)))
    return tuple(found)


def _sums(digest: TableDigest) -> _Sums:
    return {
        (one.column, one.currency, one.currency_column is not None): one.total or "0"
        for one in digest.money
    }


def _less(second: str, first: str) -> str | None:
    left, right = Decimal(second), Decimal(first)
    if not left.is_finite() or not right.is_finite():
        return None
    with localcontext() as context:
        context.prec = max(len(second), len(first)) + 2
        return f"{left - right:f}"
