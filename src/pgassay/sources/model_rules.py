"""Reads the rules that models carry in `info`, by the same parser as the file of rules."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from typing import Any

import yaml

from pgassay.facts.data_rule import DataRule
from pgassay.facts.location import Location
from pgassay.facts.model_rules import CarriedRules
from pgassay.sources.rule_items import BESIDE, rules_of_table
from pgassay.sources.rule_kinds import KINDS
from pgassay.sources.rule_nodes import Mistakes

_BARE = ("not_null", "currency")
_OF_SEVERAL = ("unique", "references")
_EXAMPLE = '{"range": {"min": 0}} or {"not_null": True}'


class BadModelRules(Exception):
    """What the models carry cannot be used; the message names every mistake with its place."""


def read_model_rules(
    carried: Iterable[CarriedRules], place_of: Callable[[CarriedRules], Location | None]
) -> tuple[DataRule, ...]:
    """`place_of` tells where a column or table is written. Raises BadModelRules."""
    rules: list[DataRule] = []
    told: list[str] = []
    for one in carried:
        reading = _Reading(one, place_of(one))
        rules += reading.rules()
        told += reading.mistakes.lines
    if told:
        raise BadModelRules("\n".join(["Rules in the models' info cannot be used:", *told]))
    return tuple(rules)


class _Mistaken(Exception):
    """What is wrong with one rule."""


class _Reading:
    """Of one column's or table's info. All of it stands at one place."""

    def __init__(self, carried: CarriedRules, place: Location | None) -> None:
        self._carried = carried
        of = ".".join((*carried.table, carried.column)).removesuffix(".")
        path, line = (place.path, place.line or 1) if place else ("", 1)
        self.mistakes = Mistakes(path, of)
        self._mark = yaml.Mark(path, 0, line - 1, 0, None, 0)

    def rules(self) -> list[DataRule]:
        """Those that have no mistake."""
        if self._carried.wrong:
            self._add(f"its info is no JSON: {self._carried.wrong}")
            return []
        value = json.loads(self._carried.value)
        items = []
        for item in value if isinstance(value, list) else [value]:
            try:
                items.append(self._as_in_file(item))
            except _Mistaken as mistaken:
                self._add(str(mistaken))
        return list(rules_of_table(self._carried.table, self._node(items), self.mistakes))

    def _as_in_file(self, item: Any) -> Any:
        kinds = [key for key in item if key not in BESIDE] if isinstance(item, dict) else []
        if len(kinds) != 1:
            raise _Mistaken(f"a rule is a mapping of one kind, such as {_EXAMPLE}; here: {item!r}")
        (kind,) = kinds
        if kind not in KINDS:
            return item
        if self._carried.column:
            return {**item, kind: self._with_column(kind, item[kind])}
        if isinstance(item[kind], bool):
            raise _Mistaken(f"{kind}: of which column? The rules of a table name theirs")
        return item

    def _with_column(self, kind: str, value: Any) -> Any:
        """What the file has behind this kind: the same, with the column that it is of."""
        name = "columns" if kind in _OF_SEVERAL else "column"
        said = {} if value is True else value
        if kind == "in_order":
            raise _Mistaken("in_order is of several columns: write it in the info of the table")
        if not isinstance(said, dict):
            raise _Mistaken(f"{kind} has a mapping, or True where it says no more: {_EXAMPLE}")
        if name in said:
            raise _Mistaken(f"{kind} is of the column that it stands at: leave {name} out")
        if kind not in _BARE:
            return {name: self._carried.column, **said}
        if said:
            raise _Mistaken(f'{kind} says no more than that: {{"{kind}": True}}')
        return self._carried.column

    def _add(self, message: str) -> None:
        self.mistakes.add(self._node(""), message)

    def _node(self, value: Any) -> yaml.Node:
        """The value as it would be in YAML."""
        if isinstance(value, dict):
            pairs = [(self._node(key), self._node(item)) for key, item in value.items()]
            return yaml.MappingNode("", pairs, self._mark, self._mark)
        if isinstance(value, list):
            return yaml.SequenceNode("", [self._node(v) for v in value], self._mark, self._mark)
        if value is None:
            self._add("None is no value of a rule: leave it out")
        text = value if isinstance(value, str) else json.dumps(value)
        return yaml.ScalarNode("", text, self._mark, self._mark)
