"""MIG: pending revisions that code cannot follow, or that could be written better."""

from __future__ import annotations

from collections.abc import Iterator

from pgassay.analysis import safe_rewrites as safe
from pgassay.analysis.column_swap import swapped_columns
from pgassay.analysis.pending_statements import (
    ACCESS_EXCLUSIVE,
    SHARE,
    command,
    is_concurrent,
    location,
    shown,
    statements,
    weight,
)
from pgassay.analysis.revision_code import in_a_revision
from pgassay.check import Check
from pgassay.checks.pending_finding import paste, pending_finding, table_words
from pgassay.facts.assay import Assay
from pgassay.facts.pending_run import MODES, PendingRun
from pgassay.findings import Finding, Severity


def find_name_changed(check: Check, assay: Assay) -> Iterator[Finding]:
    """A pending revision renames what running code uses.

    What:
      A table or column that was there before gets another name, and no other takes the old one in
      the same transaction.

    Why:
      Between the migration and the last process with new code, one of the two fails on the name it
      does not find.

    Fix:
      Expand and contract: a new column beside the old, kept alike by a trigger; code that uses the
      new; then drop the old. For a table: rename it, and leave a view by the old name.

    Example:
      op.alter_column("users", "name", new_column_name="full_name")
    """
    run = assay.pending
    assert isinstance(run, PendingRun)
    for statement in statements(assay):
        swapped = swapped_columns(run, statement)
        for old, new in statement.renamed:
            yield pending_finding(
                check,
                assay,
                statement,
                old,
                f"renames {table_words(old)} to {table_words(new)}",
                why="Code that still runs fails on the old name, and new code before on the new.",
                fix="Leave a view by the old name until all code uses the new one: CREATE VIEW "
                f"{table_words(old)} AS TABLE {table_words(new)}.",
            )
        for change in statement.columns:
            if change.change != "renamed" or change.is_new:
                continue
            if (change.table, change.before) in swapped:
                continue
            yield pending_finding(
                check,
                assay,
                statement,
                change.table,
                f"renames {table_words(change.table)}.{change.before} to {change.after}",
                why="Code that still runs fails on the old name, and new code before on the new.",
                fix=f"Add {change.after} beside it, keep both alike by a trigger, deploy the code "
                f"that uses it, and drop {change.before} in a later revision.",
                subject=f"{table_words(change.table)}.{change.before}",
            )


def find_no_lock_timeout(check: Check, assay: Assay) -> Iterator[Finding]:
    """Pending revisions wait for locks without end.

    What:
      A pending revision takes SHARE or more on a table that is there, with lock_timeout 0.

    Why:
      A lock that has to wait for one long query makes everybody who comes after wait behind it: an
      ALTER TABLE of a millisecond stops the table for as long as the query runs.

    Fix:
      In env.py: create_engine(url, connect_args={"options": "-c lock_timeout=3000"}), for asyncpg
      {"server_settings": {"lock_timeout": "3000"}}; and run the migration again when it fails on
      it. A SET on the connection would begin a transaction that Alembic then does not commit.

    Example:
      ALTER TABLE users ADD COLUMN x int behind a report that runs for an hour.
    """
    run = assay.pending
    assert isinstance(run, PendingRun)
    waiting = [
        (statement, lock)
        for statement in run.statements
        for lock in statement.took
        if lock.strength >= SHARE and not statement.lock_timeout_ms and not is_concurrent(statement)
    ]
    if not waiting:
        return
    statement, lock = waiting[0]
    tables = list(dict.fromkeys(table_words(lock.table) for _, lock in waiting))
    env = assay.main.env if assay.main else None
    yield check.finding(
        env.path if env else run.history,
        f"{len(waiting)} pending statement{'s wait' if len(waiting) > 1 else ' waits'} for a lock "
        f"without end (lock_timeout is 0), such as `{shown(statement)}` for {lock.words} on "
        f"{table_words(lock.table)}.",
        why="Behind a lock that waits for one long query everybody else waits too.",
        fix='In env.py: `create_engine(..., connect_args={"options": "-c lock_timeout=3000"})`, '
        'for asyncpg `connect_args={"server_settings": {"lock_timeout": "3000"}}`; then run a '
        "migration that failed on it again.",
        location=env or location(assay, statement),
        evidence={"tables": tables, "statements": [shown(s) for s, _ in waiting]},
    )


