"""MIG: pending revisions that lose data, change it all at once, or fail on what is there."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from pgassay.analysis import safe_rewrites as safe
from pgassay.analysis.money_revisions.contract import leftovers
from pgassay.analysis.pending_rows import asked_rows
from pgassay.analysis.pending_statements import (
    ACCESS_EXCLUSIVE,
    ROW_EXCLUSIVE,
    changes_rows,
    command,
    known_empty,
    location,
    shown,
    statements,
    weight,
)
from pgassay.analysis.revision_code import in_a_revision
from pgassay.analysis.revision_conditions import stops_by_itself
from pgassay.analysis.sql_effects import hides_something
from pgassay.analysis.sql_identifier import qualified, quoted
from pgassay.analysis.type_change import keeps_every_value
from pgassay.check import Check
from pgassay.checks.pending_finding import paste, pending_finding, table_words
from pgassay.facts.assay import Assay
from pgassay.facts.catalog import TableName
from pgassay.facts.pending_run import Extent, PendingRun, WatchedStatement
from pgassay.findings import Finding, Severity

_COMMITS = re.compile(r"\bCOMMIT\b", re.IGNORECASE)


def find_required_without_value(check: Check, assay: Assay) -> Iterator[Finding]:
    """A pending column is NOT NULL and has no value for the rows there are.

    What:
      A pending revision adds a NOT NULL column without a default to a table that is there. On an
      empty scratch table that passes.

    Why:
      On a table with rows it fails: "column contains null values".

    Fix:
      Add the column nullable or with a constant default, which costs nothing (PostgreSQL 11); fill
      the old rows in batches; then make it NOT NULL.

    Example:
      bad:  ALTER TABLE users ADD COLUMN plan text NOT NULL
      good: ALTER TABLE users ADD COLUMN plan text NOT NULL DEFAULT 'free'
    """
    for statement in statements(assay):
        for change in statement.columns:
            if change.change != "added" or not change.fails_on_rows:
                continue
            if known_empty(assay, change.table):
                continue
            place, name = qualified(*change.table), quoted(change.name)
            default = f"ALTER TABLE {place} ADD COLUMN {name} {change.after} NOT NULL DEFAULT ..."
            found = pending_finding(
                check,
                assay,
                statement,
                change.table,
                f"adds {change.name} NOT NULL without a value for the rows that "
                f"{table_words(change.table)} ({weight(assay, change.table).words}) has, and fails "
                "on the first of them",
                why='PostgreSQL refuses it as soon as there is a row: "contains null values".',
                fix=f"With a constant, which writes no row:\n"
                f"{paste(in_a_revision(default))}\n"
                "or nullable, filled in batches, and NOT NULL in a later revision.",
                subject=f"{table_words(change.table)}.{change.name}",
            )
            # It fails on small tables as well.
            yield _at_least(found, check.severity)


def find_data_removed(check: Check, assay: Assay) -> Iterator[Finding]:
    """A pending revision removes data.

    What:
      DROP TABLE, DROP COLUMN or TRUNCATE of a table that was there before. A DELETE is MIG009. It
      is a warning for what `pgassay money plan --write` left, since another column has the values.

    Why:
      It is gone with the commit, and a downgrade makes the column again but not its values. Code
      that still runs fails on what it no longer finds.

    Fix:
      Deploy code first that does without; keep a backup that was restored once; then drop, and say
      so by a waiver. Rows: in batches.

    Example:
      op.drop_column("users", "phone")
    """
    run = assay.pending
    assert isinstance(run, PendingRun)
    left = {(one.table, one.column) for one in leftovers(run.before)}
    for statement in statements(assay):
        removed: list[tuple[str, TableName, str]] = [
            ("drops the table with all its rows", table, "") for table in statement.dropped
        ]
        removed += [
            (f"drops {c.name} ({c.before}) with all its values", c.table, c.name)
            for c in statement.columns
            if c.change == "dropped" and not c.is_new and c.table not in statement.dropped
        ]
        if command(statement) == "TRUNCATE":
            removed += [("removes all rows", table, "") for table in statement.rewritten]
        for does, table, column in removed:
            if known_empty(assay, table):
                continue
            subject = f"{table_words(table)}.{column}" if column else table_words(table)
            found = pending_finding(
                check,
                assay,
                statement,
                table,
                f"{does} ({table_words(table)}, {weight(assay, table).words})",
                why="A downgrade does not bring it back, and code that still runs fails without.",
                fix="Deploy code that does without it first; see that a backup holds it; then "
                f'accept this by a waiver: code = "{check.code}", subject = "{subject}".',
                subject=subject,
            )
            is_left = (table, column) in left
            yield _at_least(found, Severity.WARNING if is_left else check.severity)


def find_rows_changed_at_once(check: Check, assay: Assay) -> Iterator[Finding]:
    """A pending revision changes many rows in one go.

    What:
      An UPDATE, DELETE or MERGE in one transaction of rows that it does not name by a whole key:
      the server's plan for it is read, so an index that leads to the rows does not hide them. A
      blocker where the same transaction holds ACCESS EXCLUSIVE on a table, as after an ALTER TABLE.
      A block or a function has no plan to read: one that reads a table from end to end is found as
      well, one that looks it up by an index as information. What a revision does only for rows
      that it asks for, as in a loop over them, does not run on scratch: its text is read.

    Why:
      Every row stays locked until the commit, the table grows by a copy of each, and VACUUM cannot
      clean up meanwhile. With an ALTER before it nobody reads that table for as long.

    Fix:
      In batches with a commit after each, in a revision or a job of its own after the schema
      change.

    Example:
      bad:  op.add_column(...); op.execute("UPDATE users SET plan = 'free'")
      good: the UPDATE in an autocommit_block(), 5,000 rows at a time
    """
    for statement in statements(assay):
        if not changes_rows(statement):
            continue
        blocked = [lock.table for lock in statement.held if lock.strength >= ACCESS_EXCLUSIVE]
        worst = Severity.BLOCKER if blocked else Severity.WARNING
        under = (
            f", while the transaction holds ACCESS EXCLUSIVE on "
            f"{', '.join(map(table_words, blocked))}"
            if blocked
            else ""
        )
        for table, does, is_sure in _changed(assay, statement):
            yield pending_finding(
                check,
                assay,
                statement,
                table,
                f"{does} in one transaction{under}",
                why="Nobody reads or writes what is locked so until it commits."
                if blocked
                else "Its rows stay locked until it commits, and the table grows by a copy of each "
                "row that changes.",
                fix="In batches, each with a commit, after the schema change. A row that is done "
                "may be met again, so the condition must not hold for it any more:\n"
                f"{paste(safe.batches(table, deletes=_deletes(statement)))}",
                worst=worst if is_sure else Severity.INFO,
            )
    if assay.main is None or not isinstance(assay.pending, PendingRun):
        return
    for revision, condition in asked_rows(assay.main, assay.pending, "rows"):
        how = "one by one, for each row of" if condition.in_a_loop else "depending on the rows of"
        yield check.finding(
            f"{assay.main.name}: {revision}",
            f"{revision} changes rows {how} `{condition.what}`, in one transaction. Scratch has no "
            "rows, so which it changes was not seen.",
            why="What it changes stays locked until it commits, for as long as that takes.",
            fix="In batches, each with a commit: in an autocommit_block(), by statements that take "
            "some thousand rows at a time.",
            location=condition.location,
            severity=Severity.WARNING,
            evidence={"revision": revision, "asks": condition.what},
        )
    for statement in statements(assay):
        if _left_nothing_to_see(statement):
            yield check.finding(
                f"{assay.main.name}: {statement.revision}",
                f"`{shown(statement)}` in {statement.revision} changes rows in a transaction of "
                "its own, of which nothing is left to see: a few or all is not known.",
                why="If all, they stay locked until it ends, for as long as that takes.",
                fix="Commit within: COMMIT after some thousand rows, which a DO block and a "
                "procedure may do in an autocommit_block().",
                location=location(assay, statement),
                severity=Severity.WARNING,
                evidence={"revision": statement.revision, "statement": statement.sql},
            )


def _left_nothing_to_see(statement: WatchedStatement) -> bool:
    """Whether it is a block or calls a routine that changes rows, and ended its transaction, so
    that nobody could ask what it read."""
    return (
        statement.alone
        and changes_rows(statement)
        and statement.changes is None
        and (hides_something(statement.sql) or bool(statement.routines))
        and not (statement.scanned or statement.looked_up)
        and _COMMITS.search(f"{statement.sql} {statement.routines}") is None
    )


def _changed(assay: Assay, statement: WatchedStatement) -> Iterator[tuple[TableName, str, bool]]:
    """(table, what the statement does to it, whether that is sure)."""

    def words(table: TableName) -> str:
        return f"{table_words(table)} ({weight(assay, table).words})"

    if statement.changes is not None:
        for table, extent in statement.changes:
            if extent is Extent.BATCH and not statement.alone:
                yield table, f"changes {words(table)} in parts, but all", True
            elif extent is Extent.MANY and table in statement.scanned:
                yield table, f"goes through all of {words(table)}", True
            elif extent is Extent.MANY:
                yield table, f"changes the rows of {words(table)} that match, many or all,", True
        return
    for table in statement.scanned:
        if statement.alone or statement.lock_on(table) is not None:
            yield table, f"goes through all of {words(table)}", True
    for table in statement.looked_up:
        lock = statement.lock_on(table)
        if table not in statement.scanned and lock is not None and lock.strength >= ROW_EXCLUSIVE:
            yield table, f"may change one row or all of {words(table)}, found by an index,", False


def find_values_may_not_fit(check: Check, assay: Assay) -> Iterator[Finding]:
    """A pending type does not hold every value that the old one did.

    What:
      A pending revision gives a column a narrower type, or one of another kind. It is info in a
      DO block that looks at the values itself, and stops.

    Why:
      It fails on the first value that does not fit, or rounds values without a word, and a
      downgrade does not bring the digits back.

    Fix:
      Look for values that do not fit before; convert through text with a USING that says what
      becomes of the rest.

    Example:
      numeric(12,4) to numeric(12,2); varchar(200) to varchar(50)
    """
    for statement in statements(assay):
        for change in statement.columns:
            if change.change != "retyped" or change.is_new:
                continue
            if keeps_every_value(change.before, change.after) or known_empty(assay, change.table):
                continue
            found = pending_finding(
                check,
                assay,
                statement,
                change.table,
                f"changes {table_words(change.table)}.{change.name} from {change.before} to "
                f"{change.after}, which does not hold every value of it",
                why="It fails on the first value that does not fit, or rounds it without a word.",
                fix="Count the values that would change before, and write a USING that says what "
                "becomes of them.",
                subject=f"{table_words(change.table)}.{change.name}",
            )
            is_refused = stops_by_itself(statement.sql)
            yield _at_least(found, Severity.INFO if is_refused else check.severity)


def _deletes(statement: WatchedStatement) -> bool:
    return command(statement) == "DELETE"


def _at_least(finding: Finding, severity: Severity) -> Finding:
    """Data is as dear in a small table."""
    return replace(finding, severity=severity)


B, W = Severity.BLOCKER, Severity.WARNING
P = ("pending",)
S = ("sizes",)
CHECKS: tuple[Check, ...] = (
    Check("MIG006", "required-without-value", B, find_required_without_value, needs=P, uses=S),
    Check("MIG008", "data-removed", B, find_data_removed, needs=P, uses=S),
    Check("MIG009", "rows-changed-at-once", W, find_rows_changed_at_once, needs=P, uses=S),
    Check("MIG014", "values-may-not-fit", W, find_values_may_not_fit, needs=P, uses=S),
)
