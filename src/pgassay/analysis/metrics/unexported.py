"""Which of the metrics that the project's monitoring looks at nobody exports."""

from __future__ import annotations

import difflib
import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from pgassay.facts.monitoring import MetricDefinition, MetricUse, Monitoring

# Under these other people's exporters and libraries have metrics of their own.
_OF_OTHERS = re.compile(
    "aiohttp|alertmanager|app|api|asgi|blackbox|cache|celery|container|cortex|db|django|envoy|"
    "fastapi|flask|flower|go|grafana|grpc|gunicorn|haproxy|https?|istio|job|jvm|kafka|kube|kubelet|"
    "loki|machine|memcached|mongodb|mysql|namespace|nginx|node|otel|otelcol|pg|pgbackrest|pgbouncer|"
    "postgres|postgresql|process|prometheus|promhttp|python|queue|rabbitmq|redis|requests?|rq|scrape|"
    "server|service|sql|sqlalchemy|starlette|statsd|target|task|tempo|thanos|traefik|up|uvicorn|"
    "uwsgi|vm|web|worker|wsgi"
)
SUFFIX = "_(?:total|created|bucket|count|sum|info)"
"""What client libraries put behind a name, as a pattern."""
_NEAR = 0.85


@dataclass(frozen=True, slots=True)
class UnexportedMetric:
    """`namespace` is the project's own that it would be of. `meant` is the metric of nearly that
    name, or of that name and another suffix; None where there is none. `beside_exported`: a file
    that uses it also uses what the project exports, so it is about this project and no other."""

    name: str
    uses: tuple[MetricUse, ...]
    namespace: str
    meant: MetricDefinition | None
    beside_exported: bool


def unexported(monitoring: Monitoring) -> list[UnexportedMetric]:
    """Only those of a namespace that is the project's own: what another exporter has is not known.
    Nor is what code exports whose names are computed."""
    namespaces = own_namespaces(monitoring.defined)
    series = {name for metric in monitoring.defined for name in metric.series}
    known = series | monitoring.recorded | monitoring.mentioned
    uses: dict[str, list[MetricUse]] = {}
    for use in monitoring.uses:
        uses.setdefault(use.metric, []).append(use)
    about_us = {u.location.path for u in monitoring.uses if u.metric in series}
    found = []
    for name, places in uses.items():
        own = next((n for n in namespaces if name.startswith(f"{n}_")), "")
        if own and name not in known and not name.startswith(monitoring.open_prefixes):
            meant = defined_as(name, monitoring.defined) or _near(name, monitoring.defined)
            beside = any(u.location.path in about_us for u in places)
            found.append(UnexportedMetric(name, tuple(places), own, meant, beside))
    return found


def own_namespaces(defined: Iterable[MetricDefinition]) -> list[str]:
    """What the code gives as a namespace, and the first words that two of its metrics share."""
    metrics = list({m.name: m for m in defined}.values())
    first = Counter(m.name.split("_")[0] for m in metrics if "_" in m.name)
    named = {m.namespace for m in metrics if m.namespace}
    shared = {word for word, count in first.items() if count > 1}
    return sorted(n for n in named | shared if not _OF_OTHERS.fullmatch(n))


def base_names(name: str) -> list[str]:
    """The name, and what it is without a suffix that a client library puts there."""
    return list(dict.fromkeys((name, re.sub(f"{SUFFIX}$", "", name))))


def defined_as(name: str, defined: Iterable[MetricDefinition]) -> MetricDefinition | None:
    """The metric that a name is of, whatever its suffix."""
    by_name = {metric.name: metric for metric in defined}
    return next((by_name[base] for base in base_names(name) if base in by_name), None)


def _near(name: str, defined: Iterable[MetricDefinition]) -> MetricDefinition | None:
    by_name = {metric.name: metric for metric in defined}
    near = difflib.get_close_matches(base_names(name)[-1], by_name, 1, _NEAR)
    return by_name[near[0]] if near else None
