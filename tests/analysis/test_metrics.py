"""Metric names in expressions, and those that prometheus_client makes."""

from __future__ import annotations

import ast
import textwrap
from typing import Any

import prometheus_client
import prometheus_client.core
import pytest

from pgassay.analysis.metrics.definitions import Definitions, definitions
from pgassay.analysis.metrics.promql import metric_names
from pgassay.analysis.metrics.unexported import own_namespaces, unexported
from pgassay.facts.location import Location
from pgassay.facts.monitoring import MetricDefinition, MetricUse, Monitoring


@pytest.mark.parametrize(
    ("expression", "names"),
    [
        ("up", "up"),
        ("up == 0", "up"),
        ("rate(a_total[5m]) > 0.5", "a_total"),
        ('a{job="b", c=~"d|e"} / on(job) group_left(team) f', "a f"),
        ("sum by (le, g) (rate(a_bucket[$__rate_interval]))", "a_bucket"),
        ("SUM(a) BY (b)", "a"),
        ("sum without(b) (a) / ignoring (c) group_right d", "a d"),
        ("sum (a) by (b)", "a"),
        ("topk(5, a) and b unless c or d", "a b c d"),
        ("a offset 1h30m - a offset -5m", "a"),
        ("a @ end() + b @ 1609746000", "a b"),
        ("max_over_time(rate(a[5m])[1h:1m])", "a"),
        ("histogram_quantile(0.9, sum(rate(a_bucket[5m])) by (le))", "a_bucket"),
        ("absent(a{x='}'}) # b\n* 1e-9 + .5 + 0x1F + Inf + NaN", "a"),
        ('label_replace(a, "b", "$1 c", "d", "(e.*)")', "a"),
        ('{__name__="a_total", b="c"}', "a_total"),
        ('{__name__=~"a_.*"}', ""),
        ('{__name__!="a"} or {b!~"c"}', ""),
        ("level:a:rate5m > bool 1", "level:a:rate5m"),
        ("a_${kind}_total + $metric + b_[[x]] + [[y]] + c", "c"),
        ('{{ .Values.prefix }}_a + b{c="{{ d }}"}', "b"),
        ("count_values('v', a) atan2 b", "a b"),
        ("vector(1) + time() + scalar(a)", "a"),
        ("count + by_day + on_call", "count by_day on_call"),
        ('sum(rate({app="x"} |= "a_total" | json | b > 3 [5m]))', ""),
        ("a a a", "a"),
        ("", ""),
        ("((((", ""),
        ("sum by (a", ""),
        ('"unclosed a', ""),
    ],
)
def test_names_in_an_expression(expression: str, names: str) -> None:
    found = metric_names(expression)
    if expression.startswith('"unclosed'):
        assert "b" not in found
    else:
        assert list(found) == names.split()


def made(code: str) -> Definitions:
    return definitions(ast.parse(textwrap.dedent(code)), "app/metrics.py")


ORACLE = """
from prometheus_client import Counter, Enum, Gauge, Histogram, Info, Summary
Counter("a_orders", "x", registry=R)
Counter("b_orders_total", "x", ["k"], "ns", "sub", registry=R).labels("v").inc()
Gauge("c", "x", namespace="ns", registry=R)
Gauge("c2", "x", unit="bytes", registry=R)
Gauge("c3_bytes", "x", unit="bytes", registry=R)
Histogram("d_seconds", "x", subsystem="sub", registry=R)
Summary("e", "x", registry=R)
Info("f", "x", registry=R).info({"v": "1"})
Enum("g", "x", states=["on", "off"], registry=R)
Counter("h_total", "x", unit="seconds", registry=R)
Counter(name="i", documentation="x", registry=R)
"""


def test_series_are_those_of_the_library_itself() -> None:
    registry = prometheus_client.CollectorRegistry()
    exec(compile(ORACLE, "oracle", "exec"), {"R": registry})
    scraped = {
        line.split("{")[0].split(" ")[0]
        for line in prometheus_client.generate_latest(registry).decode().splitlines()
        if not line.startswith("#")
    }
    assert {s for d in made(ORACLE).made for s in d.series} == scraped


@pytest.mark.parametrize(
    "family",
    [
        'CounterMetricFamily("a_total", "x", value=1)',
        'CounterMetricFamily("a", "x", value=1, created=1.0)',
        'GaugeMetricFamily("a", "x", value=1)',
        'SummaryMetricFamily("a", "x", count_value=1, sum_value=2)',
        'HistogramMetricFamily("a", "x", buckets=[("+Inf", 1)], sum_value=2)',
        'GaugeHistogramMetricFamily("a", "x", buckets=[("+Inf", 1)], gsum_value=2)',
        'InfoMetricFamily("a", "x", value={"v": "1"})',
        'StateSetMetricFamily("a", "x", value={"on": True})',
        'UnknownMetricFamily("a", "x", value=1)',
    ],
)
def test_families_of_a_collector_too(family: str) -> None:
    class Collector:
        def collect(self) -> list[Any]:
            return [eval(family, vars(prometheus_client.core))]

    registry = prometheus_client.CollectorRegistry()
    registry.register(Collector())
    text = prometheus_client.generate_latest(registry).decode()
    scraped = {
        line.split("{")[0].split(" ")[0] for line in text.splitlines() if not line.startswith("#")
    }
    found = made(f"from prometheus_client.core import *\n{family}")
    (definition,) = found.made
    assert scraped <= set(definition.series)


