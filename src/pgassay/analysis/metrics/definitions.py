"""The metrics that a Python module makes by prometheus_client, with the names they are scraped by.

The suffixes are those of prometheus_client's text format; `tests/analysis/test_metrics.py` asks the
library itself.
"""

from __future__ import annotations

import ast
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

from pgassay.facts.location import Location
from pgassay.facts.monitoring import MetricDefinition

_SUFFIXES = {
    "Counter": ("_total", "_created"),
    "CounterMetricFamily": ("_total", "_created"),
    "Enum": ("",),
    "Gauge": ("",),
    "GaugeHistogramMetricFamily": ("_bucket", "_gcount", "_gsum"),
    "GaugeMetricFamily": ("",),
    "Histogram": ("_bucket", "_count", "_sum", "_created"),
    "HistogramMetricFamily": ("_bucket", "_count", "_sum", "_created"),
    "Info": ("_info",),
    "InfoMetricFamily": ("_info",),
    "StateSetMetricFamily": ("",),
    "Summary": ("_count", "_sum", "_created"),
    "SummaryMetricFamily": ("", "_count", "_sum"),
    "UnknownMetricFamily": ("",),
    "UntypedMetricFamily": ("",),
}
_WRAPPERS = frozenset(("Counter", "Enum", "Gauge", "Histogram", "Info", "Summary"))
_POSITIONS = {"namespace": 3, "subsystem": 4, "unit": 5}
_HOLE = "\0"
_ABOUT_METRICS = ("metric", "prom", "statsd", "telemetry")


@dataclass(slots=True)
class Definitions:
    """`open_prefixes` as in `Monitoring`."""

    made: list[MetricDefinition] = field(default_factory=list)
    open_prefixes: list[str] = field(default_factory=list)


def definitions(module: ast.Module, path: str) -> Definitions:
    """A name that is computed leaves open what begins like it; so does a prefix that is handed to
    something that may export metrics of its own, such as a middleware."""
    found = Definitions()
    classes, packages, about_metrics = _imported(module)
    constants = _constants(module)
    for node in ast.walk(module):
        if not isinstance(node, ast.Call):
            continue
        kind = _kind(node.func, classes, packages)
        if kind == "Metric":
            found.open_prefixes.append(_text(_argument(node, "name", 0), constants).split(_HOLE)[0])
        elif kind:
            _define(node, kind, path, constants, found)
        else:
            found.open_prefixes += _handed_over(node, constants, about_metrics)
    return found


def _handed_over(node: ast.Call, constants: dict[str, str], about_metrics: bool) -> Iterator[str]:
    """`PrometheusMiddleware(prefix="shop")`. Computed ones count in modules about metrics only."""
    for keyword in node.keywords:
        if any(word in (keyword.arg or "") for word in ("prefix", "namespace")):
            value = _text(keyword.value, constants)
            if value and (_HOLE not in value or about_metrics):
                yield value.split(_HOLE)[0]


def _define(
    node: ast.Call, kind: str, path: str, constants: dict[str, str], found: Definitions
) -> None:
    def part(name: str) -> str:
        given = _argument(node, name, _POSITIONS[name]) if kind in _WRAPPERS else None
        return _text(given, constants) if given is not None else ""

    parts = (part("namespace"), part("subsystem"), _text(_argument(node, "name", 0), constants))
    whole = "_".join(p for p in parts if p)
    unit = part("unit")
    many = any(isinstance(a, ast.Starred) for a in node.args) or any(
        k.arg is None for k in node.keywords
    )
    if _HOLE in whole + unit or many:
        found.open_prefixes.append("" if many else whole.split(_HOLE)[0])
        return
    if kind.startswith("Counter"):
        whole = whole.removesuffix("_total")
    if unit and not whole.endswith(f"_{unit}"):
        whole = f"{whole}_{unit}"
    series = tuple(whole + suffix for suffix in _SUFFIXES[kind])
    location = Location(path, node.lineno)
    found.made.append(MetricDefinition(whole, series, location, parts[0]))


def _imported(module: ast.Module) -> tuple[dict[str, str], set[str], bool]:
    """Local names of prometheus_client's classes and of the package, and whether anything imported
    sounds like metrics."""
    classes: dict[str, str] = {}
    packages: set[str] = set()
    names: list[str] = []
    for node in ast.walk(module):
        if isinstance(node, ast.ImportFrom):
            source = node.module or ""
            names.append(source)
            if source.split(".")[0] == "prometheus_client":
                classes |= {a.asname or a.name: a.name for a in node.names}
                if "*" in classes:
                    classes |= {name: name for name in _SUFFIXES}
        elif isinstance(node, ast.Import):
            names += [a.name for a in node.names]
            packages |= {
                a.asname or a.name for a in node.names if a.name.startswith("prometheus_client")
            }
    return classes, packages, any(word in name for name in names for word in _ABOUT_METRICS)


def _kind(function: ast.expr, classes: dict[str, str], packages: set[str]) -> str:
    """The class of prometheus_client that is called; "" for anything else."""
    name = ""
    if isinstance(function, ast.Name):
        name = classes.get(function.id, "")
    elif isinstance(function, ast.Attribute):
        dotted = ast.unparse(function.value)
        if dotted in packages or classes.get(dotted) in ("core", "metrics", "metrics_core"):
            name = function.attr
    return name if name in _SUFFIXES or name == "Metric" else ""


def _argument(node: ast.Call, name: str, position: int) -> ast.expr | None:
    named = next((k.value for k in node.keywords if k.arg == name), None)
    return named or (node.args[position] if position < len(node.args) else None)


def _constants(module: ast.Module) -> dict[str, str]:
    """Names that the module gives one text, once."""
    texts: dict[str, str] = {}
    bound: Counter[str] = Counter()
    for node in ast.walk(module):
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            bound[node.id] += 1
        elif isinstance(node, ast.arg):
            bound[node.arg] += 1
        elif isinstance(node, ast.Assign | ast.AnnAssign):
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            if isinstance(node.value, ast.Constant) and isinstance(node.value.value, str):
                texts |= {t.id: node.value.value for t in targets if isinstance(t, ast.Name)}
    return {name: text for name, text in texts.items() if bound[name] == 1}


def _text(node: ast.expr | None, constants: dict[str, str]) -> str:
    """The text that an expression is, with a hole where it cannot be told."""
    match node:
        case ast.Constant(value=str(text)):
            return text
        case ast.Constant(value=None):
            return ""
        case ast.Name(id=name):
            return constants.get(name, _HOLE)
        case ast.BinOp(left=left, op=ast.Add(), right=right):
            return _text(left, constants) + _text(right, constants)
        case ast.JoinedStr(values=values):
            return "".join(_text(v, constants) for v in values)
        case ast.FormattedValue(value=value, conversion=-1, format_spec=None):
            return _text(value, constants)
    return _HOLE
