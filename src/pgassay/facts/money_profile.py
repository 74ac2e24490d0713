"""What the values of a money column are, and what a conversion would make of them."""

from __future__ import annotations

from dataclasses import dataclass

from pgassay.facts.catalog import TableName


@dataclass(frozen=True, slots=True)
class CurrencyProfile:
    """The rows of one currency, "" where none is known. Amounts are exact, as PostgreSQL writes a
    numeric, None where there is no value.

    `residue`: more decimals than the currency has. `misfits`: finite, and too large for the wanted
    type once rounded. `changed`: would be another value after rounding, together by `change`.
    `naive`: would be yet another if a float were cast to numeric without going through text.
    """

    currency: str
    rows: int
    nulls: int
    negatives: int
    zeros: int
    nan: int
    infinities: int
    residue: int
    misfits: int
    changed: int
    naive: int
    minimum: str | None
    maximum: str | None
    total: str | None
    change: str | None


@dataclass(frozen=True, slots=True)
class ColumnProfile:
    """`wanted` is the numeric(precision, scale) that the policy has for it. `total` after the
    conversion is the sum of policy-rounded values: `total` + `change` of each currency."""

    table: TableName
    column: str
    type: str
    wanted: tuple[int, int]
    currencies: tuple[CurrencyProfile, ...] = ()

    @property
    def subject(self) -> str:
        return ".".join((*self.table, self.column))

    @property
    def undecided(self) -> int:
        """Values that no conversion can keep: NaN, infinities, misfits."""
        return sum(c.nan + c.infinities + c.misfits for c in self.currencies)