def find_partition_detached(check: Check, assay: Assay) -> Iterator[Finding]:
    """A pending revision detaches a partition while others wait.

    What:
      On scratch, a statement took a partition from its table under ACCESS EXCLUSIVE: DETACH
      PARTITION without CONCURRENTLY, in a DO block too.

    Why:
      ACCESS EXCLUSIVE on the partitioned table and all of its partitions' readers wait for it.

    Fix:
      DETACH PARTITION ... CONCURRENTLY (PostgreSQL 14), outside of a transaction and of a block.
      Where there is a default partition PostgreSQL refuses that: a short lock_timeout, and again.

    Example:
      ALTER TABLE events DETACH PARTITION events_2024
    """
    run = assay.pending
    assert isinstance(run, PendingRun)
    for statement in statements(assay):
        for parent, partition in statement.detached:
            lock = statement.lock_on(parent)
            if lock is None or lock.strength < ACCESS_EXCLUSIVE:
                continue
            yield pending_finding(
                check,
                assay,
                statement,
                parent,
                f"detaches {table_words(partition)} under {lock.words} on {table_words(parent)} "
                f"({weight(assay, parent).words})",
                why="It waits for everybody who reads any partition, and all others wait behind.",
                fix=paste(safe.detach(run, parent, partition)),
            )


def find_view_refreshed(check: Check, assay: Assay) -> Iterator[Finding]:
    """A pending revision refreshes a materialized view while its readers wait.

    What:
      REFRESH MATERIALIZED VIEW without CONCURRENTLY, of one that is there.

    Why:
      ACCESS EXCLUSIVE for as long as its query runs.

    Fix:
      REFRESH MATERIALIZED VIEW CONCURRENTLY, which needs a unique index on it.

    Example:
      REFRESH MATERIALIZED VIEW monthly_totals
    """
    for statement in statements(assay):
        if command(statement) != "REFRESH" or is_concurrent(statement):
            continue
        concurrent = safe.concurrently(statement.sql)
        for view in statement.rewritten:
            yield pending_finding(
                check,
                assay,
                statement,
                view,
                f"keeps readers of {table_words(view)} ({weight(assay, view).words}) out until its "
                "query has run",
                why="ACCESS EXCLUSIVE is held for as long as the view's query takes.",
                fix="With a unique index on it:\n" + paste(in_a_revision(concurrent)),
            )


def find_locked_by_hand(check: Check, assay: Assay) -> Iterator[Finding]:
    """A pending revision locks a table by LOCK.

    What:
      LOCK TABLE in SHARE mode or more on a table that is there.

    Why:
      It is held until the transaction ends, with all that follows in it.

    Fix:
      Leave it out where ALTER TABLE takes what it needs by itself; else as the last thing before
      the commit, with a lock_timeout.

    Example:
      LOCK TABLE users IN EXCLUSIVE MODE
    """
    for statement in statements(assay):
        if command(statement) != "LOCK":
            continue
        for lock in statement.took:
            if lock.strength < MODES.index("ShareLock"):
                continue
            yield pending_finding(
                check,
                assay,
                statement,
                lock.table,
                f"holds {lock.words} on {table_words(lock.table)} until the transaction ends",
                why="Whoever needs the table waits for all that follows in the transaction.",
                fix="Leave it out, or take it last and with a lock_timeout.",
            )


def find_json_column(check: Check, assay: Assay) -> Iterator[Finding]:
    """A pending column is json.

    What:
      A pending revision makes a column of type json.

    Why:
      json keeps the text as it came: it has no equality, so SELECT DISTINCT, UNION and GROUP BY on
      the row fail, and no index fits it.

    Fix:
      jsonb, unless the text itself must be kept.

    Example:
      bad:  sa.Column("payload", sa.JSON())
      good: sa.Column("payload", postgresql.JSONB())
    """
    run = assay.pending
    assert isinstance(run, PendingRun)
    if run.after is None:
        return
    known = {(c.table_name, c.name): c.type for c in run.before.columns}
    files = {r.id: r.location for r in assay.main.revisions} if assay.main else {}
    for column in run.after.columns:
        if column.type != "json" or known.get((column.table_name, column.name)) == "json":
            continue
        yield check.finding(
            f"{table_words(column.table_name)}.{column.name}",
            f"Pending column {table_words(column.table_name)}.{column.name} is json.",
            why="json has no equality: DISTINCT, UNION and GROUP BY over it fail, and no index "
            "fits.",
            fix="Make it jsonb: `postgresql.JSONB()`.",
            location=next((files[r] for r in run.revisions if r in files), None),
        )


B, W, I = Severity.BLOCKER, Severity.WARNING, Severity.INFO  # noqa: E741
P = ("pending",)
S = ("sizes",)
CHECKS: tuple[Check, ...] = (
    Check("MIG007", "name-changed", W, find_name_changed, needs=P, uses=S),
    Check("MIG011", "no-lock-timeout", W, find_no_lock_timeout, needs=P),
    Check("MIG012", "partition-detached-not-concurrently", W, find_partition_detached, needs=P),
    Check("MIG013", "view-refreshed-not-concurrently", W, find_view_refreshed, needs=P, uses=S),
    Check("MIG015", "table-locked-by-hand", W, find_locked_by_hand, needs=P, uses=S),
    Check("MIG017", "json-column", I, find_json_column, needs=P),
)
