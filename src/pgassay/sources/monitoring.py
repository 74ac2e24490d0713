"""The project's own alerts, recording rules and dashboards, and the metrics it exports."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path, PurePosixPath

from pgassay.analysis.metrics.definitions import definitions
from pgassay.analysis.metrics.promql import metric_names
from pgassay.analysis.metrics.rules import (
    Expression,
    dashboard_expressions,
    line_of,
    rule_expressions,
)
from pgassay.analysis.metrics.unexported import SUFFIX, base_names, defined_as, own_namespaces
from pgassay.facts.location import Location
from pgassay.facts.monitoring import MetricDefinition, MetricUse, Monitoring
from pgassay.sources.entry_points import of_tests
from pgassay.sources.project_files import relative
from pgassay.sources.python_modules import PythonModules

_LARGEST_FILE = 4 << 20
_READERS = {
    ".json": dashboard_expressions,
    ".rules": rule_expressions,
    ".yaml": rule_expressions,
    ".yml": rule_expressions,
}
# A lock file of 4 MB has "express" in it, and is not worth a parse.
_EXPRESSION = re.compile(rb"\bexpr[\"']?\s*:")
_PROSE = frozenset((".adoc", ".md", ".rst"))
# Programs whose metrics are not read, though they may have some.
_OTHER_CODE = re.compile(
    r"\.(c|cc|clj|cpp|cs|erl|exs?|go|groovy|java|jsx?|kt|lua|mjs|php|pl|rb|rs|scala|swift|tsx?)"
)
_METRICS = re.compile(rb"prometheus|prom-client|micrometer|opentelemetry|statsd", re.IGNORECASE)
_OTHER_PYTHON = re.compile(
    rb"opentelemetry\.metrics|opentelemetry import metrics|get_meter|statsd|aioprometheus|datadog",
)
# What relabels, maps or collects gives metrics names by its configuration.
_RELABELS = re.compile(rb"target_label:\s*[\"']?__name__|(?m:^mappings:)")
_NAMES_PREFIX = re.compile(
    rb"--[\w.-]*(?:metrics?[\w.-]*|prefix)[= ]"
    rb"|(?:metrics?|prometheus|statsd)\w*_(?:prefix|namespace)\b",
    re.IGNORECASE,
)
_COLLECTS = re.compile(rb"(?m)^\s*(?:namespace|prefix|metric_prefix):")
# Tests of the rules, and our own reports, baselines and waivers, name what they are about.
_ABOUT_RULES = re.compile(
    rb"(?m)^\s*-?\s*(?:input_series|promql_expr_test):|RDY001|metric-nobody-exports"
)


def read_monitoring(root: Path, files: Sequence[Path], modules: PythonModules) -> Monitoring:
    """Nothing where the project has no rules or dashboards, or defines no metric of its own."""
    uses: list[MetricUse] = []
    recorded: set[str] = set()
    rule_files: set[Path] = set()
    for path in files:
        if path.suffix not in _READERS or not _EXPRESSION.search(data := _read(path)):
            continue
        text = data.decode("utf-8", "replace")
        if expressions := _READERS[path.suffix](text):
            rule_files.add(path)
            recorded |= {e.records for e in expressions if e.records}
            uses += _uses(expressions, relative(path, root), text)
    if not uses:
        return Monitoring()
    defined: list[MetricDefinition] = []
    open_prefixes: list[str] = []
    for shown in modules.paths("prefix", "namespace", "prometheus"):
        module = modules.module(shown)
        if module is None and "prometheus" in modules.text(shown):
            open_prefixes.append("")
        elif module is not None and not of_tests(shown):
            found = definitions(module, shown)
            defined += found.made
            open_prefixes += found.open_prefixes
    namespaces = tuple(f"{n}_" for n in own_namespaces(defined))
    wanted = {u.metric for u in uses if u.metric.startswith(namespaces)}
    if not wanted:
        return Monitoring()
    others = [p for p in files if p not in rule_files and p.suffix not in _PROSE]
    texts = ((relative(p, root), _read(p)) for p in others)
    mentioned: set[str] = set()
    spelled = {name: _spellings(name, defined) for name in wanted}
    for shown, data in texts:
        if _gives_names(shown, data):
            open_prefixes.append("")
            break
        if not _ABOUT_RULES.search(data):
            mentioned |= {
                n
                for n, (spelling, own) in spelled.items()
                if shown != own and spelling.search(data)
            }
    return Monitoring(
        uses=tuple(u for u in uses if u.metric in wanted),
        recorded=frozenset(recorded),
        defined=tuple(defined),
        open_prefixes=tuple(dict.fromkeys(open_prefixes)),
        mentioned=frozenset(mentioned),
    )


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes() if path.stat().st_size < _LARGEST_FILE else b""
    except OSError:
        return b""


def _uses(expressions: Iterable[Expression], shown: str, text: str) -> Iterator[MetricUse]:
    for expression in expressions:
        for metric in metric_names(expression.text):
            line = line_of(metric, text, expression.line)
            yield MetricUse(metric, Location(shown, line), expression.kind, expression.by)


def _gives_names(shown: str, data: bytes) -> bool:
    """Whether a file may give metrics names that stand nowhere."""
    suffix = PurePosixPath(shown).suffix
    if suffix == ".py":
        return not of_tests(shown) and _OTHER_PYTHON.search(data) is not None
    if _OTHER_CODE.fullmatch(suffix):
        return _METRICS.search(data) is not None
    collector = b"exporters:" in data and b"prometheus" in data
    return bool(
        _RELABELS.search(data)
        or _NAMES_PREFIX.search(data)
        or (collector and _COLLECTS.search(data))
    )


def _spellings(name: str, defined: Iterable[MetricDefinition]) -> tuple[re.Pattern[bytes], str]:
    """How another file would name a metric, and the file that does not count. Of one that the
    code defines, with another suffix, only the name itself counts, and not where it is defined.

    `shop_orders_failed_total` is exported also where `shop.orders.failed` stands, or where an
    exporter's configuration has `shop_orders:` and makes the rest of a query's columns.
    """
    own = defined_as(name, defined)
    if own is not None:
        wholes = [re.escape(name)]
    else:
        words = base_names(name)[-1].split("_")
        wholes = [rf"{'[._/-]'.join(map(re.escape, words))}(?:{SUFFIX})?"]
        wholes += [f"{'_'.join(map(re.escape, words[:n]))}(?=:)" for n in range(2, len(words))]
    pattern = re.compile(rf"(?<!\w)(?:{'|'.join(wholes)})(?!\w)".encode())
    return pattern, own.location.path if own is not None else ""
