"""MIG: pending revisions that keep others waiting while they read or write a table."""

from __future__ import annotations

from collections.abc import Iterator

from pgassay.analysis import safe_rewrites as safe
from pgassay.analysis.pending_statements import (
    ACCESS_EXCLUSIVE,
    SHARE,
    command,
    is_concurrent,
    statements,
    weight,
)
from pgassay.analysis.table_rewrite import cause, table_rewrite
from pgassay.check import Check
from pgassay.checks.pending_finding import paste, pending_finding, table_words, under
from pgassay.facts.assay import Assay
from pgassay.facts.catalog import TableName
from pgassay.facts.pending_run import NewForeignKey, PendingRun, WatchedStatement
from pgassay.findings import Finding, Severity

_ELSEWHERE = (
    *("UPDATE", "DELETE", "INSERT", "MERGE", "COPY", "SELECT", "VALUES", "TABLE", "REFRESH"),
    *("TRUNCATE", "CLUSTER", "VACUUM", "REINDEX", "DROP", "LOCK"),
)
"""Commands whose reading is judged by another check, or keeps nobody waiting."""


def find_table_rewritten(check: Check, assay: Assay) -> Iterator[Finding]:
    """A pending revision writes a whole table anew.

    What:
      On scratch, a statement of a pending revision gave a table another file: every row is written
      again, and every index built again. It changes a column's type, adds a column with a default
      that differs from row to row or is generated and stored, or does CLUSTER, VACUUM FULL, SET
      LOGGED, SET TABLESPACE or SET ACCESS METHOD.

    Why:
      ACCESS EXCLUSIVE is held for as long as it takes: nobody reads or writes the table. It needs
      the table's size again on disk and in WAL.

    Fix:
      The finding has the revisions to paste, with all that hangs on the column. For a type: a new
      column that a trigger keeps alike, filled in batches, takes the old one's place. For a
      default: add the column without, set the default, fill in batches. For CLUSTER and VACUUM
      FULL: pg_repack or pg_squeeze.

    Example:
      bad:  ALTER TABLE users ALTER COLUMN id TYPE bigint
      good: ALTER TABLE users ADD COLUMN id_new bigint, then batches and a swap
    """
    run = assay.pending
    assert isinstance(run, PendingRun)
    for statement in statements(assay):
        if command(statement) in ("TRUNCATE", "REFRESH"):
            continue
        for table in statement.rewritten:
            yield pending_finding(
                check,
                assay,
                statement,
                table,
                f"{cause(run, statement, table)}, so all of {table_words(table)} "
                f"({weight(assay, table).words}) is written again{under(statement, table)}",
                why="Nobody reads or writes the table meanwhile, and it needs its size again on "
                "disk.",
                fix=paste(table_rewrite(run, statement, table)),
            )


def find_table_read_under_lock(check: Check, assay: Assay) -> Iterator[Finding]:
    """A pending revision reads a whole table while it is locked.

    What:
      On scratch, a statement read a table from end to end under SHARE ROW EXCLUSIVE or more: SET
      NOT NULL, a CHECK that is validated at once, a partition that is attached, or VALIDATE in the
      transaction that added the constraint.

    Why:
      Writers, and under ACCESS EXCLUSIVE readers too, wait until all rows were looked at.

    Fix:
      Add the constraint NOT VALID, and VALIDATE it in another transaction, which lets everybody
      work. SET NOT NULL reads nothing where such a CHECK proves it (PostgreSQL 12).

    Example:
      bad:  ALTER TABLE users ALTER COLUMN email SET NOT NULL
      good: ... ADD CHECK (email IS NOT NULL) NOT VALID; VALIDATE later; then SET NOT NULL
    """
    run = assay.pending
    assert isinstance(run, PendingRun)
    for statement in statements(assay):
        if command(statement) in _ELSEWHERE:
            continue
        keys = {k.table for k in statement.foreign_keys if k.validated}
        keys |= {k.referenced for k in statement.foreign_keys if k.validated}
        busy = {*statement.rewritten, *statement.indexed, *statement.reindexed, *keys}
        for table in statement.scanned:
            lock = statement.lock_on(table)
            if table in busy or lock is None or lock.strength <= SHARE:
                continue
            required = [c for c in statement.columns if (c.table, c.change) == (table, "required")]
            if any(c.fails_on_rows for c in statement.columns if c.table == table):
                continue  # MIG006 says more
            if required:
                rewrite = safe.not_null(run, table, required[0].name)
            else:
                rewrite = safe.check(run, table, statement.sql)
            yield pending_finding(
                check,
                assay,
                statement,
                table,
                f"reads all of {table_words(table)} ({weight(assay, table).words})"
                f"{under(statement, table)}",
                why="Everybody who writes to the table, and under ACCESS EXCLUSIVE who reads it, "
                "waits until all rows were looked at.",
                fix=f"In two steps:\n{paste(rewrite)}"
                if rewrite
                else "Look through the rows in another transaction than the one that locks: NOT "
                "VALID first, VALIDATE CONSTRAINT in the next revision; of a partition, a CHECK "
                "that proves its bounds before ATTACH.",
            )