@pytest.mark.parametrize(
    ("code", "names", "open_prefixes"),
    [
        ("import prometheus_client\nprometheus_client.Gauge('a_b', 'x')", ["a_b"], []),
        ("import prometheus_client as p\np.Gauge('a_b', 'x')", ["a_b"], []),
        ("from prometheus_client import Gauge as G\nG('a_b', 'x')", ["a_b"], []),
        ("from prometheus_client import metrics\nmetrics.Gauge('a_b', 'x')", ["a_b"], []),
        ("from collections import Counter\nCounter('aab')", [], []),
        ("from prometheus_client import Gauge\nN = 'a'\nGauge('b', 'x', namespace=N)", ["a_b"], []),
        ("from prometheus_client import Gauge\nN = 'a'\nGauge(f'{N}_b', 'x')", ["a_b"], []),
        ("from prometheus_client import Gauge\nN = 'a_'\nGauge(N + 'b', 'x')", ["a_b"], []),
        ("from prometheus_client import Gauge\nN = 'a'\nN = 'b'\nGauge(N, 'x')", [], [""]),
        ("from prometheus_client import Gauge\nfrom c import N\nGauge('b', 'x', N)", ["b"], []),
        (
            "from prometheus_client import Gauge\nfrom c import N\nGauge('b', 'x', namespace=N)",
            [],
            [""],
        ),
        (
            "from prometheus_client import Gauge\ndef g(n):\n    return Gauge(f'a_{n}', 'x')",
            [],
            ["a_"],
        ),
        ("from prometheus_client import Gauge\nGauge('a', 'x', **more)", [], [""]),
        ("from prometheus_client import Gauge\nGauge(*all)", [], [""]),
        ("from prometheus_client.core import Metric\nMetric('a', 'x', 'gauge')", [], ["a"]),
        ("from starlette_exporter import M\nM(prefix='shop')", [], ["shop"]),
        ("from starlette_prometheus import M\nM(prefix=settings.p)", [], [""]),
        ("from fastapi import APIRouter\nAPIRouter(prefix=settings.p)", [], []),
        ("from fastapi import APIRouter\nAPIRouter(prefix='/shop')", [], ["/shop"]),
        ("from fastapi import APIRouter\nAPIRouter(prefix='')", [], []),
    ],
)
def test_what_code_defines_and_what_it_leaves_open(
    code: str, names: list[str], open_prefixes: list[str]
) -> None:
    found = made(code)
    assert [d.name for d in found.made] == names
    assert found.open_prefixes == open_prefixes


def defined(name: str, namespace: str = "") -> MetricDefinition:
    return MetricDefinition(name, (name,), Location("app/m.py", 1), namespace)


@pytest.mark.parametrize(
    ("metrics", "namespaces"),
    [
        ([defined("shop_a"), defined("shop_b")], ["shop"]),
        ([defined("shop_a")], []),
        ([defined("shop_a"), defined("shop_a")], []),
        ([defined("shop_a", "shop")], ["shop"]),
        ([defined("http_a"), defined("http_b")], []),
        ([defined("app_a", "app")], []),
        ([defined("app_shop_a", "app_shop")], ["app_shop"]),
        ([defined("shop"), defined("shops")], []),
    ],
)
def test_namespaces_of_the_projects_own(
    metrics: list[MetricDefinition], namespaces: list[str]
) -> None:
    assert own_namespaces(metrics) == namespaces


def test_only_what_is_certain_is_named() -> None:
    def use(metric: str) -> MetricUse:
        return MetricUse(metric, Location("rules.yml", 3), "alert", "alert A")

    counter = MetricDefinition("shop_orders", ("shop_orders_total",), Location("m.py", 1), "shop")
    monitoring = Monitoring(
        uses=tuple(
            use(metric)
            for metric in (
                *("shop_orders", "shop_ordres_total", "shop_orders_total", "shop_lost"),
                *("shop_kept_a", "shop_seen", "shop_rate", "up", "pg_up", "shopping_x"),
            )
        ),
        recorded=frozenset(("shop_rate",)),
        defined=(counter,),
        open_prefixes=("shop_kept_",),
        mentioned=frozenset(("shop_seen",)),
    )
    found = {m.name: m.meant for m in unexported(monitoring)}
    assert found == {"shop_orders": counter, "shop_ordres_total": counter, "shop_lost": None}
