"""What pending revisions do only where there are rows, which scratch has not."""

from __future__ import annotations

import re
from collections.abc import Iterator

from pgassay.analysis.pending_statements import shown
from pgassay.analysis.sql_effects import hides_something
from pgassay.facts.history import History
from pgassay.facts.other_path import Condition
from pgassay.facts.pending_run import PendingRun, WatchedStatement
from pgassay.facts.unavailable import Unavailable

_OPERATION = re.compile(
    r"\b(?:CREATE|ALTER|DROP|TRUNCATE)\b(?!\s+OR\s+REPLACE\s+(?:FUNCTION|PROCEDURE)\b)",
    re.IGNORECASE,
)


def asked_rows(history: History, run: PendingRun, hangs: str) -> Iterator[tuple[str, Condition]]:
    """(revision, condition) of what is pending and asks for rows before it changes "schema" or
    "rows"."""
    pending = set(run.revisions)
    for revision in history.revisions:
        if revision.id in pending:
            yield from ((revision.id, c) for c in revision.asks if c.hangs == hangs)


def unseen_operations(history: History, run: PendingRun) -> tuple[Unavailable, ...]:
    """Operations on the schema that hang on rows, and so did not run, or would not there; one for
    each revision."""
    found: dict[str, str] = {}
    for revision, condition in asked_rows(history, run, "schema"):
        found.setdefault(revision, f"`{condition.what}`, {condition.location}")
    for statement in run.statements:
        if _kept_still(statement):
            found.setdefault(statement.revision, f"`{shown(statement)}`")
    return tuple(
        Unavailable(
            f"pending revisions of {history.name}",
            f"{revision} changes the schema only where it finds rows, or none ({where}), and "
            "scratch has no rows: what it does to production was not seen.",
            f"Let {revision} do it whatever rows there are, or look through it by hand.",
        )
        for revision, where in found.items()
    )


def _kept_still(statement: WatchedStatement) -> bool:
    """Whether a block or routine that has operations on the schema read a table that was there, and
    did none of them."""
    block = statement.sql if hides_something(statement.sql) else ""
    return (
        bool(statement.scanned or statement.looked_up)
        and not statement.touches
        and _OPERATION.search(f"{block} {statement.routines}") is not None
    )
