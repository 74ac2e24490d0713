"""What the money of a database is, and how it comes to the right types."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from pathlib import Path

import psycopg

from pgassay.analysis.money import required_precision
from pgassay.analysis.money_ways import planned
from pgassay.facts.catalog import Catalog
from pgassay.facts.data_rule import DataRules, Fits
from pgassay.facts.money_plan import ColumnPlan, MoneyPlan
from pgassay.facts.money_profile import ColumnProfile
from pgassay.facts.settings import DataSettings
from pgassay.facts.table_size import TableSizes
from pgassay.facts.unavailable import Unavailable
from pgassay.flows.data import money_by_table
from pgassay.flows.live import Live, read_live
from pgassay.flows.opened_project import open_project
from pgassay.flows.wanted import Progress
from pgassay.postgres.connect_failure import ConnectFailed
from pgassay.postgres.connection import open_readonly
from pgassay.sources.data_run import Asked, run_data_rules
from pgassay.sources.money_profiles import read_money_profiles

_MB = 1024 * 1024


@dataclass(frozen=True, slots=True)
class MoneyPlanRequest:
    root: Path
    config: Path | None = None
    database_url: str | None = None


def money_plan(request: MoneyPlanRequest, progress: Progress) -> MoneyPlan:
    """Profile every money column of the live database and choose each one's way. Raises NotAProject
    or ConfigurationError."""
    opened = open_project(request.root, request.config)
    settings = opened.settings
    progress("Reading the live database")
    with closing(read_live(request.database_url, settings)) as live:
        for lost in (live.server, live.catalog):
            if isinstance(lost, Unavailable):
                return MoneyPlan("", unavailable=(lost,))
        assert isinstance(live.catalog, Catalog)
        assert live.connection is not None
        assert live.target is not None
        shown = live.target.masked()
        sizes = live.sizes()
        if not isinstance(sizes, TableSizes):
            assert sizes is not None
            return MoneyPlan(shown, unavailable=(sizes,))
        progress("Profiling the money")
        try:
            found = read_money_profiles(
                live.connection,
                live.catalog,
                money_by_table(settings.money, live.catalog),
                lambda subject: required_precision(settings.money, subject),
                settings.data.time_limit_s,
            )
            small = settings.migrations.small_table_mb * _MB
            columns = [
                planned(one, sizes.sizes[one.table].bytes, small)
                for one in found
                if isinstance(one, ColumnProfile)
            ]
            columns = _with_keys(live, live.catalog, columns, settings.data)
        except (ConnectFailed, psycopg.Error) as failed:
            reason = f"The money could not be read: {str(failed).strip().splitlines()[0]}"
            return MoneyPlan(shown, unavailable=(Unavailable("money", reason, "Run again."),))
    unread = tuple(one for one in found if isinstance(one, Unavailable))
    return MoneyPlan(shown, tuple(columns), unread)


def _with_keys(
    live: Live, catalog: Catalog, columns: Sequence[ColumnPlan], settings: DataSettings
) -> list[ColumnPlan]:
    """With the rows that people have to decide."""
    rules = {
        column.profile.subject: Fits(
            table=column.profile.table,
            column=column.profile.column,
            precision=column.profile.wanted[0],
            scale=column.profile.wanted[1],
        )
        for column in columns
        if column.refused
    }
    if not rules:
        return list(columns)
    assert live.connection is not None
    assert live.target is not None
    target, limit_ms = live.target, int(settings.time_limit_s * 1000)
    run = run_data_rules(
        live.connection,
        lambda: open_readonly(target, statement_timeout_ms=limit_ms),
        Asked(DataRules("", tuple(rules.values())), catalog, {}, settings),
    )
    found = {outcome.rule.subject: outcome for outcome in run.outcomes}
    return [
        replace(
            column,
            key_columns=found[column.profile.subject].key_columns,
            keys=found[column.profile.subject].keys,
        )
        if column.profile.subject in found
        else column
        for column in columns
    ]
