"""Asking the live database whether its rows keep their rules."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import psycopg

from pgassay.analysis.declared_references import declared_references, is_same
from pgassay.analysis.earlier_values import not_compared
from pgassay.analysis.money import money_columns
from pgassay.facts.assay import Assay
from pgassay.facts.catalog import Catalog, TableName
from pgassay.facts.data_rule import DataRules
from pgassay.facts.data_run import DataRun, RuleOutcome
from pgassay.facts.earlier_values import EarlierValues
from pgassay.facts.settings import MoneySettings
from pgassay.facts.unavailable import NotAsked, Unavailable
from pgassay.flows.live import Live
from pgassay.flows.wanted import Progress, Wanted
from pgassay.postgres.connect_failure import ConnectFailed
from pgassay.postgres.connection import open_readonly
from pgassay.sources.configuration import ConfigurationError
from pgassay.sources.data_rule_file import BadRules, read_data_rules
from pgassay.sources.data_run import Asked, run_data_rules
from pgassay.sources.scan_pace import MORE_TIME, TimeSpent

NO_RULES = NotAsked(
    "data",
    "No rules for rows are written down.",
    "`pgassay data infer --write` proposes some.",
)


NO_EARLIER = NotAsked(
    "earlier report",
    "No earlier report was named.",
    "`pgassay data check --before REPORT` takes one that `--output json=REPORT` wrote.",
)


def rules_of_file(wanted: Wanted) -> DataRules | None:
    """What the project's file says; None where it has none. Raises ConfigurationError."""
    path = wanted.settings.data.file
    try:
        return read_data_rules(wanted.root / path, path)
    except FileNotFoundError:
        return None
    except BadRules as bad:
        raise ConfigurationError(str(bad)) from bad
    except OSError as error:
        raise ConfigurationError(f"{path} cannot be read: {error.strerror}.") from error


def with_data(
    assay: Assay,
    live: Live,
    wanted: Wanted,
    rules: DataRules | None,
    unread: Sequence[Unavailable],
    progress: Progress,
) -> Assay:
    """With what the rows showed. Without rules only the declared foreign keys are asked, and only
    where somebody demands it. `unread` are rules that could not be read."""
    if rules is None and not wanted.data_demanded:
        return replace(assay, data=unread[0] if unread else NO_RULES, data_lost=tuple(unread))
    if isinstance(live.catalog, Unavailable):
        return replace(assay, data=live.catalog)
    if live.connection is None or live.catalog is None or live.target is None:
        return assay
    progress("Asking the rows")
    target, settings = live.target, wanted.settings.data
    limit_ms = max(1, int(settings.time_limit_s * 1000))
    try:
        run = run_data_rules(
            live.connection,
            lambda: open_readonly(target, statement_timeout_ms=limit_ms),
            Asked(
                _with_declared(rules or DataRules(settings.file), live.catalog),
                live.catalog,
                money_by_table(wanted.settings.money, live.catalog),
                settings,
                wanted.show_values,
            ),
        )
    except ConnectFailed as failed:
        return replace(assay, data=Unavailable("data", failed.reason, failed.next_step))
    except TimeSpent:
        reason = f"The {settings.time_limit_s:g} s were over before the first row was read."
        return replace(assay, data=Unavailable("data", reason, MORE_TIME))
    except psycopg.Error as failed:
        reason = f"The rows could not be asked: {str(failed).strip().splitlines()[0]}"
        return replace(assay, data=Unavailable("data", reason, "Run again."))
    return replace(assay, data=run, data_lost=(*unread, *_lost(run)))


def with_earlier(assay: Assay, earlier: EarlierValues | None) -> Assay:
    """With what the compliance queries gave before, and what of that cannot be compared."""
    if earlier is None or not isinstance(assay.data, DataRun):
        return replace(assay, earlier=earlier or NO_EARLIER)
    lost = (*assay.data_lost, *not_compared(assay.data, earlier))
    return replace(assay, earlier=earlier, data_lost=lost)


def _with_declared(rules: DataRules, catalog: Catalog) -> DataRules:
    declared = [
        rule
        for rule in declared_references(catalog)
        if not any(is_same(rule, written) for written in rules.rules)
    ]
    return replace(rules, rules=(*rules.rules, *declared))


def money_by_table(settings: MoneySettings, catalog: Catalog) -> dict[TableName, tuple[str, ...]]:
    """The columns that are taken for money, () for a table without any."""
    found: dict[TableName, tuple[str, ...]] = {t.table_name: () for t in catalog.tables}
    for column in money_columns(settings, {"live": catalog}, lambda *_: None):
        table = (column.schema, column.table)
        found[table] = (*found.get(table, ()), column.name)
    return found


def _lost(run: DataRun) -> list[Unavailable]:
    lost = [
        Unavailable(f"{o.rule.subject} ({o.rule.KIND})", _reason(o), _next_step(o))
        for o in run.outcomes
        if o.ending in ("unavailable", "partial")
    ]
    return lost + [
        Unavailable(f"query {v.query.name}", f"It has no value: {v.reason}.", "Correct it.")
        for v in run.values
        if v.reason
    ]


def _next_step(outcome: RuleOutcome) -> str:
    if outcome.ending == "partial":
        return MORE_TIME
    return outcome.next_step or "Run again; the server's log says why."


def _reason(outcome: RuleOutcome) -> str:
    if outcome.ending == "partial":
        return f"Only {outcome.coverage} were looked at; none of them is wrong."
    return outcome.reason
