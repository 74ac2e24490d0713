"""Rules on single rows, as the SQL condition that is true of a row that breaks one."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from itertools import combinations
from typing import assert_never

from pgassay.analysis.currencies import MINOR_UNITS
from pgassay.analysis.sql_identifier import literal, quoted
from pgassay.facts.catalog import Column
from pgassay.facts.data_rule import (
    Fits,
    InOrder,
    InRange,
    InTime,
    IsCurrency,
    Matches,
    MinorUnits,
    NotNull,
    OneOf,
    RowRule,
)

_FLOATS = ("real", "double precision")
_TEXTS = ("text", "character", "name")


class Unfit(Exception):
    """The rule cannot be asked of these columns; the message says why."""


def violated(
    rule: RowRule,
    columns: Mapping[str, Column],
    major: int,
    common: Mapping[str, Sequence[str]] | None = None,
) -> str:
    """The condition, over the table as `t`; NULL counts as false. `major` is the server's.
    `common` are values that many rows have, by column: a costly condition is asked of them once.

    Raises Unfit.
    """
    types = {name: base_type(columns[name]) for name in rule.columns}
    match rule:
        case NotNull():
            return f"{_of(rule.column)} IS NULL"
        case InRange():
            return _outside(rule, types[rule.column], major)
        case Fits():
            return _misfit(rule, types[rule.column], major)
        case OneOf():
            return f"{as_text(rule.column, types[rule.column])} NOT IN ({_listed(rule.values)})"
        case Matches():
            return _no_match(rule, types[rule.column], (common or {}).get(rule.column, ()))
        case IsCurrency():
            return f"{as_text(rule.column, types[rule.column])} NOT IN ({_listed(MINOR_UNITS)})"
        case MinorUnits():
            return _too_fine(rule, columns, types[rule.column])
        case InTime():
            return _out_of_time(rule, types[rule.column])
        case InOrder():
            pairs = combinations(rule.together, 2)
            return " OR ".join(f"{_of(early)} > {_of(late)}" for early, late in pairs)
    assert_never(rule)


def base_type(column: Column) -> str:
    """Without its modifiers, and what a domain rests on: `numeric`, `timestamp with time zone`."""
    written = column.base_type or column.type
    before, opening, after = written.partition("(")
    return (before.rstrip() + after.partition(")")[2]) if opening else written


def exact_numeric(column: str, type_: str) -> str:
    """The column as numeric, with the digits it shows: 123456.78::real::numeric is 123457."""
    if type_ in _FLOATS:
        return f"{_of(column)}::text::numeric"
    return f"{_of(column)}::numeric" if type_ == "money" else _of(column)


def as_text(column: str, type_: str) -> str:
    # char(n) compares without the blanks that fill it up.
    is_text = type_.startswith(_TEXTS)
    return _of(column) if is_text else f"{_of(column)}::text"


def not_finite(column: str, type_: str, major: int) -> str:
    """The values that are no number one can count with; "" where the type has none."""
    if type_ in _FLOATS or (type_ == "numeric" and major >= 14):
        return f"{_of(column)} IN ('NaN', 'Infinity', '-Infinity')"
    return f"{_of(column)} = 'NaN'" if type_ == "numeric" else ""


def _of(column: str) -> str:
    return f"t.{quoted(column)}"


def _listed(values: Iterable[str]) -> str:
    return ", ".join(literal(value) for value in values)


def _no_match(rule: Matches, type_: str, common: Sequence[str]) -> str:
    value, pattern = as_text(rule.column, type_), literal(rule.pattern)
    if not common:
        return f"{value} !~ {pattern}"
    # Of 2 M currencies four are different: 0.45 s became 0.17 s.
    matching = f"SELECT v FROM unnest(ARRAY[{_listed(common)}]) v WHERE v ~ {pattern}"
    return f'({value} COLLATE "C" <> ALL (ARRAY({matching})) AND {value} !~ {pattern})'


def _outside(rule: InRange, type_: str, major: int) -> str:
    place = _of(rule.column)
    # NaN is above all numbers, and infinity below it only: a bound on that side keeps both out.
    parts = []
    if type_ in _FLOATS or type_ == "numeric":
        is_exact = type_ == "numeric" and major < 14
        if not rule.high:
            parts.append(f"{place} = 'NaN'" if is_exact else f"{place} >= 'Infinity'")
        if not rule.low and not is_exact:
            parts.append(f"{place} = '-Infinity'")
    if rule.low:
        sign = "<=" if rule.above else "<"
        parts.append(f"{place} {sign} CAST({literal(rule.low)} AS {type_})")
    if rule.high:
        sign = ">=" if rule.below else ">"
        parts.append(f"{place} {sign} CAST({literal(rule.high)} AS {type_})")
    return " OR ".join(parts)


def too_large(column: str, type_: str, precision: int, scale: int) -> str:
    """Rounding comes first: 9999999999.995 does not fit numeric(12,2)."""
    return f"abs(round({exact_numeric(column, type_)}, {scale})) >= 1e{precision - scale}"


def _misfit(rule: Fits, type_: str, major: int) -> str:
    large = too_large(rule.column, type_, rule.precision, rule.scale)
    strange = not_finite(rule.column, type_, major)
    return f"CASE WHEN {strange} THEN true ELSE {large} END" if strange else large


def _too_fine(rule: MinorUnits, columns: Mapping[str, Column], type_: str) -> str:
    if type_ not in (*_FLOATS, "numeric"):
        raise Unfit(f"{rule.subject} is {type_}, which has no decimals to look at")
    value = exact_numeric(rule.column, type_)
    if rule.decimals is not None:
        allowed = str(rule.decimals)
    elif rule.currency in columns:
        allowed = decimals_of(as_text(rule.currency, base_type(columns[rule.currency])))
    elif rule.currency in MINOR_UNITS:
        allowed = str(MINOR_UNITS[rule.currency])
    else:
        raise Unfit(f"{rule.currency} is neither a column of the table nor a code of ISO 4217")
    # scale() of NaN and of infinities is NULL: they have a rule of their own.
    return f"scale(trim_scale({value})) > {allowed}"


def decimals_of(code: str) -> str:
    """How many the currency has that the SQL `code` gives; NULL for none that is known."""
    by_decimals: dict[int, list[str]] = defaultdict(list)
    for currency, decimals in MINOR_UNITS.items():
        by_decimals[decimals].append(currency)
    whens = (
        f"WHEN {code} IN ({_listed(codes)}) THEN {decimals}"
        for decimals, codes in by_decimals.items()
    )
    return f"CASE {' '.join(whens)} END"


def _out_of_time(rule: InTime, type_: str) -> str:
    place = _of(rule.column)
    parts = [f"{place} < CAST({literal(rule.earliest)} AS {type_})"] if rule.earliest else []
    if rule.ahead_s is not None:
        # In the time zone of a reader nobody knows; `ahead_s` leaves room for it.
        parts.append(f"{place} > CAST(now() + interval '{rule.ahead_s:g} seconds' AS {type_})")
    if not parts:
        raise Unfit(f"{rule.subject} has neither an earliest time nor an end")
    return " OR ".join(parts)
