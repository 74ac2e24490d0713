"""MIG: pending revisions that build, drop or lack an index."""

from __future__ import annotations

from collections.abc import Iterator

from pgassay.analysis import safe_rewrites as safe
from pgassay.analysis.column_swap import swapped_columns
from pgassay.analysis.pending_statements import (
    command,
    is_concurrent,
    statements,
    weight,
)
from pgassay.analysis.revision_code import outside_a_transaction
from pgassay.check import Check
from pgassay.checks.pending_finding import paste, pending_finding, table_words, under
from pgassay.facts.assay import Assay
from pgassay.facts.catalog import Catalog, Constraint, TableName
from pgassay.facts.pending_run import NewForeignKey, PendingRun, WatchedStatement
from pgassay.findings import Finding, Severity


def find_index_not_concurrently(check: Check, assay: Assay) -> Iterator[Finding]:
    """A pending index is built while writers wait.

    What:
      A pending revision builds an index on a table that is there without CONCURRENTLY, or by a
      UNIQUE, PRIMARY KEY or EXCLUDE constraint.

    Why:
      CREATE INDEX takes SHARE, so nobody writes until it is built; a constraint takes ACCESS
      EXCLUSIVE, so nobody reads either.

    Fix:
      CREATE INDEX CONCURRENTLY outside of a transaction; a constraint then takes the index over by
      USING INDEX. EXCLUDE has no such way: a quiet hour, or a new table.

    Example:
      bad:  op.create_index("ix_orders_user", "orders", ["user_id"])
      good: with op.get_context().autocommit_block(): ... postgresql_concurrently=True
    """
    run = assay.pending
    assert isinstance(run, PendingRun)
    for statement in statements(assay):
        if is_concurrent(statement):
            continue
        for table in statement.indexed:
            if table in statement.rewritten:
                continue
            concurrent = safe.concurrently(statement.sql)
            constraint = _new_constraint(run, statement, table)
            if concurrent:
                fix = f"Outside of a transaction:\n{paste(outside_a_transaction(concurrent))}"
            elif constraint is not None and constraint.kind == "exclusion":
                fix = "PostgreSQL builds no EXCLUDE constraint concurrently: add it in a quiet "
                fix += "hour with a lock_timeout, or on a new table that takes this one's place."
            elif rewrite := safe.unique(run, constraint):
                fix = f"Build the index first, then let the constraint take it:\n{paste(rewrite)}"
            else:
                fix = "Build the index with CREATE INDEX CONCURRENTLY, outside of a transaction."
            yield pending_finding(
                check,
                assay,
                statement,
                table,
                f"builds an index over all of {table_words(table)} ({weight(assay, table).words})"
                f"{under(statement, table)}",
                why="Nobody writes to the table until the index is built; under ACCESS EXCLUSIVE "
                "nobody reads it either.",
                fix=fix,
            )


def find_index_dropped_not_concurrently(check: Check, assay: Assay) -> Iterator[Finding]:
    """A pending revision drops or rebuilds an index while others wait.

    What:
      DROP INDEX or REINDEX without CONCURRENTLY; not a DROP INDEX in the transaction in which
      another column takes the name of one, as the table is its own already.

    Why:
      DROP INDEX takes ACCESS EXCLUSIVE on the table: it waits for every reader, and everybody who
      comes meanwhile waits behind it. REINDEX keeps writers out until all is built.

    Fix:
      DROP INDEX CONCURRENTLY, REINDEX ... CONCURRENTLY (PostgreSQL 12), outside of a transaction.

    Example:
      bad:  op.drop_index("ix_users_name")
      good: DROP INDEX CONCURRENTLY ix_users_name, in an autocommit_block()
    """
    run = assay.pending
    assert isinstance(run, PendingRun)
    for statement in statements(assay):
        swapped = {table for table, _ in swapped_columns(run, statement)}
        concurrent = safe.concurrently(statement.sql)
        if is_concurrent(statement) or not concurrent or command(statement) == "CREATE":
            continue
        rebuilt = command(statement) == "REINDEX"
        for table in statement.reindexed if rebuilt else statement.unindexed:
            if not rebuilt and table in swapped:
                continue
            does = "builds an index again" if rebuilt else "drops an index"
            yield pending_finding(
                check,
                assay,
                statement,
                table,
                f"{does} of {table_words(table)} ({weight(assay, table).words})"
                f"{under(statement, table)}",
                why="Writers wait until all of it is built again."
                if rebuilt
                else "It waits for whoever uses the table, and everybody else waits behind it.",
                fix=f"Outside of a transaction:\n{paste(outside_a_transaction(concurrent))}",
            )


