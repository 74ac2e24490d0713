"""Which metrics the project's alerts and dashboards use, and what else may export them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from pgassay.analysis.metrics.unexported import unexported
from pgassay.facts.monitoring import Monitoring
from pgassay.sources.monitoring import read_monitoring
from pgassay.sources.project_files import read_project_files
from pgassay.sources.python_modules import PythonModules

METRICS = """
from prometheus_client import Counter, Gauge

ORDERS = Counter("shop_orders_failed", "x")
STOCK = Gauge("shop_stock", "x")
"""
RULES = """\
apiVersion: monitoring.coreos.com/v1
kind: PrometheusRule
spec:
  groups:
    - name: shop
      rules:
        - alert: Lost
          expr: |-
            # not shop_lost_total
            sum(shop_stock)
              < shop_lost_total
          annotations: {summary: "shop_noted_total is low"}
        - record: shop:stock
          expr: sum(shop_stock)
"""


def read(root: Path, **files: str) -> Monitoring:
    for name, text in {"app/m.py": METRICS, "deploy/rules.yaml": RULES, **files}.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    paths = read_project_files(root).paths
    return read_monitoring(root, paths, PythonModules(root, paths))


def names(monitoring: Monitoring) -> list[str]:
    return [m.name for m in unexported(monitoring)]


def test_alerts_with_their_lines(tmp_path: Path) -> None:
    found = read(tmp_path)
    shown = [(u.metric, str(u.location), u.by) for u in found.uses]
    assert shown == [
        ("shop_stock", "deploy/rules.yaml:10", "alert Lost"),
        ("shop_lost_total", "deploy/rules.yaml:11", "alert Lost"),
        ("shop_stock", "deploy/rules.yaml:14", "rule shop:stock"),
    ]
    assert found.recorded == {"shop:stock"}
    (lost,) = unexported(found)
    assert lost.name == "shop_lost_total"
    assert lost.beside_exported


def test_dashboards_with_their_lines(tmp_path: Path) -> None:
    panel = {"title": "Lost", "targets": [{"expr": "rate(shop_lost_total[5m])"}]}
    exported = {"dashboard": {"title": "Shop", "rows": [{"panels": [panel]}]}}
    found = read(tmp_path, **{"deploy/rules.yaml": "", "shop.json": json.dumps(exported, indent=1)})
    shown = [(u.metric, str(u.location), u.kind, u.by) for u in found.uses]
    assert shown == [("shop_lost_total", "shop.json:11", "dashboard", "panel Lost")]


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("run.sh", "echo shop_lost_total 1 > /tmp/shop.prom\n"),
        ("app/other.py", "NAME = 'shop.lost'\n"),
        ("app/more.rb", "register :shop_lost\n"),
        ("queries.yml", "shop_lost:\n  query: SELECT 1 AS total\n  metrics: []\n"),
        ("app/q.py", "from prometheus_client import Gauge\ndef g(n): Gauge(f'shop_{n}', 'x')\n"),
        ("app/mw.py", "app.add_middleware(PrometheusMiddleware, prefix='shop')\n"),
        ("app/d.py", "from datadog import statsd\n"),
        ("app/o.py", "from opentelemetry import metrics\n"),
        ("cmd/main.go", "import 'github.com/prometheus/client_golang'\n"),
        ("web/server.ts", "import client from 'prom-client'\n"),
        ("statsd.yml", "mappings:\n- match: 'x.*'\n  name: shop_$1\n"),
        ("p.yml", "metric_relabel_configs:\n- target_label: __name__\n  replacement: a\n"),
        ("compose.yml", "services:\n  x:\n    command: --metric-prefix=shop_\n"),
        (".env", "PROMETHEUS_NAMESPACE=shop\n"),
        ("app/broken.py", "import prometheus_client\ndef (\n"),
        ("otel.yaml", "exporters:\n  prometheus:\n    namespace: shop\n"),
        ("more.rules", "groups: [{name: a, rules: [{record: shop_lost_total, expr: 'up'}]}]\n"),
    ],
)
def test_what_may_export_it(tmp_path: Path, name: str, text: str) -> None:
    assert names(read(tmp_path)) == ["shop_lost_total"]
    assert names(read(tmp_path, **{name: text})) == []


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("README.md", "shop_lost_total counts what was lost.\n"),
        ("web/page.ts", "const lost = 1\n"),
        ("k8s.yaml", "metadata:\n  namespace: shop\n  annotations: {prometheus.io/scrape: 'y'}\n"),
        (
            "alerts_test.yml",
            "tests:\n- input_series:\n  - series: shop_lost_total\n    values: 1\n",
        ),
        ("app/lost.py", "shop_lost_totals = shop_lost_more = 1\n"),
        ("app/trace.py", "from opentelemetry import trace\n"),
        ("app/api.py", "router = APIRouter(prefix='/shop')\n"),
        ("other.yml", "groups: [{name: a, rules: [{alert: B, expr: shop_lost_total > 1}]}]\n"),
        ("up.sh", "kubectl --namespace shop apply -f .\n"),
        ("pgassay.toml", "[[waivers]]\ncode = 'RDY001'\nsubject = 'shop_lost_total'\n"),
        ("pgassay-baseline.json", '{"code": "RDY001", "subject": "shop_lost_total"}'),
        ("report.xml", "<a name='RDY001 metric-nobody-exports: shop_lost_total'/>"),
        ("broken.json", '{"panels": ["expr"'),
        ("broken.yml", "groups: [expr: {{\n\t- :"),
    ],
)
def test_what_does_not_export_it(tmp_path: Path, name: str, text: str) -> None:
    assert names(read(tmp_path, **{name: text})) == ["shop_lost_total"]


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("app/m.py", ""),
        ("app/m.py", "from prometheus_client import Counter\nCounter('shop_orders', 'x')\n"),
        ("app/m.py", METRICS.replace("shop_", "http_")),
        ("deploy/rules.yaml", RULES.replace("shop_lost", "warehouse_lost")),
        ("deploy/rules.yaml", RULES.replace("groups:", "teams:")),
        ("deploy/rules.yaml", RULES.replace("shop_lost_total", "'{{ .Values.p }}_lost_total")),
    ],
)
def test_what_is_not_the_projects_is_not_judged(tmp_path: Path, name: str, text: str) -> None:
    assert names(read(tmp_path, **{name: text})) == []


def test_metrics_that_only_tests_define_are_none(tmp_path: Path) -> None:
    assert names(read(tmp_path, **{"app/m.py": "", "tests/m.py": METRICS})) == []


def test_another_suffix_is_known_though_the_code_names_the_metric(tmp_path: Path) -> None:
    rules = RULES.replace("shop_lost_total", "shop_orders_failed")
    more = "FAILED = 'shop_orders_failed_total'\n"
    found = unexported(read(tmp_path, **{"deploy/rules.yaml": rules, "app/more.py": more}))
    assert [m.name for m in found] == ["shop_orders_failed"]
    assert found[0].meant is not None
    assert found[0].meant.series == ("shop_orders_failed_total", "shop_orders_failed_created")
