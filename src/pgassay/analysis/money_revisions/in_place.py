"""Money columns of a small table converted where they are, in one transaction."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TypeVar

from pgassay.analysis.beside_parts import set_on, without_ends
from pgassay.analysis.creation import index_line
from pgassay.analysis.creation.definition import constraint_line, free_name
from pgassay.analysis.money_revisions.conversion import (
    Conversion,
    all_digits,
    block,
    in_a_transaction,
    in_message,
    refused_if,
    set_local,
    sums,
)
from pgassay.analysis.money_revisions.marks import rounded_values
from pgassay.analysis.retyped_catalog import retyped
from pgassay.analysis.row_keys import row_key
from pgassay.analysis.sql_identifier import literal, qualified, quoted
from pgassay.analysis.standing_views import StandingViews, standing_views
from pgassay.analysis.table_scan import CTID
from pgassay.facts.catalog import Catalog, Constraint, Index, TableName, Trigger

_Thing = TypeVar("_Thing", Constraint, Index)
_TIMEOUTS = ("SET LOCAL lock_timeout = '2s'", "SET LOCAL statement_timeout = '60s'")


class InPlace:
    """`catalog` is the schema before. Where the plan saw values that are rounded, the revision
    keeps them as they were in a table of their own, so that its downgrade gives them back; else it
    refuses such as came meanwhile. `given` are the names of tables that others leave."""

    def __init__(
        self,
        catalog: Catalog,
        table: TableName,
        conversions: Sequence[Conversion],
        given: Iterable[str] = (),
    ) -> None:
        self._before, self._table, self._conversions = catalog, table, conversions
        self._after = catalog
        for one in conversions:
            self._after = retyped(self._after, one.column, one.type)
        self._rewriting = [one for one in conversions if not one.widens]
        self._rounding = [one for one in self._rewriting if one.rounds]
        taken = {t.identity[2] or t.identity[1] for t in catalog.objects()}
        self.aside_name = free_name(table[1], "", "rounded", {*taken, *given})
        self._aside = qualified(table[0], self.aside_name)

    @property
    def leaves(self) -> tuple[str, ...]:
        """The table of values as they were, for a contract revision to drop."""
        return (self._aside,) if self._rounding else ()

    @property
    def gives_back(self) -> bool:
        """Whether the downgrade can tell whose the values are that it keeps."""
        return bool(self._key())

    def upgrade(self) -> list[str]:
        """Statements, to be run in one transaction."""
        if not self._rewriting:
            return self._unguarded(self._before, self._after, {})
        used = {c.column.name: f"{_name(c)}::{c.type}" for c in self._conversions}
        used |= {c.column.name: c.rounded().removeprefix("t.") for c in self._rewriting}
        before = sums(self._after, self._table, [c.rounded() for c in self._rewriting])
        after = sums(self._after, self._table, [f"t.{_name(c)}" for c in self._rewriting])
        body = [*self._refused(), *self._kept_aside()]
        views = self._views(self._before)
        altered = [*self._altered(self._before, self._after, used), *views.made]
        return [
            *_TIMEOUTS,
            *self._settings(),
            in_a_transaction(self._table),
            *self._aside_made(),
            self._guarded((views.dropped, body), before, altered, after, "converted"),
        ]

    def downgrade(self) -> list[str]:
        used = {c.column.name: f"{_name(c)}::{c.column.type}" for c in self._conversions}
        if not self._rewriting:
            return self._unguarded(self._after, self._before, used)
        before = sums(self._after, self._table, [f"t.{_name(c)}" for c in self._rewriting])
        after = sums(self._after, self._table, [c.rounded() for c in self._rewriting])
        dropped = [f"DROP TABLE {self._aside}"] if self._rounding else []
        views = self._views(self._after)
        altered = [
            *self._altered(self._after, self._before, used),
            *views.made,
            *self._given_back(),
        ]
        return [
            *_TIMEOUTS,
            *self._settings(),
            in_a_transaction(self._table),
            self._guarded((views.dropped, []), before, altered, after, "converted back"),
            *dropped,
        ]

    def _settings(self) -> list[str]:
        """A key with a time is the same text whenever it is written."""
        zone = ["TimeZone = 'UTC'"] if self._rounding else []
        return set_local("row_security = off", *all_digits(*self._rewriting), *zone)

    def _unguarded(self, have: Catalog, want: Catalog, using: dict[str, str]) -> list[str]:
        views = self._views(have)
        return [
            _TIMEOUTS[0],
            in_a_transaction(self._table),
            *views.dropped,
            *self._altered(have, want, using),
            *views.made,
        ]

    def _guarded(
        self,
        first: tuple[Sequence[str], Sequence[str]],
        before: str,
        altered: Sequence[str],
        after: str,
        done: str,
    ) -> str:
        """In one block, with nobody else at the table: what is refused or kept, the sums, the
        change, the sums again. Who reads by a view has locked that before the table, so that views
        go before the table is locked."""
        dropped, body = first
        message = f"{in_message(*self._table)} cannot be {done}: its sums would be % and not %"
        return block(
            {"v_found": "bigint", "v_before": "text", "v_after": "text"},
            *dropped,
            f"LOCK TABLE {qualified(*self._table)} IN ACCESS EXCLUSIVE MODE",
            *body,
            f"v_before := (\n{before})",
            *altered,
            f"v_after := (\n{after})",
            refused_if("v_after IS DISTINCT FROM v_before", message, "v_after", "v_before"),
        )

    def _refused(self) -> list[str]:
        """What nothing keeps, and, where none was seen when it was planned, what is rounded."""
        major, steps = self._before.server_major, []
        for one in self._rewriting:
            subject = in_message(*self._table, one.column.name)
            found = f"NaN, infinite or too large for {one.type}"
            asked = [(one.unfit(major), found)]
            if not one.rounds:
                rounded = f"{one.rounded()} <> {one.exact()}"
                asked.append((rounded, f"finer than {one.type}, which none was before"))
            for condition, says in asked:
                message = f"{subject}: % values are {says}: pgassay money plan lists them"
                count = f"SELECT count(*) FROM {qualified(*self._table)} t"  # noqa: S608
                steps.append(f"v_found := ({count}\n  WHERE {condition})")
                steps.append(refused_if("v_found > 0", message, "v_found"))
        return steps

    def _aside_made(self) -> list[str]:
        return aside_table(self._aside, ".".join(self._table)) if self._rounding else []

    def _kept_aside(self) -> list[str]:
        key = self._key()
        return [
            f"INSERT INTO {self._aside}\n"
            f"SELECT {key or 'NULL'}, {literal(one.column.name)}, t.{_name(one)}::text,\n"
            f"{one.rounded()}\n"
            f"FROM {qualified(*self._table)} t\nWHERE {one.rounded()} <> {one.exact()}"
            for one in self._rounding
        ]

    def _given_back(self) -> list[str]:
        """To the rows that still have the rounded value."""
        key = self._key()
        if not key or not self._rounding:
            return []
        table = qualified(*self._table)
        updates = [
            f"UPDATE {table} t\nSET {_name(one)} = a.was::{one.column.type}\n"
            f"FROM {self._aside} a\n"
            f'WHERE a."column" = {literal(one.column.name)} AND a.key = {key}\n'
            f"AND {one.rounded()} = a.became"
            for one in self._rounding
        ]
        asleep = [quoted(name) for name in self._fired()]
        return [
            *(f"ALTER TABLE {table} DISABLE TRIGGER {name}" for name in asleep),
            *updates,
            *(f"ALTER TABLE {table} ENABLE TRIGGER {name}" for name in asleep),
        ]

    def _fired(self) -> list[str]:
        """The triggers that would take giving back for a change of the row."""
        return [
            t.name
            for t in self._before.of(Trigger)
            if t.table_name == self._table and t.enabled == "origin" and " UPDATE" in t.definition
        ]

    def _key(self) -> str:
        """A row's key as jsonb; "" where it has none that stays."""
        columns = row_key(self._table, self._before)
        if columns == (CTID,) or {*columns} & {c.column.name for c in self._conversions}:
            return ""
        pairs = ", ".join(f"{literal(name)}, t.{quoted(name)}" for name in columns)
        return f"jsonb_build_object({pairs})"

    def _altered(self, have: Catalog, want: Catalog, using: dict[str, str]) -> list[str]:
        """One ALTER TABLE, so that the table is written once; the parts whose text changes go
        before it and come back with it or after it."""
        constraints = _changed(have.constraints, want.constraints, self._table)
        indexes = _changed(have.indexes, want.indexes, self._table)
        names = {c.column.name for c in self._conversions}
        pairs = [
            (old, new)
            for old, new in zip(have.columns, want.columns, strict=True)
            if old.table_name == self._table and old.name in names
        ]
        actions = [f"DROP CONSTRAINT {quoted(old.name)}" for old, _ in constraints]
        ends = []
        for old, new in pairs:
            name = quoted(old.name)
            written = using.get(old.name)
            actions.append(
                f"ALTER COLUMN {name} TYPE {new.type}" + (f"\nUSING {written}" if written else "")
            )
            if old.default != new.default:
                actions.insert(0, f"ALTER COLUMN {name} DROP DEFAULT")
                ends.append(f"ALTER COLUMN {name} SET DEFAULT {new.default}")
        actions += [*ends, *(f"ADD {constraint_line(new)}" for _, new in constraints)]
        after = [line for _, new in constraints for line in set_on(new, want)]
        for _, index in indexes:
            after += [*without_ends([index_line(index)]), *set_on(index, want)]
        return [
            *(f"DROP INDEX {qualified(old.schema, old.name)}" for old, _ in indexes),
            f"ALTER TABLE {qualified(*self._table)}\n" + ",\n".join(actions),
            *after,
        ]

    def _views(self, catalog: Catalog) -> StandingViews:
        names = {(*self._table, c.column.name) for c in self._conversions}
        return standing_views(catalog, *(c for c in catalog.columns if c.identity in names))


def aside_table(name: str, table: str) -> list[str]:
    """Closed to all but its owner, whatever the default privileges give."""
    return [
        f'CREATE TABLE {name}\n(key jsonb, "column" text, was text, became numeric)',
        f"ALTER TABLE {name} ENABLE ROW LEVEL SECURITY",
        f"COMMENT ON TABLE {name} IS {literal(rounded_values(table))}",
    ]


def _changed(
    have: Sequence[_Thing], want: Sequence[_Thing], table: TableName
) -> list[tuple[_Thing, _Thing]]:
    pairs = zip(have, want, strict=True)
    return [(old, new) for old, new in pairs if old.table_name == table and old != new]


def _name(conversion: Conversion) -> str:
    return quoted(conversion.column.name)
