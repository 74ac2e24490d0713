"""What the project's own monitoring looks at, and which metrics its code exports."""

from __future__ import annotations

from dataclasses import dataclass

from pgassay.facts.location import Location


@dataclass(frozen=True, slots=True)
class MetricUse:
    """A metric in an expression of an alert, a recording rule or a dashboard. `by` names it, such
    as `alert PaymentsFail`; `kind` is alert, rule or dashboard."""

    metric: str
    location: Location
    kind: str
    by: str


@dataclass(frozen=True, slots=True)
class MetricDefinition:
    """A metric that Python code makes by prometheus_client. `series` are the names under which it
    is scraped. `namespace` is what the code gives as such, "" for none."""

    name: str
    series: tuple[str, ...]
    location: Location
    namespace: str = ""


@dataclass(frozen=True, slots=True)
class Monitoring:
    """`recorded` are the names that recording rules make. `open_prefixes`: what begins like one of
    these may be exported by code that computes the name, "" where any name may be. `mentioned` are
    those of the used metrics that other files of the project name, such as scripts."""

    uses: tuple[MetricUse, ...] = ()
    recorded: frozenset[str] = frozenset()
    defined: tuple[MetricDefinition, ...] = ()
    open_prefixes: tuple[str, ...] = ()
    mentioned: frozenset[str] = frozenset()
