"""Reads the file of rules for rows."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml

from pgassay.facts.data_rule import DataRule, DataRules, NamedQuery, NoRows
from pgassay.sources.rule_items import BESIDE, common_fields, rules_of_table
from pgassay.sources.rule_kinds import table_name
from pgassay.sources.rule_nodes import Mistakes, entries, text

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
                rules += rules_of_table(table_name(table), items, mistakes)
        elif name == "no_rows":
            for called, place, wrong in entries(node, mistakes, "no_rows"):
                rules += _no_rows(called, place, wrong, mistakes)
        elif name == "queries":
            for called, place, sql in entries(node, mistakes, "queries"):
                asked = text(sql, mistakes, f"the query {called}")
                queries += [NamedQuery(called, asked, mistakes.location(place))] if asked else []
        else:
            mistakes.add(key, f"{name!r} is none of {', '.join(_TOP)}")
    if mistakes.found:
        raise BadRules("\n".join([f"{path} cannot be used:", *mistakes.lines]))
    return DataRules(path, tuple(rules), tuple(queries))


def _no_rows(
    name: str, place: yaml.Node, node: yaml.Node, mistakes: Mistakes
) -> Iterator[DataRule]:
    common: dict[str, Any] = {"table": ("", ""), "location": mistakes.location(place)}
    if isinstance(node, yaml.ScalarNode):
        sql = text(node, mistakes, name)
    else:
        said = list(entries(node, mistakes, name, ("sql", *BESIDE)))
        for key, at, _ in said:
            if key not in ("sql", *BESIDE):
                mistakes.add(at, f"{name}: {key!r} is none of sql, {', '.join(BESIDE)}")
        common = common_fields(said, ("", ""), place, mistakes)
        sql = next((text(v, mistakes, name) for k, _, v in said if k == "sql"), "")
        if not sql:
            mistakes.add(node, f"{name} has no sql")
    if sql:
        yield NoRows(**common, name=name, sql=sql)