def find_foreign_key_validated(check: Check, assay: Assay) -> Iterator[Finding]:
    """A pending foreign key is validated at once.

    What:
      A pending revision adds a foreign key to a table that is there, and PostgreSQL looks through
      its rows in the same statement.

    Why:
      SHARE ROW EXCLUSIVE on both tables until all rows were looked up: nobody writes to either.

    Fix:
      ADD CONSTRAINT ... NOT VALID, then VALIDATE CONSTRAINT in another transaction.

    Example:
      bad:  ALTER TABLE orders ADD FOREIGN KEY (user_id) REFERENCES users (id)
      good: ... NOT VALID, and in the next revision VALIDATE CONSTRAINT orders_user_id_fkey
    """
    run = assay.pending
    assert isinstance(run, PendingRun)
    for statement in statements(assay):
        for key in statement.foreign_keys:
            if not key.validated or not _is_looked_up(run, statement, key):
                continue
            yield pending_finding(
                check,
                assay,
                statement,
                key.table,
                f"adds foreign key {key.name} and looks up all rows of {table_words(key.table)} "
                f"({weight(assay, key.table).words}) in {table_words(key.referenced)} at once, "
                "under SHARE ROW EXCLUSIVE on both",
                why="Nobody writes to either table until all rows were looked up.",
                fix=f"In two steps:\n{paste(safe.foreign_key(run, key))}",
                subject=f"{table_words(key.table)}.{key.name}",
            )


def find_lock_held_through_more(check: Check, assay: Assay) -> Iterator[Finding]:
    """A pending revision holds one table while it works on another.

    What:
      A statement took ACCESS EXCLUSIVE on a table, and the same transaction then rewrites, reads or
      indexes another one that is there. By default Alembic runs all pending revisions in one
      transaction.

    Why:
      The first table stays locked until the work on the other is done.

    Fix:
      Commit between them: a revision each, and `transaction_per_migration=True` in env.py's
      context.configure().

    Example:
      ALTER TABLE users ADD COLUMN x int, then CREATE INDEX on the ten times bigger orders.
    """
    told: set[tuple[TableName, int]] = set()
    for statement in statements(assay):
        busy = {*statement.rewritten, *statement.indexed, *statement.scanned, *statement.reindexed}
        if is_concurrent(statement) or not busy:
            continue
        for lock in statement.held:
            others = [t for t in busy if t != lock.table and not weight(assay, t).is_small]
            if lock.strength < ACCESS_EXCLUSIVE or lock.table in busy or not others:
                continue
            if (lock.table, statement.transaction) in told:
                continue
            told.add((lock.table, statement.transaction))
            named = ", ".join(map(table_words, others))
            yield pending_finding(
                check,
                assay,
                statement,
                lock.table,
                f"works on {named} ({weight(assay, others[0]).words}) while the transaction holds "
                f"ACCESS EXCLUSIVE on {table_words(lock.table)} since an earlier statement",
                why=f"Nobody reads or writes {table_words(lock.table)} until that work is done.",
                fix="Put them into transactions of their own: a revision each, with "
                "`transaction_per_migration=True` in env.py's context.configure(), or this "
                "statement first.",
                weighs=others[0],
            )


def _is_looked_up(run: PendingRun, statement: WatchedStatement, key: NewForeignKey) -> bool:
    """Whether its rows are: not those of a column that is added with it, which is empty. A column
    that gets another type gets its keys anew, which its table's rewrite stands for."""
    if key.table in statement.rewritten or key.table not in statement.scanned:
        return False
    catalog = run.after.constraints if run.after else ()
    own = [c.columns for c in catalog if (c.table_name, c.name) == (key.table, key.name)]
    added = {c.name for c in statement.columns if (c.table, c.change) == (key.table, "added")}
    return not own or not added.issuperset(own[0])


B, W = Severity.BLOCKER, Severity.WARNING
P = ("pending",)
S = ("sizes",)
CHECKS: tuple[Check, ...] = (
    Check("MIG001", "table-rewritten", B, find_table_rewritten, needs=P, uses=S),
    Check("MIG002", "table-read-under-lock", B, find_table_read_under_lock, needs=P, uses=S),
    Check(
        "MIG003", "foreign-key-validated-at-once", B, find_foreign_key_validated, needs=P, uses=S
    ),
    Check("MIG010", "lock-held-through-more", B, find_lock_held_through_more, needs=P, uses=S),
)
