"""The money of rows that are wrong: which columns are summed, exactly, for each currency."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from pgassay.analysis.money_names import says_currency
from pgassay.analysis.row_predicates import as_text, base_type, exact_numeric, not_finite
from pgassay.facts.catalog import Column

_SUMMED = ("numeric", "real", "double precision", "money")


@dataclass(frozen=True, slots=True)
class Amounts:
    """Money columns of a table, and its column of currencies, "" for none or several."""

    columns: tuple[str, ...] = ()
    currency: str = ""


def amounts_of(columns: Mapping[str, Column], money: Iterable[str]) -> Amounts:
    """`money` are the columns that are taken for money."""
    summed = tuple(c for c in money if c in columns and base_type(columns[c]) in _SUMMED)
    currencies = [name for name in columns if says_currency(name)]
    return Amounts(summed, currencies[0] if len(currencies) == 1 else "")


def amount(column: str, columns: Mapping[str, Column], major: int) -> str:
    """The exact value of a row of `t`; NULL for what is no finite number."""
    type_ = base_type(columns[column])
    value = exact_numeric(column, type_)
    strange = not_finite(column, type_, major)
    return f"CASE WHEN {strange} THEN NULL ELSE {value} END" if strange else value


def currency(amounts: Amounts, columns: Mapping[str, Column]) -> str:
    """The row's currency as text, '' for none."""
    if not amounts.currency:
        return "''"
    return f"coalesce({as_text(amounts.currency, base_type(columns[amounts.currency]))}::text, '')"
