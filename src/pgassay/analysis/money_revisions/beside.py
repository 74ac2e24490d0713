"""Money columns of a large table converted while others work: a new column beside each, which is
filled, and then takes its place. The old one stays, and is kept alike."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence

from pgassay.analysis.beside_parts import BesideParts, beside_parts, without_ends
from pgassay.analysis.column_dependents import ColumnDependents, column_dependents
from pgassay.analysis.creation import make
from pgassay.analysis.creation.definition import free_name
from pgassay.analysis.money_revisions.alike_columns import backward_trigger, forward_trigger
from pgassay.analysis.money_revisions.conversion import (
    Conversion,
    all_digits,
    block,
    currency_of,
    in_a_transaction,
    in_message,
    refused_if,
    set_local,
)
from pgassay.analysis.money_revisions.marks import old_column
from pgassay.analysis.other_column import of_other_column
from pgassay.analysis.repair_maker import for_whoever_runs, makers
from pgassay.analysis.retyped_catalog import retyped
from pgassay.analysis.revision_code import (
    in_a_revision,
    in_batches,
    outside_a_transaction,
    unhurried,
)
from pgassay.analysis.sql_identifier import literal, qualified, quoted
from pgassay.analysis.stand_in_column import added, completed
from pgassay.analysis.standing_views import standing_views
from pgassay.facts.catalog import Catalog, Column, TableName
from pgassay.facts.pending_run import PendingRun

_BRIEF = ("SET LOCAL lock_timeout = '2s'", "SET LOCAL statement_timeout = '10s'")


class Beside:
    """One column; `catalog` is the schema before, `given` the names that the table's columns have
    from others' conversions."""

    def __init__(self, catalog: Catalog, conversion: Conversion, given: Iterable[str] = ()) -> None:
        self._before, self._conversion = catalog, conversion
        self._old = conversion.column
        self.after = retyped(catalog, self._old, conversion.type)
        self._new = next(c for c in self.after.columns if c.identity == self._old.identity)
        self._table = self._old.table_name
        self._alter = f"ALTER TABLE {qualified(*self._table)}"
        taken = {c.name for c in catalog.columns if c.table_name == self._table}
        self.new_name = free_name(self._old.name, "", "new", {*taken, *given})
        self.old_name = free_name(self._old.name, "", "before", {*taken, *given})
        self._forward = forward_trigger(catalog, conversion, self.new_name)
        self._views = standing_views(catalog, self._old)
        self.backward = backward_trigger(catalog, conversion, self.old_name)

    @property
    def brief(self) -> tuple[str, ...]:
        """Whoever reads by a view has locked that before the table: views go first in it."""
        return (*_BRIEF, in_a_transaction(self._table))

    @property
    def type(self) -> str:
        return self._conversion.type

    def expand(self) -> list[str]:
        return [*added(self.after, self._new, self.new_name), *self._forward.made]

    def expand_undone(self) -> list[str]:
        drop = f"{self._alter}\nDROP COLUMN {quoted(self.new_name)}"
        return [*self._forward.dropped, drop]

    def filling(self) -> tuple[str, str]:
        """What an UPDATE of `t` sets, and where."""
        new, old = quoted(self.new_name), quoted(self._old.name)
        kept = self._conversion.kept(self._before.server_major)
        return f"{new} = {kept}", f"(t.{new} IS NULL AND t.{old} IS NOT NULL)"

    def swap(self) -> str:
        """Everything is looked at before anybody is kept out; the swap itself takes a moment."""
        now = quoted(self._old.name)
        parts = self._parts(self.after, self._new, self.new_name)
        mark = old_column(self._old.name, self._old.type)
        return "\n".join(
            [
                unhurried(
                    self._verified(
                        self._old.name,
                        self.new_name,
                        self._checked(self.after, self._new, self.new_name),
                    )
                ),
                self._built(parts),
                in_a_revision(
                    *self.brief,
                    *self._views.dropped,
                    *parts.ended,
                    *self._forward.dropped,
                    *self._stripped(self._before, self._old, self.new_name),
                    f"{self._alter}\nRENAME COLUMN {now} TO {quoted(self.old_name)}",
                    f"{self._alter}\nRENAME COLUMN {quoted(self.new_name)} TO {now}",
                    *parts.taken,
                    *self._completed(self.after, self._new),
                    self._commented(self.old_name, mark),
                    *self.backward.made,
                    *self._views.made,
                ),
            ]
        )

    def swap_undone(self) -> str:
        now = quoted(self._old.name)
        parts = self._parts(self._before, self._old, self.old_name)
        return "\n".join(
            [
                unhurried(
                    self._verified(
                        self.old_name,
                        self._old.name,
                        self._checked(self._before, self._old, self.old_name),
                    )
                ),
                self._built(parts),
                in_a_revision(
                    *self.brief,
                    *self._views.dropped,
                    *parts.ended,
                    *self.backward.dropped,
                    *self._stripped(self.after, self._new, self.old_name),
                    f"{self._alter}\nRENAME COLUMN {now} TO {quoted(self.new_name)}",
                    f"{self._alter}\nRENAME COLUMN {quoted(self.old_name)} TO {now}",
                    *parts.taken,
                    *self._completed(self._before, self._old),
                    self._commented(self._old.name, self._old.comment),
                    *self._forward.made,
                    *self._views.made,
                ),
            ]
        )

    def _commented(self, column: str, comment: str) -> str:
        place = f"{qualified(*self._table)}.{quoted(column)}"
        return f"COMMENT ON COLUMN {place} IS {literal(comment) if comment else 'NULL'}"

    def _checked(self, catalog: Catalog, column: Column, name: str) -> dict[str, str]:
        """The conditions that are to hold of the column `name`, by the names of their CHECKs."""
        found = {}
        for check in self._dependents(catalog, column, name).checks:
            text = of_other_column(check.definition, column.name, name) or ""
            condition = re.fullmatch(r"CHECK (\(.*\))( NO INHERIT)?", text, re.DOTALL)
            if condition and check.validated:
                found[check.name] = condition[1]
        return found

    def _verified(self, old: str, new: str, checks: Mapping[str, str]) -> str:
        """All of `new` is what the policy makes of `old`, as are the sums, and no check breaks on
        what was rounded, which would fail whoever writes: in one reading, at one moment, and the
        trigger keeps it so."""
        one = self._conversion.named(old)
        unfit, kept = one.unfit(self._before.server_major), one.kept(self._before.server_major)
        place = in_message(*self._table, self._old.name)
        told = "".join(
            f"  count(*) FILTER (WHERE NOT {condition}) AS broken{n},\n"
            for n, condition in enumerate(checks.values())
        )
        added_up = "".join(f"  coalesce(sum(broken{n}), 0),\n" for n in range(len(checks)))
        broken = [f"v_broken{n}" for n in range(len(checks))]
        reads = (
            "SELECT coalesce(sum(unfit), 0), coalesce(sum(other), 0),\n"  # noqa: S608
            f"{added_up}"
            "  string_agg(concat_ws(' ', currency, n, s0), '; ' ORDER BY currency),\n"
            "  string_agg(concat_ws(' ', currency, n, s1), '; ' ORDER BY currency)\n"
            f"INTO {', '.join(['v_unfit', 'v_other', *broken, 'v_old', 'v_new'])}\n"
            f"FROM (SELECT {currency_of(self._before, self._table)} AS currency, count(*) AS n,\n"
            f"  count(*) FILTER (WHERE {unfit}) AS unfit,\n"
            f"  count(*) FILTER (WHERE t.{quoted(new)} IS DISTINCT FROM {kept}) AS other,\n"
            f"{told}"
            f"  coalesce(sum({kept})::text, '-') AS s0,\n"
            f"  coalesce(sum(t.{quoted(new)})::text, '-') AS s1\n"
            f"  FROM {qualified(*self._table)} t GROUP BY 1) one"
        )
        return block(
            {
                **dict.fromkeys(("v_unfit", "v_other", *broken), "bigint"),
                **dict.fromkeys(("v_old", "v_new"), "text"),
            },
            *set_local("row_security = off", *all_digits(one)),
            reads,
            refused_if(
                "v_unfit > 0",
                f"{place}: % values are NaN, infinite or too large for {one.type}: pgassay money "
                "plan lists them",
                "v_unfit",
            ),
            refused_if(
                "v_other > 0",
                f"{place}: % values are not what {in_message(old)} makes of them",
                "v_other",
            ),
            *(
                refused_if(
                    f"{value} > 0",
                    f"{place}: % values would break {in_message(name)} once converted",
                    value,
                )
                for name, value in zip(checks, broken, strict=True)
            ),
            refused_if(
                "v_new IS DISTINCT FROM v_old",
                f"{place}: the sums would be % and not %",
                "v_new",
                "v_old",
            ),
        )

    def _dependents(self, catalog: Catalog, column: Column, name: str) -> ColumnDependents:
        run = PendingRun("", "", (), (), (), catalog, catalog)
        return column_dependents(run, column, name)

    def _parts(self, catalog: Catalog, column: Column, name: str) -> BesideParts:
        dependents = self._dependents(catalog, column, name)
        return beside_parts(catalog, column, dependents, name)

    def _built(self, parts: BesideParts) -> str:
        begun = [*self.brief, *parts.undone, *parts.begun]
        return "\n".join([in_a_revision(*begun), unhurried(*_patient(parts.built))])

    def _completed(self, catalog: Catalog, column: Column) -> list[str]:
        statistics = self._dependents(catalog, column, "").statistics
        whoever = makers(catalog)
        made = [line for s in statistics for line in for_whoever_runs(make(s, catalog), whoever)]
        return [*completed(catalog, column), *without_ends(made)]

    def _stripped(self, catalog: Catalog, column: Column, name: str) -> list[str]:
        """What hangs on the column that goes, so that the other can have it."""
        found = self._dependents(catalog, column, name)
        alter, place = self._alter, quoted(column.name)
        gone = [
            f"{alter}\nDROP CONSTRAINT {quoted(c.name)}"
            for c in (*found.keys, *found.foreign_keys, *found.checks)
        ]
        gone += [f"DROP INDEX {qualified(i.schema, i.name)}" for i in found.indexes]
        gone += [f"DROP STATISTICS {qualified(s.schema, s.name)}" for s in found.statistics]
        if column.default is not None:
            gone.append(f"{alter}\nALTER COLUMN {place} DROP DEFAULT")
        if column.not_null:
            gone.append(f"{alter}\nALTER COLUMN {place} DROP NOT NULL")
        return gone


