"""A column that takes another's name in the moment in which that one gives it up."""

from __future__ import annotations

from pgassay.facts.catalog import TableName
from pgassay.facts.pending_run import PendingRun, WatchedStatement


def swapped_columns(
    run: PendingRun, statement: WatchedStatement
) -> frozenset[tuple[TableName, str]]:
    """The names, with their tables, that pass from one column to another in the transaction of the
    statement: code that uses them finds one before and after."""
    renamed = [
        change
        for one in run.statements
        if one.transaction == statement.transaction
        for change in one.columns
        if change.change == "renamed"
    ]
    given_up = {(change.table, change.before) for change in renamed}
    return frozenset(given_up & {(change.table, change.after) for change in renamed})
