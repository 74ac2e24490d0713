"""Proposing rules for the rows of a database."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from pathlib import Path

import psycopg

from pgassay.actions.write_files import FileChange, write_files
from pgassay.analysis.inference import Seen, proposals, supported
from pgassay.analysis.money import required_precision
from pgassay.analysis.rule_written import bare, written
from pgassay.analysis.sql_identifier import qualified, quoted
from pgassay.facts.data_rule import Balanced, DataRule, DataRules, NamedQuery
from pgassay.facts.proposal import Proposal
from pgassay.facts.unavailable import Unavailable
from pgassay.flows.data import money_by_table, rules_of_file
from pgassay.flows.live import read_live
from pgassay.flows.opened_project import open_project
from pgassay.flows.wanted import Progress, Wanted
from pgassay.postgres.connect_failure import ConnectFailed
from pgassay.postgres.connection import open_readonly
from pgassay.render.data_rules_yaml import proposed_rules
from pgassay.sources.column_statistics import read_column_statistics
from pgassay.sources.data_run import Asked, run_data_rules
from pgassay.sources.scan_pace import TimeSpent


@dataclass(frozen=True, slots=True)
class InferRequest:
    root: Path
    config: Path | None = None
    database_url: str | None = None
    write: bool = False


@dataclass(frozen=True, slots=True)
class Inferred:
    """`text` is the file of rules, `path` where it was written, "" for nowhere. `known` is how many
    of the proposals stand in the project's file already; they are left out. `lost` could not be
    asked."""

    text: str
    proposals: tuple[Proposal, ...]
    path: str = ""
    known: int = 0
    lost: tuple[Unavailable, ...] = ()


class NotInferred(Exception):
    """Nothing could be proposed. The message says why and what to do."""


def infer(request: InferRequest, progress: Progress) -> Inferred:
    """Propose, ask the rows, keep what they support. Raises NotAProject, ConfigurationError,
    NotInferred or NotWritten."""
    opened = open_project(request.root, request.config)
    wanted = Wanted(opened.root, opened.settings, request.database_url)
    rules = rules_of_file(wanted)
    settings = opened.settings
    if request.write and rules is not None:
        raise NotInferred(
            f"{settings.data.file} is there already and was left as it is. Without --write the "
            "proposals that it lacks are shown, to be put into it by hand."
        )
    progress("Reading the live database")
    with closing(read_live(request.database_url, settings)) as live:
        if isinstance(live.server, Unavailable):
            raise NotInferred(f"{live.server.reason} {live.server.next_step}")
        if isinstance(live.catalog, Unavailable):
            raise NotInferred(f"{live.catalog.reason} {live.catalog.next_step}")
        assert live.catalog is not None
        assert live.connection is not None
        assert live.target is not None
        target = live.target
        seen = Seen(
            live.catalog,
            money_by_table(settings.money, live.catalog),
            read_column_statistics(live.connection),
        )
        made = proposals(seen, lambda subject: required_precision(settings.money, subject))
        progress(f"Asking the rows about {len(made)} proposals")
        counts = _counts(made)
        limit_ms = int(settings.data.time_limit_s * 1000)
        try:
            run = run_data_rules(
                live.connection,
                lambda: open_readonly(target, statement_timeout_ms=limit_ms),
                Asked(
                    DataRules("", tuple(p.rule for p in made), tuple(counts)),
                    live.catalog,
                    seen.money,
                    settings.data,
                ),
            )
        except TimeSpent as spent:
            told = f"The {settings.data.time_limit_s:g} s were over before the first row was read."
            step = "[data] time_limit_s in pgassay.toml allows more."
            raise NotInferred(f"{told} {step}") from spent
        except (ConnectFailed, psycopg.Error) as failed:
            raise NotInferred(f"The rows could not be asked: {failed}") from failed
    numbers = {v.query: int(v.value) for v in run.values if v.value is not None}
    rows = {rule: numbers.get(query, 0) for query, about in counts.items() for rule in about}
    kept = _best(tuple(supported(made, run.outcomes, rows)))
    there = {bare(rule) for rule in rules.rules} if rules is not None else set()
    new = tuple(p for p in kept if bare(p.rule) not in there)
    text = proposed_rules([(p, written(p.rule)) for p in new])
    path = ""
    if request.write:
        write_files(opened.root, [FileChange(settings.data.file, text)])
        path = settings.data.file
    lost = tuple(
        Unavailable(f"{o.rule.subject} ({o.rule.KIND})", o.reason, o.next_step)
        for o in run.outcomes
        if o.ending in ("unavailable", "partial")
    )
    return Inferred(text, new, path, len(kept) - len(new), lost)


def _counts(made: Sequence[Proposal]) -> dict[NamedQuery, list[DataRule]]:
    """How many rows, or journals, each rule is about: one query for all rules of a table."""
    found: dict[NamedQuery, list[DataRule]] = {}
    for proposal in made:
        rule = proposal.rule
        what = f"DISTINCT {quoted(rule.journal)}" if isinstance(rule, Balanced) else "*"
        sql = f"SELECT count({what}) FROM {qualified(*rule.table)}"  # noqa: S608 - quoted names
        found.setdefault(NamedQuery(sql, sql), []).append(rule)
    return found


def _best(kept: tuple[Proposal, ...]) -> tuple[Proposal, ...]:
    """Of two proposals that ask the same only the first."""
    seen: dict[DataRule, Proposal] = {}
    for proposal in kept:
        seen.setdefault(bare(proposal.rule), proposal)
    return tuple(replace(p, rule=bare(p.rule)) for p in seen.values())
