"""How each money column comes to the type that the policy wants."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from pgassay.facts.money_profile import ColumnProfile
from pgassay.facts.unavailable import Unavailable

Way = Literal["kept", "widened", "in place", "beside", "by hand"]
"""kept: it has the type. widened: the change rewrites nothing. in place: one ALTER TABLE, since the
table is small. beside: a new column that is filled while others work, then takes the place.
by hand: an array, whose values are not profiled, and which nothing is written for."""


@dataclass(frozen=True, slots=True)
class Rounding:
    """One value that the conversion changes: its row's key, and the amounts as PostgreSQL writes
    them."""

    key: tuple[str, ...]
    currency: str
    was: str
    becomes: str


@dataclass(frozen=True, slots=True)
class ColumnPlan:
    """`bytes` is the table's size with its indexes. `refused` says why nothing is done before
    people decide, "" for no reason; `keys` are of the rows that they have to decide, by
    `key_columns`. `roundings` are the first of the values that are rounded, by key: the profile has
    their number, `roundings_sql` asks for all of them."""

    profile: ColumnProfile
    way: Way
    bytes: int
    refused: str = ""
    key_columns: tuple[str, ...] = ()
    keys: tuple[tuple[str, ...], ...] = ()
    roundings: tuple[Rounding, ...] = ()
    roundings_sql: str = ""

    @property
    def rounds(self) -> int:
        return sum(currency.changed for currency in self.profile.currencies)


@dataclass(frozen=True, slots=True)
class MoneyPlan:
    """All figures are of one snapshot, those of `keys` and `roundings` of one right after it.
    `left` are what earlier conversions left, for a contract revision to drop."""

    database: str
    columns: tuple[ColumnPlan, ...] = ()
    left: tuple[str, ...] = ()
    unavailable: tuple[Unavailable, ...] = ()

    @property
    def verdict(self) -> Literal["done", "open", "refused", "unknown"]:
        if self.unavailable:
            return "unknown"
        if any(column.refused for column in self.columns):
            return "refused"
        return "open" if any(c.way != "kept" for c in self.columns) else "done"
