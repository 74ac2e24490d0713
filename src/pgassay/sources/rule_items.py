"""A list of rules of one table, whoever carries it: the file of rules, or a model."""

from __future__ import annotations

from collections.abc import Iterator
from difflib import get_close_matches
from typing import Any, get_args

import yaml

from pgassay.facts.catalog import TableName
from pgassay.facts.data_rule import DataRule, Grave
from pgassay.sources.rule_kinds import KINDS
from pgassay.sources.rule_nodes import Mistakes, RuleNode, entries, text

BESIDE = ("severity", "reason", "confidence")
"""What may stand beside a rule's kind."""


def rules_of_table(table: TableName, node: yaml.Node, mistakes: Mistakes) -> Iterator[DataRule]:
    if not isinstance(node, yaml.SequenceNode):
        mistakes.add(node, f"the rules of {'.'.join(table)} are a list: `- not_null: column`")
        return
    for item in node.value:
        said = list(entries(item, mistakes, "a rule"))
        kinds = [entry for entry in said if entry[0] not in BESIDE]
        if len(kinds) != 1:
            told = " and ".join(repr(kind) for kind, _, _ in kinds) or "none"
            mistakes.add(item, f"a rule is of one kind, such as `not_null: column`; here: {told}")
            continue
        kind, place, value = kinds[0]
        make = KINDS.get(kind)
        if make is None:
            near = get_close_matches(kind, KINDS, 1)
            hint = f"did you mean {near[0]}?" if near else f"there are {', '.join(KINDS)}"
            mistakes.add(place, f"there is no rule {kind!r} ({hint})")
            continue
        common = common_fields(said, table, place, mistakes)
        made = RuleNode(mistakes, value, kind)
        before = len(mistakes.found)
        found = make(made, common)
        if len(mistakes.found) == before:
            yield from found


def common_fields(
    said: list[tuple[str, yaml.Node, yaml.Node]],
    table: TableName,
    place: yaml.Node,
    mistakes: Mistakes,
) -> dict[str, Any]:
    """What every rule has."""
    found: dict[str, Any] = {"table": table, "location": mistakes.location(place)}
    for name, _, node in said:
        if name in ("severity", "reason"):
            found[name] = text(node, mistakes, name)
        if name == "severity" and found[name] not in get_args(Grave)[1:]:
            mistakes.add(node, f"severity is blocker, warning or info, not {found[name]!r}")
    return found
