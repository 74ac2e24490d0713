"""The expressions in Prometheus rule files and Grafana dashboards."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from pgassay.analysis.commands.yaml_outline import Mapping, Node, Scalar, Sequence, yaml_documents


@dataclass(frozen=True, slots=True)
class Expression:
    """`by`: such as `alert PaymentsFail`. `records`: the name that a recording rule makes. `line`
    is where the expression begins, or the first line where that is not known."""

    text: str
    line: int
    kind: str
    by: str
    records: str = ""


def rule_expressions(text: str) -> list[Expression]:
    """Of a rule file, or of a PrometheusRule of Kubernetes; none of any other YAML."""
    return [
        expression
        for document in yaml_documents(text)
        if isinstance(document, Mapping)
        for groups in (document.get("groups"), document.mapping("spec").get("groups"))
        for group in _mappings(groups)
        for rule in _mappings(group.get("rules"))
        for expression in _rule(rule)
    ]


def _mappings(node: Node | None) -> Iterator[Mapping]:
    for item in node.items if isinstance(node, Sequence) else ():
        if isinstance(item, Mapping):
            yield item


def _rule(rule: Mapping) -> Iterator[Expression]:
    expression = rule.get("expr")
    if isinstance(expression, Scalar):
        alert, record = rule.text("alert"), rule.text("record")
        kind, name = ("alert", alert) if alert else ("rule", record)
        if name:
            yield Expression(expression.text, expression.line, kind, f"{kind} {name}", record)


def dashboard_expressions(text: str) -> list[Expression]:
    """Of a Grafana dashboard; none of any other JSON."""
    try:
        dashboard = json.loads(text)
    except (ValueError, RecursionError):
        return []
    if isinstance(dashboard, dict) and isinstance(dashboard.get("dashboard"), dict):
        dashboard = dashboard["dashboard"]
    if not isinstance(dashboard, dict) or not {"panels", "rows"} & dashboard.keys():
        return []
    return list(_panels(dashboard, str(dashboard.get("title", ""))))


def _panels(value: Any, title: str) -> Iterator[Expression]:
    if isinstance(value, list):
        for item in value:
            yield from _panels(item, title)
    elif isinstance(value, dict):
        title = value["title"] if isinstance(value.get("title"), str) else title
        if isinstance(value.get("expr"), str):
            yield Expression(value["expr"], 1, "dashboard", f"panel {title}".strip())
        for item in value.values():
            yield from _panels(item, title)


def line_of(name: str, text: str, first: int) -> int:
    """The line on which a metric is named, from the first one on, outside comments if there is."""
    named = re.compile(rf"(?<![\w:]){re.escape(name)}(?![\w:])")
    lines = list(enumerate(text.splitlines()[first - 1 :], first))
    code = ((number, line.partition("#")[0]) for number, line in lines)
    return next((number for number, line in (*code, *lines) if named.search(line)), first)
