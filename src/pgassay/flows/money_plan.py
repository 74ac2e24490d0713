"""What the money of a database is, and how it comes to the right types."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from pathlib import Path

import psycopg

from pgassay.analysis.money import matches, required_precision
from pgassay.analysis.money_revisions.contract import leftovers
from pgassay.analysis.money_revisions.conversion import Conversion
from pgassay.analysis.money_revisions.rounded_rows import rounded_rows
from pgassay.analysis.money_ways import by_hand, planned
from pgassay.analysis.row_keys import row_key
from pgassay.facts.catalog import Catalog, TableName
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
from pgassay.sources.configuration import ConfigurationError
from pgassay.sources.data_run import Asked, run_data_rules
from pgassay.sources.money_profiles import read_money_profiles
from pgassay.sources.money_roundings import read_roundings


@dataclass(frozen=True, slots=True)
class MoneyPlanRequest:
    """`columns` are patterns for the columns that are asked for, () for all."""

    root: Path
    config: Path | None = None
    database_url: str | None = None
    columns: tuple[str, ...] = ()


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
            asked = _asked(request.columns, money_by_table(settings.money, live.catalog))
            found = read_money_profiles(
                live.connection,
                live.catalog,
                asked,
                lambda subject: required_precision(settings.money, subject),
                settings.data.time_limit_s,
            )
            columns = [
                planned(one, sizes.sizes[one.table], settings.migrations.small_table_mb)
                for one in found
                if isinstance(one, ColumnProfile)
            ]
            columns += [
                one
                for column in live.catalog.columns
                if column.name in asked.get(column.table_name, ())
                for one in (
                    by_hand(
                        column,
                        required_precision(settings.money, column.subject),
                        sizes.sizes[column.table_name],
                    ),
                )
                if one
            ]
            columns = _with_keys(live, live.catalog, columns, settings.data)
            columns = [_with_roundings(live, live.catalog, c, settings.data) for c in columns]
        except (ConnectFailed, psycopg.Error) as failed:
            reason = f"The money could not be read: {str(failed).strip().splitlines()[0]}"
            return MoneyPlan(shown, unavailable=(Unavailable("money", reason, "Run again."),))
    unread = tuple(one for one in found if isinstance(one, Unavailable))
    left = tuple(one.subject for one in leftovers(live.catalog))
    return MoneyPlan(shown, tuple(columns), left, unread)


def _asked(
    patterns: Sequence[str], money: Mapping[TableName, tuple[str, ...]]
) -> Mapping[TableName, tuple[str, ...]]:
    """Raises ConfigurationError where a pattern fits none."""
    subjects = {(t, c): ".".join((*t, c)) for t, columns in money.items() for c in columns}
    for pattern in patterns:
        if not any(matches(subject, pattern) for subject in subjects.values()):
            known = ", ".join(subjects.values()) or "none"
            raise ConfigurationError(f"--column {pattern} fits none of the money columns: {known}.")
    if not patterns:
        return money
    return {
        table: tuple(
            c for c in columns if any(matches(subjects[table, c], one) for one in patterns)
        )
        for table, columns in money.items()
    }


def _with_roundings(
    live: Live, catalog: Catalog, column: ColumnPlan, settings: DataSettings
) -> ColumnPlan:
    """With the first of the values that would be rounded."""
    if column.way == "kept" or not column.rounds:
        return column
    assert live.connection is not None
    profile = column.profile
    place = (*profile.table, profile.column)
    fact = next(c for c in catalog.columns if c.identity == place)
    asked = rounded_rows(catalog, Conversion(fact, profile.wanted))
    found = read_roundings(live.connection, catalog, profile.table, asked, settings.time_limit_s)
    key = row_key(profile.table, catalog)
    return replace(column, key_columns=key, roundings=found, roundings_sql=asked)


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
