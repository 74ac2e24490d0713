"""DRF009, DRF010: sequences that are behind their data, or run out of numbers."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from pgassay.analysis import drift_repair as repair
from pgassay.analysis.provenance import Origin, origin
from pgassay.analysis.sequence_headroom import (
    FedColumn,
    Headroom,
    fed_columns,
    headrooms,
    is_behind,
    next_value,
)
from pgassay.analysis.sql_identifier import literal, qualified, quoted
from pgassay.check import Check
from pgassay.facts.assay import Assay
from pgassay.facts.catalog import Catalog, SchemaObject
from pgassay.facts.column_maximum import ColumnMaximum
from pgassay.facts.comparison import Difference
from pgassay.findings import Finding, Severity

_WARN, _BLOCK = 0.80, 0.95


def find_sequence_behind_data(check: Check, assay: Assay) -> Iterator[Finding]:
    """A sequence gives out numbers that rows have already.

    What:
      The next number of a serial or identity column's sequence, or of one that a column owns, is
      not past the greatest one in the column (for a sequence that counts down: the least). Rows
      were copied or restored with their numbers, and the sequence was not moved.

    Why:
      Inserts fail with "duplicate key value" as soon as the sequence comes to a number that is
      taken; where the column is not unique, two rows get the same number without an error.

    Fix:
      Move the sequence past the data with setval().

    Example:
      public.users.id goes up to 41520, and the next number of public.users_id_seq is 1.
    """
    assert isinstance(assay.live, Catalog)
    known = _maxima(assay)
    for fed in fed_columns(assay.live):
        read = known.get(fed.column.identity)
        if read is None or not is_behind(fed.sequence, read):
            continue
        if fed.sequence.cycle and not fed.unique:
            continue  # It is meant to give its numbers again.
        made_by = _made_by(assay, fed.column)
        coming = next_value(fed.sequence, read)
        reach = read.maximum if fed.sequence.increment > 0 else read.minimum
        yield check.finding(
            fed.column.subject,
            f"Column {fed.column.subject} goes {'up' if fed.sequence.increment > 0 else 'down'} to "
            f"{reach:,}, and the next number of sequence {fed.sequence.subject} is {coming:,}"
            + (", which a row has already." if read.next_taken else "."),
            why=_why_behind(fed, read),
            fix=_move_past(fed),
            location=made_by.location if made_by else None,
            evidence=_with_revision(
                {
                    "kind": fed.column.KIND,
                    "sequence": fed.sequence.subject,
                    "next": coming,
                    "minimum": read.minimum,
                    "maximum": read.maximum,
                    "next_taken": read.next_taken,
                    "unique": fed.unique,
                },
                made_by,
            ),
        )


def _why_behind(fed: FedColumn, read: ColumnMaximum) -> str:
    if not fed.by_itself:
        return (
            "The column has no default; code that asks the sequence for its numbers, as "
            "SQLAlchemy's Sequence() does, gets numbers that rows have already."
        )
    if not fed.unique:
        return (
            "The column is not unique by itself, so rows get a number that another row has, "
            "without an error."
        )
    if read.next_taken:
        return "The next INSERT fails with a duplicate key, and so does each after it for a while."
    return "Inserts fail with a duplicate key as soon as the sequence comes to a number in use."


def _move_past(fed: FedColumn) -> str:
    sequence = literal(qualified(*fed.sequence.table_name))
    end = "max" if fed.sequence.increment > 0 else "min"
    table, name = qualified(*fed.column.table_name), quoted(fed.column.name)
    furthest = f"(SELECT {end}({name}) FROM {table})"  # noqa: S608 - it is shown, never run
    statement = f"SELECT pg_catalog.setval({sequence}, {furthest});"
    return (
        "Run on the live database, with no other session writing to the table:\n"
        + repair.code([statement])
        + "\nA restore or copy that left it behind should end with the same statement."
    )


def find_numbers_running_out(check: Check, assay: Assay) -> Iterator[Finding]:
    """A sequence, or the column that it feeds, is near its last number.

    What:
      80 % of the numbers between the sequence's first and its last are used, or of those that the
      column's type holds: 2,147,483,647 for integer. From 95 % on it is a blocker. A sequence that
      cycles has no end of its own, unless it feeds a column that takes no number twice.

    Why:
      After the last number every INSERT fails, with "reached maximum value of sequence" or "integer
      out of range", and nothing but a wider column helps, which takes hours on a large table.

    Fix:
      Change the column to bigint, and the sequence with it. That rewrites the table under a lock
      that stops all reading and writing: on a large table add a bigint column, keep both in step by
      a trigger, fill it in batches, and swap them.

    Example:
      public.events.id: used 1,932,735,283 of 2,147,483,647 (90.0 %), left 214,748,364.
    """
    assert isinstance(assay.live, Catalog)
    for room in headrooms(assay.live, _maxima(assay)):
        if room.share < _WARN:
            continue
        thing: SchemaObject = room.column or room.sequence
        made_by = _made_by(assay, thing)
        ends = f"the type of column {room.column.subject}" if room.column else "the sequence itself"
        yield check.finding(
            thing.subject,
            f"Sequence {room.sequence.subject} runs out of numbers: used {room.used:,} of "
            f"{room.size:,} ({room.share * 100:.1f} %), left {room.left:,}; {ends} ends at "
            f"{room.limit:,}.",
            why=_why_at_its_end(room),
            fix=_widen(assay.live, room),
            severity=Severity.BLOCKER if room.share >= _BLOCK else Severity.WARNING,
            location=made_by.location if made_by else None,
            evidence=_with_revision(
                {
                    "kind": thing.KIND,
                    "sequence": room.sequence.subject,
                    "used": room.used,
                    "size": room.size,
                    "left": room.left,
                    "limit": room.limit,
                },
                made_by,
            ),
        )


def _why_at_its_end(room: Headroom) -> str:
    if room.sequence.cycle and room.column is None:
        return (
            "After the last number it begins again with numbers that rows have already, and every "
            "INSERT that gets one fails with a duplicate key."
        )
    return "After the last number every INSERT fails, until the column and its sequence are wider."


def _widen(live: Catalog, room: Headroom) -> str:
    sequence = qualified(*room.sequence.table_name)
    fed = [f for f in fed_columns(live) if f.sequence.table_name == room.sequence.table_name]
    narrow = [
        f.column
        for f in fed
        if f.type in ("smallint", "integer") or (f.type != "bigint" and f.column == room.column)
    ]
    statements = [
        f"ALTER TABLE {qualified(*c.table_name)} ALTER COLUMN {quoted(c.name)} TYPE "
        f"{'numeric' if c.type.startswith('numeric') else 'bigint'};"
        for c in narrow
    ]
    rewrites = ""
    if narrow:
        rewrites = (
            "\nThe first rewrites the table under a lock that stops reading and writing. On a "
            "large table expand and contract instead: add a wider column, keep it in step by a "
            "trigger, fill it in batches, build its index CONCURRENTLY, and swap the two. Columns "
            "that refer to it must be widened too."
        )
    if room.sequence.type != "bigint":
        statements.append(f"ALTER SEQUENCE {sequence} AS bigint;")
    up = room.sequence.increment > 0
    usual = {"smallint": 2**15 - 1, "integer": 2**31 - 1, "bigint": 2**63 - 1}
    if up and room.sequence.maximum != usual.get(room.sequence.type):
        statements.append(f"ALTER SEQUENCE {sequence} NO MAXVALUE;")
    if not up and room.sequence.minimum != -usual.get(room.sequence.type, 0) - 1:
        statements.append(f"ALTER SEQUENCE {sequence} NO MINVALUE;")
    if not statements:
        return (
            "No integer type is wider: begin with numbers that are free again, or use another key."
        )
    return "In a new revision, in op.execute():\n" + repair.code(statements) + rewrites


def _maxima(assay: Assay) -> dict[tuple[str, str, str], ColumnMaximum]:
    known = assay.maxima if isinstance(assay.maxima, tuple) else ()
    return {(m.schema, m.table, m.column): m for m in known if isinstance(m, ColumnMaximum)}


def _made_by(assay: Assay, thing: SchemaObject) -> Origin | None:
    return origin(assay, Difference(thing.KIND, *thing.identity, "", (), (("live", thing),)))


def _with_revision(facts: dict[str, Any], made_by: Origin | None) -> dict[str, Any]:
    return {**facts, "revision": made_by.revision} if made_by else facts
