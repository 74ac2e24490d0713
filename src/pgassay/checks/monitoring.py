"""RDY: the project's own alerts and dashboards."""

from __future__ import annotations

from collections.abc import Iterator

from pgassay.analysis.metrics.unexported import UnexportedMetric, unexported
from pgassay.check import Check
from pgassay.facts.assay import Assay
from pgassay.findings import Finding, Severity

_SHOWN = 4


def metric_nobody_exports(check: Check, assay: Assay) -> Iterator[Finding]:
    """An alert or a dashboard looks at a metric that nobody exports.

    What:
      An expression in a Prometheus rule file or a Grafana dashboard of the project names a metric
      of the project's own namespace, and no code of the project defines it, no recording rule makes
      it, and no other file names it. The namespace is what the code gives prometheus_client as
      such, or the first word that two of its metrics share. Metrics of other namespaces are not
      judged, nor those that code with computed names, or in another language, may export. It is an
      info of dashboards, and where no metric of the project is used in the same file.

    Why:
      An alert on a metric that is not there never fires, and looks like one that has no reason to.

    Fix:
      Name the metric as it is exported. prometheus_client adds `_total` to a Counter, and
      `_bucket`, `_sum` and `_count` to a Histogram.

    Example:
      Counter("shop_orders_failed", ...) is exported as shop_orders_failed_total; the alert's
      expression is rate(shop_orders_failed[5m]) > 0.
    """
    for metric in unexported(assay.project.monitoring):
        yield _finding(check, metric)


def _finding(check: Check, metric: UnexportedMetric) -> Finding:
    first = min(metric.uses, key=lambda u: u.kind == "dashboard")
    shown = ", ".join(f"{u.by} ({u.location})" for u in metric.uses[:_SHOWN])
    more = f" and {len(metric.uses) - _SHOWN} more" if len(metric.uses) > _SHOWN else ""
    message = f"{metric.name} is looked at by {shown}{more}, and nothing in the project exports it"
    fix = "Export it, or take it out of the expression."
    if metric.meant is not None:
        defined = metric.meant
        message += f"; what {defined.location} defines is exported as {', '.join(defined.series)}"
        wanted = [name for name in defined.series if not name.endswith("_created")]
        fix = f"Write {' or '.join(wanted)}."
    sure = first.kind != "dashboard" and (metric.meant is not None or metric.beside_exported)
    return check.finding(
        metric.name,
        f"{message}.",
        why="The expression has no result: an alert on it never fires, and looks like one that has "
        "no reason to."
        if first.kind == "alert"
        else "The expression has no result, and what is built on it shows nothing.",
        fix=fix,
        location=first.location,
        severity=Severity.WARNING if sure else Severity.INFO,
        evidence={
            "used_by": [f"{u.location}: {u.by}" for u in metric.uses],
            "namespace": metric.namespace,
        },
    )


CHECKS: tuple[Check, ...] = (
    Check("RDY001", "metric-nobody-exports", Severity.WARNING, metric_nobody_exports),
)
