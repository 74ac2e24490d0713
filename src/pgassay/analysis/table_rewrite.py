"""What there is instead of a statement that writes a whole table anew."""

from __future__ import annotations

from pgassay.analysis.added_rewrite import added_rewrite
from pgassay.analysis.pending_statements import command
from pgassay.analysis.retyped_rewrite import retyped_rewrite
from pgassay.analysis.sql_identifier import qualified
from pgassay.facts.catalog import Catalog, Table, TableName
from pgassay.facts.pending_run import ColumnChange, PendingRun, WatchedStatement

_BESIDE = (
    "else make a new table beside it, keep it alike by a trigger, copy the rows in batches and "
    "swap the names"
)


def cause(run: PendingRun, statement: WatchedStatement, table: TableName) -> str:
    """What about the statement writes the table anew."""
    for change in _changes(run, statement, table):
        if change.change == "retyped":
            return f"changes {change.name} from {change.before} to {change.after}"
        return f"adds {change.name} with a value that is made for each row"
    return "writes it anew"


def table_rewrite(run: PendingRun, statement: WatchedStatement, table: TableName) -> str:
    """As a fix shows it."""
    changes = _changes(run, statement, table)
    if len(changes) > 1:
        names = ", ".join(c.name for c in changes)
        return (
            f"Make each change a statement of its own ({names}), and run `pgassay check` again: "
            "each that writes the table anew then has its own code to paste."
        )
    if changes:
        write = retyped_rewrite if changes[0].change == "retyped" else added_rewrite
        return write(run, statement, changes[0])
    return _of_the_table(run, statement, table)


def _changes(run: PendingRun, statement: WatchedStatement, table: TableName) -> list[ColumnChange]:
    """Columns that got a type or were added, the retyped first: of the table, else of the nearest
    that it has its columns from."""
    # They come in any order.
    own = sorted((c for c in statement.columns if c.table == table), key=lambda c: c.name)
    found = [c for kind in ("retyped", "added") for c in own if c.change == kind]
    relation = _table(run.before, table)
    if found or relation is None:
        return found
    parents = {relation.partition_of, *relation.inherits}
    above = [t.table_name for t in run.before.tables if qualified(*t.table_name) in parents]
    return next(filter(None, (_changes(run, statement, name) for name in above)), [])


def _of_the_table(run: PendingRun, statement: WatchedStatement, table: TableName) -> str:
    """The tools' options are those of their documentation: pg_repack's --order-by and
    --tablespace."""
    name, did = qualified(*table), command(statement)
    old, new = _table(run.before, table), _table(run.after, table)
    repack = f"    pg_repack --no-kill-backend --table={name}"
    if did == "CLUSTER":
        return (
            "pg_repack orders the rows while others work; name the index's columns:\n"
            f"{repack} --order-by=COLUMNS"
        )
    if did == "VACUUM":
        return (
            "pg_repack (or pg_squeeze) gives the space back while others work; plain VACUUM makes "
            f"it usable again:\n{repack}"
        )
    if run.failure is not None:
        # What was known of the columns went with the transaction that failed.
        return (
            f"Correct {run.failure.revision}, which fails, and run `pgassay check` again: once all "
            "pending revisions run, their code to paste stands here."
        )
    if old and new and old.persistence != new.persistence:
        emptied = (
            " An unlogged table is emptied by a crash, and no replica or backup of the WAL has it."
            if new.persistence == "unlogged"
            else ""
        )
        return (
            "PostgreSQL has no way that keeps nobody out. Do it in a quiet hour, with a "
            f"lock_timeout; {_BESIDE}.{emptied}"
        )
    if old and new and old.tablespace != new.tablespace:
        place = new.tablespace or "pg_default"
        return f"pg_repack moves it while others work:\n{repack} --tablespace={place}"
    return (
        "pg_repack and pg_squeeze write a table anew while others work, where that is all that is "
        f"wanted; {_BESIDE}."
    )


def _table(catalog: Catalog | None, name: TableName) -> Table | None:
    return next((t for t in (catalog.tables if catalog else ()) if t.table_name == name), None)
