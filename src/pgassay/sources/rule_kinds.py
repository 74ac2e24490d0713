"""The kinds of rules, as the file of rules writes them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, get_args

import yaml

from pgassay.facts.catalog import TableName
from pgassay.facts.data_rule import (
    Alike,
    Balanced,
    DataRule,
    Fits,
    InOrder,
    InRange,
    InTime,
    IsCurrency,
    Matches,
    MinorUnits,
    NotNull,
    OneOf,
    References,
    Total,
    Unique,
)
from pgassay.sources.rule_nodes import RuleNode


def _not_null(made: RuleNode, common: Mapping[str, Any]) -> list[DataRule]:
    return [NotNull(**common, column=column) for column in made.words()]


def _range(made: RuleNode, common: Mapping[str, Any]) -> list[DataRule]:
    given = made.fields(("column",), ("min", "max", "above", "below"))
    low, high = given.get("above", given.get("min", "")), given.get("below", given.get("max", ""))
    if given and not low and not high:
        made.mistakes.add(made.node, "range wants a min, max, above or below")
    for one, other in (("min", "above"), ("max", "below")):
        if one in given and other in given:
            made.mistakes.add(made.node, f"range has {one} and {other}: which of them?")
    return [
        InRange(
            **common,
            column=given.get("column", ""),
            low=low,
            high=high,
            above="above" in given,
            below="below" in given,
        )
    ]


def _fits(made: RuleNode, common: Mapping[str, Any]) -> list[DataRule]:
    given = made.fields(("column", "precision", "scale"))
    sizes = [given.get(name, "") for name in ("precision", "scale")]
    if given and not all(str(size).isdecimal() for size in sizes):
        made.mistakes.add(made.node, "fits: precision and scale are whole numbers")
        return []
    precision, scale = (int(size) for size in sizes) if given else (0, 0)
    return [Fits(**common, column=given.get("column", ""), precision=precision, scale=scale)]


def _one_of(made: RuleNode, common: Mapping[str, Any]) -> list[DataRule]:
    given = made.fields(("column", "values"))
    values = given.get("values") or ()
    values = values if isinstance(values, tuple) else (values,)
    if given and not values:
        made.mistakes.add(made.node, "one_of wants at least one value")
    return [OneOf(**common, column=given.get("column", ""), values=values)]


def _matches(made: RuleNode, common: Mapping[str, Any]) -> list[DataRule]:
    return [Matches(**common, **sure(made.fields(("column", "pattern")), "column", "pattern"))]


def _currency(made: RuleNode, common: Mapping[str, Any]) -> list[DataRule]:
    return [IsCurrency(**common, column=made.word())]


def _minor_units(made: RuleNode, common: Mapping[str, Any]) -> list[DataRule]:
    given = made.fields(("column",), ("currency", "decimals"))
    column, decimals = given.get("column", ""), str(given.get("decimals", ""))
    if given and ("currency" in given) == ("decimals" in given):
        made.mistakes.add(made.node, "minor_units wants a currency, or decimals")
    elif decimals and not decimals.isdecimal():
        made.mistakes.add(made.node, "minor_units: decimals is a whole number")
    elif decimals:
        return [MinorUnits(**common, column=column, decimals=int(decimals))]
    return [MinorUnits(**common, column=column, currency=given.get("currency", ""))]


def _in_time(made: RuleNode, common: Mapping[str, Any]) -> list[DataRule]:
    if isinstance(made.node, yaml.ScalarNode):
        return [InTime(**common, column=made.word())]
    given = made.fields(("column",), ("earliest", "ahead_s"))
    ahead: float | None = InTime.AHEAD_S
    if "ahead_s" in given:
        try:
            ahead = None if given["ahead_s"] == "none" else float(given["ahead_s"])
        except ValueError:
            made.mistakes.add(made.node, "in_time: ahead_s is a number of seconds, or none")
    earliest = given.get("earliest", InTime.EARLIEST)
    return [InTime(**common, column=given.get("column", ""), earliest=earliest, ahead_s=ahead)]


def _in_order(made: RuleNode, common: Mapping[str, Any]) -> list[DataRule]:
    words = made.words()
    if len(words) < 2:
        made.mistakes.add(made.node, "in_order wants two columns or more: [created_at, updated_at]")
    return [InOrder(**common, together=words)]


def _unique(made: RuleNode, common: Mapping[str, Any]) -> list[DataRule]:
    if not isinstance(made.node, yaml.MappingNode):
        return [Unique(**common, together=made.words())]
    given = made.fields(("columns",), ("alike",))
    alike = several(given.get("alike", ()))
    for word in alike:
        if word not in get_args(Alike):
            made.mistakes.add(made.node, f"unique: alike is of case and blanks, not {word!r}")
    return [Unique(**common, together=several(given.get("columns", ())), alike=alike)]


def _references(made: RuleNode, common: Mapping[str, Any]) -> list[DataRule]:
    given = made.fields(("columns", "parent", "key"))
    ours, key = several(given.get("columns", ())), several(given.get("key", ()))
    if given and len(ours) != len(key):
        made.mistakes.add(made.node, f"references: {len(ours)} columns, and {len(key)} of the key")
    parent = table_name(given.get("parent", ""))
    return [References(**common, together=ours, parent=parent, key=key)]


def _total(made: RuleNode, common: Mapping[str, Any]) -> list[DataRule]:
    names = ("column", "lines", "line", "by", "key")
    given = sure(made.fields(names), *names)
    return [Total(**common, **{**given, "lines": table_name(given["lines"])})]


def _balanced(made: RuleNode, common: Mapping[str, Any]) -> list[DataRule]:
    names = ("column", "journal", "minus", "currency")
    return [Balanced(**common, **sure(made.fields(names[:2], names[2:]), *names))]


KINDS: dict[str, Callable[[RuleNode, Mapping[str, Any]], list[DataRule]]] = {
    NotNull.KIND: _not_null,
    InRange.KIND: _range,
    Fits.KIND: _fits,
    OneOf.KIND: _one_of,
    Matches.KIND: _matches,
    IsCurrency.KIND: _currency,
    MinorUnits.KIND: _minor_units,
    InTime.KIND: _in_time,
    InOrder.KIND: _in_order,
    Unique.KIND: _unique,
    References.KIND: _references,
    Total.KIND: _total,
    Balanced.KIND: _balanced,
}


def sure(given: dict[str, Any], *names: str) -> dict[str, Any]:
    """Each name with a word; "" for one that is not there."""
    return {name: "".join(several(given.get(name, ()))[:1]) for name in names}


def several(value: Any) -> tuple[Any, ...]:
    return value if isinstance(value, tuple) else (value,)


def table_name(written: str) -> TableName:
    schema, dot, name = written.partition(".")
    return (schema, name) if dot else ("public", schema)
