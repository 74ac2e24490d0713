"""Reads the file of rules for rows."""

from __future__ import annotations

from collections.abc import Iterator
from difflib import get_close_matches
from pathlib import Path
from typing import Any, get_args

import yaml

from pgassay.facts.catalog import TableName
from pgassay.facts.data_rule import DataRule, DataRules, Grave, NamedQuery, NoRows
from pgassay.facts.location import Location
from pgassay.sources.rule_kinds import KINDS, table_name
from pgassay.sources.rule_nodes import Mistakes, RuleNode, entries, text

_BESIDE = ("severity", "reason", "confidence")
_TOP = ("tables", "no_rows", "queries")


class BadRules(Exception):
    """The file cannot be used; the message names every mistake with its line."""


def read_data_rules(file: Path, path: str) -> DataRules:
    """`path` is what reports call it. Raises BadRules, or OSError."""
    mistakes = Mistakes(path)
    try:
        root = yaml.compose(file.read_text("utf-8"), Loader=yaml.SafeLoader)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark
        line = mark.line + 1 if mark else 1
        raise BadRules(f"{path}:{line}: this is no YAML: {error.problem}.") from error
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise BadRules(f"{path}: this is no YAML: {error}.") from error
    rules: list[DataRule] = []
    queries: list[NamedQuery] = []
    for name, key, node in entries(root, mistakes, "the file", _TOP):
        if name == "tables":
            for table, _, items in entries(node, mistakes, "tables"):
                rules += _of_table(table_name(table), items, mistakes)
        elif name == "no_rows":
            for called, place, wrong in entries(node, mistakes, "no_rows"):
                rules += _no_rows(called, place, wrong, mistakes)
        elif name == "queries":
            for called, place, sql in entries(node, mistakes, "queries"):
                asked = text(sql, mistakes, f"the query {called}")
                queries += [NamedQuery(called, asked, _location(place, path))] if asked else []
        else:
            mistakes.add(key, f"{name!r} is none of {', '.join(_TOP)}")
    if mistakes.found:
        lines = [f"  {path}:{line}: {message}" for line, message in sorted(mistakes.found)]
        raise BadRules("\n".join([f"{path} cannot be used:", *lines]))
    return DataRules(path, tuple(rules), tuple(queries))


def _of_table(table: TableName, node: yaml.Node, mistakes: Mistakes) -> Iterator[DataRule]:
    if not isinstance(node, yaml.SequenceNode):
        mistakes.add(node, f"the rules of {'.'.join(table)} are a list: `- not_null: column`")
        return
    for item in node.value:
        said = list(entries(item, mistakes, "a rule"))
        kinds = [entry for entry in said if entry[0] not in _BESIDE]
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
        common = _common(said, table, _location(place, mistakes.path), mistakes)
        made = RuleNode(mistakes, value, kind)
        before = len(mistakes.found)
        found = make(made, common)
        if len(mistakes.found) == before:
            yield from found


def _no_rows(
    name: str, place: yaml.Node, node: yaml.Node, mistakes: Mistakes
) -> Iterator[DataRule]:
    common: dict[str, Any] = {"table": ("", ""), "location": _location(place, mistakes.path)}
    if isinstance(node, yaml.ScalarNode):
        sql = text(node, mistakes, name)
    else:
        said = list(entries(node, mistakes, name, ("sql", *_BESIDE)))
        for key, at, _ in said:
            if key not in ("sql", *_BESIDE):
                mistakes.add(at, f"{name}: {key!r} is none of sql, {', '.join(_BESIDE)}")
        common = _common(said, ("", ""), common["location"], mistakes)
        sql = next((text(v, mistakes, name) for k, _, v in said if k == "sql"), "")
        if not sql:
            mistakes.add(node, f"{name} has no sql")
    if sql:
        yield NoRows(**common, name=name, sql=sql)


def _common(
    said: list[tuple[str, yaml.Node, yaml.Node]],
    table: TableName,
    location: Location,
    mistakes: Mistakes,
) -> dict[str, Any]:
    found: dict[str, Any] = {"table": table, "location": location}
    for name, _, node in said:
        if name in ("severity", "reason"):
            found[name] = text(node, mistakes, name)
        if name == "severity" and found[name] not in get_args(Grave)[1:]:
            mistakes.add(node, f"severity is blocker, warning or info, not {found[name]!r}")
    return found


def _location(node: yaml.Node, path: str) -> Location:
    return Location(path, node.start_mark.line + 1)
