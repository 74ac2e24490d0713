"""How a pending statement is written so that nobody waits for it: text to paste into revisions."""

from __future__ import annotations

import re

from pgassay.analysis.creation.definition import automatic_name
from pgassay.analysis.other_column import key_of_other_column
from pgassay.analysis.revision_code import in_a_revision, in_batches, outside_a_transaction
from pgassay.analysis.sql_effects import bare
from pgassay.analysis.sql_identifier import qualified, quoted
from pgassay.facts.catalog import Catalog, Column, Constraint, TableName
from pgassay.facts.pending_run import NewForeignKey, PendingRun

_CREATE_INDEX = re.compile(r"^(CREATE\s+(?:UNIQUE\s+)?INDEX)\b", re.IGNORECASE)
_DROP_INDEX = re.compile(r"^(DROP\s+INDEX)\b", re.IGNORECASE)
_REFRESH = re.compile(r"^(REFRESH\s+MATERIALIZED\s+VIEW)\b", re.IGNORECASE)
_REINDEX = re.compile(r"^(REINDEX\s+(?:\([^)]*\)\s*)?(?:TABLE|INDEX|SCHEMA))\b", re.IGNORECASE)

SETS = "<what it sets>"
TO_DO = "<the rows that are still to do>"
"""Stand where whoever pastes it knows more than the statement's text tells."""


def concurrently(sql: str) -> str:
    """The same statement with CONCURRENTLY, "" where it has no such form."""
    text = " ".join(bare(sql).split()).rstrip(";")
    for pattern in (_CREATE_INDEX, _DROP_INDEX, _REFRESH, _REINDEX):
        if pattern.match(text):
            return pattern.sub(r"\1 CONCURRENTLY", text, count=1)
    return ""


def detach(run: PendingRun, parent: TableName, partition: TableName) -> str:
    """PostgreSQL documentation, "ALTER TABLE": CONCURRENTLY is not allowed in a transaction block,
    nor where the table has a default partition (14)."""
    table = qualified(*parent)
    statement = f"ALTER TABLE {table}\nDETACH PARTITION {qualified(*partition)}"
    partitions = [t for t in run.before.tables if t.partition_of == table]
    default = next((t for t in partitions if t.bound == "DEFAULT"), None)
    if default is None and run.before.server_major >= 14:
        code = outside_a_transaction(f"{statement} CONCURRENTLY")
        return f"Outside of a transaction and of a block:\n{code}"
    reason = f"while {default.name} is the default partition" if default else "before version 14"
    code = in_a_revision("SET LOCAL lock_timeout = '2s'", statement)
    return (
        f"PostgreSQL does not do it CONCURRENTLY {reason}. It takes a moment once it has its lock: "
        f"give up the wait soon, and run the migration again:\n{code}"
    )


def foreign_key(run: PendingRun, key: NewForeignKey) -> str:
    """Adding a foreign key in two steps."""
    table, name = qualified(*key.table), quoted(key.name)
    definition = _definition(run.after, key.table, key.name) or "FOREIGN KEY (...) REFERENCES ..."
    add = f"ALTER TABLE {table}\nADD CONSTRAINT {name}\n{definition}\nNOT VALID"
    return _in_two(add, f"ALTER TABLE {table}\nVALIDATE CONSTRAINT {name}")


def check(run: PendingRun, table: TableName, sql: str) -> str:
    """Adding in two steps the CHECK constraint that the statement adds; "" where it has none."""
    known = {c.identity for c in run.before.constraints}
    new = [
        c
        for c in (run.after.constraints if run.after else ())
        if c.table_name == table and c.kind == "check" and c.identity not in known
    ]
    named = [c for c in new if c.name.casefold() in sql.casefold()]
    constraint = next(iter(named or new), None)
    if constraint is None:
        return ""
    name = quoted(constraint.name)
    add = f"ALTER TABLE {qualified(*table)}\nADD CONSTRAINT {name}\n{constraint.definition}"
    return _in_two(
        f"{add}\nNOT VALID", f"ALTER TABLE {qualified(*table)}\nVALIDATE CONSTRAINT {name}"
    )


def not_null(run: PendingRun, table: TableName, column: str) -> str:
    """Making a column NOT NULL without reading the table under an exclusive lock.

    PostgreSQL documentation, "ALTER TABLE": SET NOT NULL reads no rows where a valid CHECK proves
    that there are no NULLs (12); NOT NULL constraints may be NOT VALID (18).
    """
    place, name = qualified(*table), quoted(column)
    constraint = quoted(automatic_name(table[1], column, "not_null"))
    add = f"ALTER TABLE {place}\nADD CONSTRAINT {constraint}\n"
    validate = f"ALTER TABLE {place}\nVALIDATE CONSTRAINT {constraint}"
    if run.before.server_major >= 18:
        newer = "-- From PostgreSQL 18 on.\n"
        return _in_two(f"{newer}{add}NOT NULL {name} NOT VALID", validate)
    return _in_two(
        f"{add}CHECK ({name} IS NOT NULL) NOT VALID",
        validate,
        f"ALTER TABLE {place}\nALTER COLUMN {name} SET NOT NULL",
        f"ALTER TABLE {place}\nDROP CONSTRAINT {constraint}",
    )


def unique(run: PendingRun, constraint: Constraint | None) -> str:
    """A unique or primary key that takes over an index built CONCURRENTLY; before that, what a
    primary key would read the table for."""
    written = key_of_other_column(constraint, "", "") if constraint is not None else None
    if constraint is None or written is None:
        return ""
    kind, over, ends = written
    table, name = qualified(*constraint.table_name), quoted(constraint.name)
    index = qualified(constraint.schema, constraint.name)
    drop = f"DROP INDEX CONCURRENTLY IF EXISTS\n{index}"
    build = f"CREATE UNIQUE INDEX CONCURRENTLY {name}\nON {table} {over}"
    use = f"ALTER TABLE {table}\nADD CONSTRAINT {name}\n{kind} USING INDEX {name}{ends}"
    steps = [f"{outside_a_transaction(drop, build)}\n{in_a_revision(use)}"]
    if kind == "PRIMARY KEY":
        required = {c.name for c in run.before.columns if c.not_null and _is_of(c, constraint)}
        open_ = [c for c in constraint.columns if c not in required]
        steps = [*(not_null(run, constraint.table_name, c) for c in open_), *steps]
    return "\nand in the next revision:\n".join(steps)


def batches(table: TableName, *, deletes: bool = False) -> str:
    """Changing many rows in transactions of their own."""
    name = qualified(*table)
    does = f"DELETE FROM {name}" if deletes else f"UPDATE {name}\nSET {SETS}"  # noqa: S608
    return in_batches(table, does, [TO_DO])


def _is_of(column: Column, constraint: Constraint) -> bool:
    return column.table_name == constraint.table_name


def _in_two(first: str, *then: str) -> str:
    return (
        f"{in_a_revision(first)}\n"
        "and in the next revision, in transactions of their own:\n"
        f"{outside_a_transaction(*then)}"
    )


def _definition(catalog: Catalog | None, table: TableName, name: str) -> str:
    found = (c for c in catalog.constraints if c.table_name == table) if catalog else ()
    return next((c.definition for c in found if c.name == name), "")
