"""Which columns hold money, on what evidence, and what type the policy wants them to have."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from fnmatch import fnmatchcase

from pgassay.analysis.money_names import (
    Saying,
    is_of_rates,
    money_saying,
    money_table,
    says_currency,
)
from pgassay.analysis.money_revisions.marks import place_taken_by
from pgassay.facts.catalog import Catalog, Column
from pgassay.facts.location import Location
from pgassay.facts.money import MoneyColumn, MoneyType, Side
from pgassay.facts.settings import MoneySettings

SIDES: tuple[Side, ...] = ("models", "history", "live")

ColumnName = tuple[str, str, str]
"""(schema, table, column)"""

_NUMERIC = re.compile(r"numeric\((\d+),\s*(-?\d+)\)")
# As shown_type() writes it; format_type() never puts a space before a modifier.
_DOMAIN = re.compile(r".+ \((.+)\)")
_FLOATS = frozenset({"real", "double precision"})
_CENTS = 2


def element_type(type_: str) -> str:
    """A type without its array brackets."""
    return type_.rstrip("[]") if type_.endswith("[]") else type_


def shown_type(column: Column) -> str:
    """A column's type, with what a domain rests on: `public.eur (double precision)`.

    Brackets come last, whether the domain is of arrays or the array of domains.
    """
    if not column.base_type:
        return column.type
    base = element_type(column.base_type)
    brackets = column.base_type[len(base) :]
    return f"{element_type(column.type)} ({base}){brackets}"


def _judged(type_: str) -> str:
    """The element type that decides: a domain's is what it rests on."""
    element = element_type(type_)
    domain = _DOMAIN.fullmatch(element)
    return domain[1] if domain else element


def is_float(type_: str) -> bool:
    return _judged(type_) in _FLOATS


def is_money_type(type_: str) -> bool:
    return _judged(type_) == "money"


def is_bare_numeric(type_: str) -> bool:
    return _judged(type_) == "numeric"


def precision_of(type_: str) -> tuple[int, int] | None:
    """The precision and scale of a numeric that has them."""
    match = _NUMERIC.fullmatch(_judged(type_))
    return (int(match[1]), int(match[2])) if match else None


def can_be_judged(type_: str) -> bool:
    """Whether a type can be a wrong or right one for money; integers count minor units."""
    return (
        is_float(type_)
        or is_money_type(type_)
        or is_bare_numeric(type_)
        or precision_of(type_) is not None
    )


def matches(subject: str, pattern: str) -> bool:
    """Whether a shell pattern fits `schema.table.column` or its end."""
    return fnmatchcase(subject, pattern) or fnmatchcase(subject, f"*.{pattern}")


def required_precision(settings: MoneySettings, subject: str) -> tuple[int, int]:
    """The numeric(precision, scale) that the policy wants a column to have."""
    for entry in settings.policy:
        if entry.covers(subject):
            return (entry.precision, entry.scale)
    return (settings.precision, settings.scale)


def money_columns(
    settings: MoneySettings,
    sides: Mapping[Side, Catalog],
    locations: Callable[[Side, str, str, str], Location | None],
) -> tuple[MoneyColumn, ...]:
    """The columns taken for money, over all sides together, each with the reason.

    Not a partition's, which are as its parent's, nor a foreign table's, which another server keeps;
    nor an old column that another took the place of, until a contract revision drops it.
    """
    types: dict[ColumnName, dict[Side, str]] = {}
    for side in SIDES:
        if side in sides:
            tables = sides[side].tables
            passed = {t.table_name for t in tables if t.partition_of or t.foreign_server}
            for column in sides[side].columns:
                name = (column.schema, column.table, column.name)
                if column.table_name not in passed and not place_taken_by(column):
                    types.setdefault(name, {})[side] = shown_type(column)
    with_currency = {name[:2] for name in types if says_currency(name[2])}
    found = []
    for name, by_side in sorted(types.items()):
        if not any(can_be_judged(type_) for type_ in by_side.values()):
            continue
        why = _why(settings, name, by_side, has_currency=name[:2] in with_currency)
        if why:
            found.append(
                MoneyColumn(
                    *name,
                    why=why,
                    types=tuple(
                        MoneyType(side, type_, locations(side, *name))
                        for side, type_ in by_side.items()
                    ),
                )
            )
    return tuple(found)


def _why(
    settings: MoneySettings, name: ColumnName, types: Mapping[Side, str], *, has_currency: bool
) -> str:
    """The evidence for money, "" where there is not enough."""
    subject = ".".join(name)
    if any(matches(subject, pattern) for pattern in settings.not_money):
        return ""
    if any(matches(subject, pattern) for pattern in settings.columns):
        return "the configuration names it"
    if any(is_money_type(type_) for type_ in types.values()):
        return "its type is PostgreSQL's money"
    _, table, column = name
    saying = money_saying(column, table)
    if saying is None:
        return ""
    if saying.currency:
        return f"the name ends in the currency '{saying.word}'"
    if saying.certain:
        return f"the name says '{saying.word}'"
    support = _support(saying, table, types, has_currency=has_currency)
    return f"the name says '{saying.word}', {support}" if support else ""


def _support(saying: Saying, table: str, types: Mapping[Side, str], *, has_currency: bool) -> str:
    """What makes a word that is not enough by itself enough."""
    if has_currency and not is_of_rates(table):
        return "and a currency stands beside it"
    if saying.beside:
        return f"together with '{saying.beside}'"
    if money_table(table) and not is_of_rates(table):
        return f"in a table called '{table}'"
    # Where all sides agree on numeric(p,2) it tells nothing: a sensor's value looks the same.
    if any(is_float(type_) or is_bare_numeric(type_) for type_ in types.values()):
        for side, type_ in types.items():
            precision = precision_of(type_)
            if precision and precision[1] == _CENTS:
                return f"and it is {type_} in {_PLACE[side]}"
    return ""


_PLACE: dict[Side, str] = {
    "models": "the models",
    "history": "the history",
    "live": "the live database",
}
