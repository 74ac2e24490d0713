"""Which failures of scripts remain when they are tried again on other ground."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from pgassay.facts.sql_run import SqlFailure, SqlRun


def failing_on_both(runs: Sequence[SqlRun], again: Sequence[SqlRun]) -> tuple[SqlRun, ...]:
    """`runs` without the failures that did not come again; a script that was not tried again keeps
    its own."""
    by_name = {run.name: run for run in again}
    return tuple(
        still_failing(run, by_name[run.name].failures) if run.name in by_name else run
        for run in runs
    )


def still_failing(run: SqlRun, again: Sequence[SqlFailure]) -> SqlRun:
    """`run` without the failures by itself that are not among those of `again`."""
    still = {(f.location, f.statement) for f in again if f.fate != "already"}
    kept = tuple(
        f
        for f in run.failures
        if f.fate not in ("fails", "follows") or (f.location, f.statement) in still
    )
    return replace(run, failures=kept)