def find_foreign_key_without_index(check: Check, assay: Assay) -> Iterator[Finding]:
    """A pending foreign key has no index.

    What:
      A pending revision adds a foreign key to a table that is there, and no index of it begins with
      the key's columns.

    Why:
      Each DELETE and each change of a key in the referenced table reads the whole table.

    Fix:
      CREATE INDEX CONCURRENTLY on the columns, before the key.

    Example:
      ALTER TABLE orders ADD FOREIGN KEY (user_id) REFERENCES users (id), user_id without index
    """
    run = assay.pending
    assert isinstance(run, PendingRun)
    if run.after is None:
        return
    for statement in statements(assay):
        for key in statement.foreign_keys:
            columns = _columns(run.after, key)
            if not columns or _is_indexed(run.after, key, columns):
                continue
            index = f"ix_{key.table[1]}_{'_'.join(columns)}"[:63]
            build = (
                f"CREATE INDEX CONCURRENTLY {index} ON {table_words(key.table)} "
                f"({', '.join(columns)})"
            )
            yield pending_finding(
                check,
                assay,
                statement,
                key.table,
                f"adds foreign key {key.name}, and no index of {table_words(key.table)} begins "
                f"with {', '.join(columns)}",
                why=f"Each DELETE in {table_words(key.referenced)} reads all of "
                f"{table_words(key.table)}.",
                fix=f"Before the key, outside of a transaction:\n"
                f"{paste(outside_a_transaction(build))}",
                subject=f"{table_words(key.table)}.{key.name}",
            )


def _new_constraint(
    run: PendingRun, statement: WatchedStatement, table: TableName
) -> Constraint | None:
    known = {c.identity for c in run.before.constraints}
    words = statement.sql.casefold()
    found = [
        c
        for c in (run.after.constraints if run.after else ())
        if c.table_name == table
        and c.identity not in known
        and c.kind in ("primary key", "unique", "exclusion")
    ]
    named = [c for c in found if c.name.casefold() in words]
    return next(iter(named or found), None)


def _columns(catalog: Catalog, key: NewForeignKey) -> tuple[str, ...]:
    found = (c for c in catalog.constraints if (c.table_name, c.name) == (key.table, key.name))
    return next((c.columns for c in found), ())


def _is_indexed(catalog: Catalog, key: NewForeignKey, columns: tuple[str, ...]) -> bool:
    """Whether an index or a unique constraint begins with them, in any order."""
    wanted = set(columns)
    keys = [c for c in catalog.constraints if c.table_name == key.table]
    if any(
        set(c.columns[: len(columns)]) == wanted
        for c in keys
        if c.kind in ("primary key", "unique")
    ):
        return True
    for index in catalog.indexes:
        if index.table_name == key.table and index.valid:
            listed = index.definition.partition("(")[2].split(")")[0]
            first = [part.strip().split(" ")[0].strip('"') for part in listed.split(",")]
            if set(first[: len(columns)]) == wanted:
                return True
    return False


B, W = Severity.BLOCKER, Severity.WARNING
P = ("pending",)
S = ("sizes",)
CHECKS: tuple[Check, ...] = (
    Check("MIG004", "index-not-concurrently", B, find_index_not_concurrently, needs=P, uses=S),
    Check(
        "MIG005",
        "index-dropped-not-concurrently",
        W,
        find_index_dropped_not_concurrently,
        needs=P,
        uses=S,
    ),
    Check("MIG016", "foreign-key-without-index", W, find_foreign_key_without_index, needs=P),
)
