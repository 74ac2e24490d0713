"""Counting the rows that break a rule, and keeping the keys of the first of them."""

from __future__ import annotations

import hmac
import secrets
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from decimal import Decimal, localcontext

from pgassay.facts.data_run import Affected

_TOKEN_LETTERS = 12


@dataclass(slots=True)
class FailingRows:
    """`hidden` are the places of a key whose values become tokens: equal ones the same token, in
    one run."""

    keys_kept: int
    amounts: Sequence[str]
    hidden: Collection[int] = ()
    secret: bytes = field(default_factory=lambda: secrets.token_bytes(32), repr=False)
    count: int = 0
    keys: list[tuple[str, ...]] = field(default_factory=list)
    sums: dict[tuple[str, str], Decimal] = field(default_factory=dict)

    @property
    def room(self) -> int:
        """How many keys more are kept."""
        return self.keys_kept - len(self.keys)

    def keep(self, key: Sequence[str | None]) -> None:
        """One that is counted elsewhere; the same again right after it is the same."""
        shown = tuple(self.shown(place, value) for place, value in enumerate(key))
        if self.room and shown not in self.keys[-1:]:
            self.keys.append(shown)

    def add(self, count: int, currency: str, amounts: Sequence[str | None]) -> None:
        self.count += count
        for column, value in zip(self.amounts, amounts, strict=True):
            if value is not None:
                with localcontext() as exact:
                    # A numeric has at most 131,072 digits before the point and 16,383 after it.
                    exact.prec = 150_000
                    before = self.sums.get((column, currency), Decimal(0))
                    self.sums[column, currency] = before + Decimal(value)

    def affected(self, judged: Collection[str]) -> tuple[Affected, ...]:
        """Where money itself is `judged`, only that; else all money of the rows."""
        told = [column for column in self.amounts if column in judged] or self.amounts
        return tuple(
            Affected(column, currency, _plain(f"{amount:f}"))
            for (column, currency), amount in sorted(self.sums.items())
            if column in told
        )

    def shown(self, place: int, value: str | None) -> str:
        if value is None:
            return "NULL"
        if place not in self.hidden:
            return value
        token = hmac.new(self.secret, value.encode(), "sha256").hexdigest()
        return f"hmac:{token[:_TOKEN_LETTERS]}"


def _plain(amount: str) -> str:
    """Without the zeros that only the column's scale brings."""
    return amount.rstrip("0").rstrip(".") if "." in amount else amount