def expand_code(ways: Sequence[Beside]) -> str:
    return _in_brief(ways, [line for way in ways for line in way.expand()])


def expand_undone_code(ways: Sequence[Beside]) -> str:
    return _in_brief(ways, [line for way in ways for line in way.expand_undone()])


def _in_brief(ways: Sequence[Beside], statements: Sequence[str]) -> str:
    return in_a_revision(*ways[0].brief, *statements)


def fill_code(table: TableName, ways: Sequence[Beside]) -> str:
    """One UPDATE of each row for all of the table's columns."""
    filling = [way.filling() for way in ways]
    sets = ",\n".join(what for what, _ in filling)
    where = "\nOR ".join(where for _, where in filling)
    return filled(table, f"UPDATE {qualified(*table)} AS t\nSET {sets}", [f"({where})"])


def filled(table: TableName, does: str, where: Sequence[str]) -> str:
    """In batches. One that waits for somebody's row keeps others from those that it has: not for
    long."""
    return "\n".join(
        [
            outside_a_transaction("SET lock_timeout = '5s'", "SET statement_timeout = '60s'"),
            in_batches(table, does, where),
            outside_a_transaction("RESET lock_timeout", "RESET statement_timeout"),
        ]
    )


def _patient(statements: Sequence[str]) -> list[str]:
    """SET NOT NULL keeps everybody out, for the moment that it takes once it has its lock."""
    found = []
    for statement in statements:
        if statement.endswith(" SET NOT NULL"):
            found += ["SET lock_timeout = '2s'", statement, "RESET lock_timeout"]
        else:
            found.append(statement)
    return found
