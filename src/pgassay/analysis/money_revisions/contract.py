"""What a conversion left for the time after it, and the revision that drops it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from pgassay.analysis.alike_trigger import AlikeTrigger
from pgassay.analysis.money import precision_of
from pgassay.analysis.money_revisions.beside import backward_trigger
from pgassay.analysis.money_revisions.conversion import Conversion
from pgassay.analysis.money_revisions.in_place import aside_table
from pgassay.analysis.money_revisions.marks import place_taken_by, rounded_of
from pgassay.analysis.revision_code import in_a_revision, in_batches, outside_a_transaction
from pgassay.analysis.sql_identifier import literal, qualified, quoted
from pgassay.analysis.stand_in_column import added
from pgassay.facts.catalog import Catalog, Column, TableName, Trigger

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


def contract(catalog: Catalog, left: Sequence[Leftover]) -> tuple[str, str]:
    """The bodies of upgrade() and downgrade()."""
    verified, dropped, made, filled = [], [_BRIEF], [_BRIEF], []
    for one in left:
        if not one.column:
            table = next(t for t in catalog.tables if t.table_name == one.table)
            dropped.append(f"DROP TABLE {qualified(*one.table)}")
            made += aside_table(qualified(*one.table), rounded_of(table))
            continue
        old, new = (
            next(c for c in catalog.columns if c.identity == (*one.table, name))
            for name in (one.column, one.now)
        )
        trigger = _trigger(catalog, old, new)
        verified.append(_in_step(old, new, catalog.server_major))
        drop = f"ALTER TABLE {qualified(*one.table)}\nDROP COLUMN {quoted(old.name)}"
        dropped += [*trigger.dropped, drop]
        made += [*added(catalog, old, old.name), *trigger.made]
        filled.append(
            in_batches(
                one.table,
                f"UPDATE {qualified(*one.table)}\n"
                f"SET {quoted(old.name)} = {quoted(new.name)}::{old.type}",
                [f"{quoted(old.name)} IS NULL", f"{quoted(new.name)} IS NOT NULL"],
            )
        )
    first = [outside_a_transaction(*verified)] if verified else []
    up = "\n".join([*first, in_a_revision(*dropped)])
    return up, "\n".join([in_a_revision(*made), *filled])


def _trigger(catalog: Catalog, old: Column, new: Column) -> AlikeTrigger:
    """As it is there: its name depends on what others there were."""
    trigger = backward_trigger(catalog, replace(old, name=new.name), old.name)
    name = next(
        t.name
        for t in catalog.of(Trigger)
        if t.table_name == old.table_name and f"{trigger.function}(" in t.definition
    )
    return replace(trigger, name=name)


def _in_step(old: Column, new: Column, major: int) -> str:
    """That nothing was written past the trigger: what the old column holds makes the new value, or
    is made of it."""
    conversion = Conversion(old, precision_of(new.type) or (0, 0))
    now, was = f"t.{quoted(new.name)}", f"t.{quoted(old.name)}"
    message = f"{'.'.join(old.table_name)}.{old.name}: % values are not those of {new.name}"
    return (
        "DO $pgassay$\nDECLARE\nv_other bigint;\nBEGIN\nSET LOCAL row_security = off;\n"  # noqa: S608
        f"v_other := (SELECT count(*) FROM {qualified(*old.table_name)} t\n"
        f"WHERE {was} IS DISTINCT FROM {now}::{old.type}\n"
        f"AND {now} IS DISTINCT FROM {conversion.kept(major)});\n"
        f"IF v_other > 0 THEN\nRAISE EXCEPTION {literal(message)},\nv_other;\nEND IF;\n"
        "END $pgassay$"
    )
