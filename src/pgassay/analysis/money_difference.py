"""By how much sums of money differ."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal, localcontext

from pgassay.facts.data_diff import MoneyDifference

MoneySums = Mapping[tuple[str, str | None], Decimal]
"""By column and currency; None where a row names none, or its table does not."""

_DIGITS = 200_000  # PostgreSQL's numeric has no more.


def money_differences(a: MoneySums, b: MoneySums) -> tuple[MoneyDifference, ...]:
    """What b has more than a. A currency that one side lacks sums up to 0 there."""
    found = []
    for key in sorted(a.keys() | b.keys(), key=lambda one: (one[0], one[1] or "")):
        ours, theirs = a.get(key, Decimal(0)), b.get(key, Decimal(0))
        if not ours.is_finite() or not theirs.is_finite():
            # NaN on both sides hides what else there is.
            found.append(MoneyDifference(*key, None))
            continue
        with localcontext() as context:
            context.prec = _DIGITS
            if difference := theirs - ours:
                found.append(MoneyDifference(*key, f"{difference:f}"))
    return tuple(found)
