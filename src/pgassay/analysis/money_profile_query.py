"""All money columns of a table profiled in one pass."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from pgassay.analysis.money_amounts import Amounts, amount, currency
from pgassay.analysis.row_predicates import base_type, decimals_of
from pgassay.analysis.sql_identifier import qualified, quoted
from pgassay.facts.catalog import Column, TableName
from pgassay.facts.money_profile import ColumnProfile, CurrencyProfile

PROFILED = ("numeric", "real", "double precision", "money")
_FIGURES = 13


def profile_query(
    table: TableName,
    wanted: Sequence[tuple[str, tuple[int, int]]],
    amounts: Amounts,
    columns: Mapping[str, Column],
    major: int,
) -> str:
    """`wanted` are the columns with the numeric(precision, scale) of each. One row a currency: it,
    the number of rows, and the figures of each column."""
    inner = [f"{currency(amounts, columns)} AS currency"]
    outer = ["currency", "count(*)"]
    for number, (column, (precision, scale)) in enumerate(wanted):
        raw, value = f"raw_{number}", f"value_{number}"
        inner += [f"t.{quoted(column)} AS {raw}", f"{amount(column, columns, major)} AS {value}"]
        type_ = base_type(columns[column])
        decimals = decimals_of("currency") if amounts.currency else str(scale)
        outer += _figures(raw, value, type_, (precision, scale), decimals, major)
    return (
        f"SELECT {', '.join(outer)} FROM (SELECT {', '.join(inner)} "
        f"FROM {qualified(*table)} t OFFSET 0) one GROUP BY currency ORDER BY currency"
    )


def column_profiles(
    table: TableName,
    wanted: Sequence[tuple[str, tuple[int, int]]],
    columns: Mapping[str, Column],
    rows: Sequence[Sequence[object]],
) -> tuple[ColumnProfile, ...]:
    """What the query's rows tell of each column."""
    found = []
    for number, (column, size) in enumerate(wanted):
        start = 2 + number * _FIGURES
        currencies = tuple(
            CurrencyProfile(row[0], row[1], *row[start : start + _FIGURES])  # type: ignore[arg-type]
            for row in rows
        )
        found.append(ColumnProfile(table, column, columns[column].type, size, currencies))
    return tuple(found)


def _figures(
    raw: str, value: str, type_: str, size: tuple[int, int], decimals: str, major: int
) -> list[str]:
    """In the order of `CurrencyProfile`."""
    precision, scale = size
    rounded = f"round({value}, {scale})"
    fits = f"abs({rounded}) < 1e{precision - scale}"
    is_float = type_ in ("real", "double precision")
    has_nan = is_float or type_ == "numeric"
    has_infinity = is_float or (type_ == "numeric" and major >= 14)
    return [
        _count(f"{raw} IS NULL"),
        _count(f"{value} < 0"),
        _count(f"{value} = 0"),
        _count(f"{raw} = 'NaN'") if has_nan else "0",
        _count(f"{raw} IN ('Infinity', '-Infinity')") if has_infinity else "0",
        _count(f"scale(trim_scale({value})) > {decimals}"),
        _count(f"NOT {fits}"),
        _count(f"{fits} AND {rounded} <> {value}"),
        _count(f"CASE WHEN {fits} THEN round({raw}::numeric, {scale}) <> {rounded} END")
        if is_float
        else "0",
        f"min({value})::text",
        f"max({value})::text",
        f"sum({value})::text",
        f"(sum({rounded} - {value}) FILTER (WHERE {fits}))::text",
    ]


def _count(condition: str) -> str:
    return f"count(*) FILTER (WHERE {condition})"
