"""What a conversion left for the time after it, and the revision that drops it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from pgassay.analysis.alike_trigger import AlikeTrigger
from pgassay.analysis.money import precision_of
from pgassay.analysis.money_revisions.alike_columns import backward_trigger
from pgassay.analysis.money_revisions.beside import filled
from pgassay.analysis.money_revisions.conversion import (
    Conversion,
    all_digits,
    block,
    in_message,
    refused_if,
    set_local,
)
from pgassay.analysis.money_revisions.in_place import aside_table
from pgassay.analysis.money_revisions.marks import place_taken_by, rounded_of
from pgassay.analysis.revision_code import in_a_revision, unhurried
from pgassay.analysis.sql_identifier import qualified, quoted, split_signature
from pgassay.analysis.stand_in_column import added
from pgassay.facts.catalog import Catalog, Column, Function, TableName, Trigger

_BRIEF = "SET LOCAL lock_timeout = '2s'"


@dataclass(frozen=True, slots=True)
class Leftover:
    """The old column beside `now`, which took its place; or a table of values as they were."""

    table: TableName
    column: str = ""
    now: str = ""

    @property
    def subject(self) -> str:
        return ".".join(filter(None, (*self.table, self.column)))


def leftovers(catalog: Catalog) -> tuple[Leftover, ...]:
    columns = (
        Leftover(c.table_name, c.name, now) for c in catalog.columns if (now := place_taken_by(c))
    )
    tables = (Leftover(t.table_name) for t in catalog.tables if rounded_of(t))
    return (*columns, *tables)


def lost(catalog: Catalog, left: Leftover) -> str:
    """Why nothing is written for it; "" where something is."""
    if not left.column or any(c.identity == (*left.table, left.now) for c in catalog.columns):
        return ""
    return (
        f"{left.now}, which took its place, is not there any more: its trigger fails whoever "
        "writes; drop both by hand"
    )


def contract(catalog: Catalog, left: Sequence[Leftover]) -> tuple[str, str]:
    """The bodies of upgrade() and downgrade()."""
    verified, dropped, made, refilled = [], [_BRIEF], [_BRIEF], []
    for one in left:
        table = qualified(*one.table)
        if not one.column:
            fact = next(t for t in catalog.tables if t.table_name == one.table)
            dropped.append(f"DROP TABLE {table}")
            made += aside_table(table, rounded_of(fact))
            continue
        old, new = _columns(catalog, one)
        trigger = kept_alike(catalog, one)
        verified.append(_in_step(old, new, catalog.server_major))
        dropped += [*trigger.dropped, f"ALTER TABLE {table}\nDROP COLUMN {quoted(old.name)}"]
        made += [*added(catalog, old, old.name), *trigger.made]
        sets = f"{quoted(old.name)} = {quoted(new.name)}::{old.type}"
        where = [f"{quoted(old.name)} IS NULL", f"{quoted(new.name)} IS NOT NULL"]
        refilled.append(filled(one.table, f"UPDATE {table}\nSET {sets}", where))
    first = [unhurried(*verified)] if verified else []
    up = "\n".join([*first, in_a_revision(*dropped)])
    return up, "\n".join([in_a_revision(*made), *refilled])


def kept_alike(catalog: Catalog, left: Leftover) -> AlikeTrigger:
    """What keeps an old column alike, by the name that it has there."""
    old, new = _columns(catalog, left)

    def as_made_for(wanted: tuple[int, int] | None) -> AlikeTrigger:
        conversion = Conversion(replace(old, name=new.name), wanted or (0, 0))
        return backward_trigger(catalog, conversion, old.name)

    now = precision_of(new.type)
    trigger = as_made_for(_made_for(catalog, as_made_for(now).function) or now)
    there = (
        t.name
        for t in catalog.of(Trigger)
        if t.table_name == old.table_name and f"{trigger.function}(" in t.definition
    )
    return replace(trigger, name=next(there, trigger.name))


def _made_for(catalog: Catalog, function: str) -> tuple[int, int] | None:
    """The type that the column got then, which may have been widened since."""
    for one in catalog.of(Function):
        if qualified(one.schema, split_signature(one.name)[0]) == function:
            found = re.search(r"::(numeric\(\d+,\d+\))\s+END", one.body)
            return precision_of(found[1]) if found else None
    return None


def _columns(catalog: Catalog, left: Leftover) -> tuple[Column, Column]:
    """The old one, and the one that took its place."""
    by_name = {c.name: c for c in catalog.columns if c.table_name == left.table}
    return by_name[left.column], by_name[left.now]


def _in_step(old: Column, new: Column, major: int) -> str:
    """That nothing was written past the trigger: what the old column holds makes the new value, or
    is made of it."""
    conversion = Conversion(old, precision_of(new.type) or (0, 0))
    now, was = f"t.{quoted(new.name)}", f"t.{quoted(old.name)}"
    subject = in_message(*old.table_name, old.name)
    message = f"{subject}: % values are not those of {in_message(new.name)}"
    return block(
        {"v_other": "bigint"},
        *set_local("row_security = off", *all_digits(conversion)),
        f"v_other := (SELECT count(*) FROM {qualified(*old.table_name)} t\n"  # noqa: S608
        f"  WHERE {was} IS DISTINCT FROM {now}::{old.type}\n"
        f"  AND {now} IS DISTINCT FROM {conversion.kept(major)})",
        refused_if("v_other > 0", message, "v_other"),
    )
