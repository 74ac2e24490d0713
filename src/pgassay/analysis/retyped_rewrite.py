"""A column gets another type while others work: a new column takes the old one's place."""

from __future__ import annotations

from dataclasses import replace

from pgassay.analysis.alike_trigger import AlikeTrigger, alike_trigger
from pgassay.analysis.beside_parts import BesideParts, beside_parts, without_ends
from pgassay.analysis.column_dependents import column_at_end, column_dependents, fired, no_way
from pgassay.analysis.creation import make
from pgassay.analysis.creation.definition import automatic_name, free_name, identity_options
from pgassay.analysis.repair_maker import for_whoever_runs, makers
from pgassay.analysis.revision_code import (
    Step,
    in_a_revision,
    in_batches,
    in_turn,
    outside_a_transaction,
    then,
)
from pgassay.analysis.sql_identifier import literal, qualified, quoted
from pgassay.analysis.stand_in_column import added, completed
from pgassay.analysis.using_clause import using
from pgassay.facts.catalog import Catalog, Column, Sequence
from pgassay.facts.pending_run import ColumnChange, PendingRun, WatchedStatement

PLACE = "<the expression of USING>"
"""Stands where the statement's text does not tell how old values become new ones."""


def retyped_rewrite(run: PendingRun, statement: WatchedStatement, change: ColumnChange) -> str:
    """Code where it can be whole; else why it cannot, and the way in outline."""
    if change.is_new:
        return f"Add {change.name} as {change.after} at once: it is as new as this change."
    catalog = run.after
    column = column_at_end(catalog, change)
    if catalog is None or column is None:
        return _outline(change, "a pending revision fails, or one later changes the column again")
    if reason := no_way(catalog, column):
        return _outline(change, reason)
    return _Swap(run, catalog, column, statement).text()


class _Swap:
    def __init__(
        self, run: PendingRun, catalog: Catalog, column: Column, statement: WatchedStatement
    ) -> None:
        self._catalog, self._column = catalog, column
        self._table = qualified(*column.table_name)
        self._old = quoted(column.name)
        columns = (*run.before.columns, *catalog.columns)
        taken = {c.name for c in columns if c.table_name == column.table_name}
        self._new_name = free_name(column.name, "", "new", taken)
        self._new = quoted(self._new_name)
        self._using = using(statement.sql, column.name)
        self._hanging = column_dependents(run, column, self._new_name)

    def text(self) -> str:
        trigger = self._trigger()
        parts = beside_parts(self._catalog, self._column, self._hanging, self._new_name)
        steps = [
            Step(
                "A new column, which a trigger keeps alike:",
                in_a_revision(*added(self._catalog, self._column, self._new_name), *trigger.made),
            ),
            Step("The rows that are there, in batches:", then(self._filled(), parts.begun)),
            Step(
                "What hangs on it, made beside:",
                then(outside_a_transaction(*self._none_is_left(), *parts.built), parts.ended),
            ),
            Step("The swap, which takes a moment:", in_a_revision(*self._swap(trigger, parts))),
        ]
        if referring := [c for c in self._hanging.referring if c.validated]:
            validate = (
                f"ALTER TABLE {qualified(*c.table_name)}\nVALIDATE CONSTRAINT {quoted(c.name)}"
                for c in referring
            )
            steps.append(Step("The keys that point to it:", outside_a_transaction(*validate)))
        listed = in_turn(steps, self._catalog.server_major)
        return "\n".join([*self._before(), listed, *self._notes()])

    def _trigger(self) -> AlikeTrigger:
        expression = self._old if self._using == "" else self._using or PLACE
        return alike_trigger(
            self._catalog,
            self._column.table_name,
            self._new_name,
            expression,
            plain=self._using == "",
            calls=self._using != "",
        )

    def _filled(self) -> str:
        does = f"UPDATE {self._table}\nSET {self._new} = "
        if self._using == "":
            where = [f"{self._new} IS NULL", f"{self._old} IS NOT NULL"]
            return in_batches(self._column.table_name, f"{does}{self._old}", where)
        expression = self._using or PLACE
        return in_batches(self._column.table_name, f"{does}{expression}", [f"{self._new} IS NULL"])

    def _none_is_left(self) -> list[str]:
        """What NOT NULL would find; an expression may make NULL of a value."""
        if self._column.not_null or self._using != "":
            return []
        return [
            f"DO $$ BEGIN\n  IF EXISTS (SELECT FROM {self._table}\n"
            f"    WHERE {self._new} IS NULL AND {self._old} IS NOT NULL)\n"
            "  THEN RAISE 'rows are left to fill';\n  END IF;\nEND $$"
        ]

    def _swap(self, trigger: AlikeTrigger, parts: BesideParts) -> list[str]:
        """A DROP of the column takes its keys, indexes, checks, statistics and identity with it."""
        alter = f"ALTER TABLE {self._table}"
        column, hanging = self._column, self._hanging
        identity = hanging.sequence if column.generated.endswith("identity") else None
        statements = [
            f"ALTER TABLE {qualified(*c.table_name)}\nDROP CONSTRAINT {quoted(c.name)}"
            for c in hanging.referring
        ]
        statements += trigger.dropped
        if identity is not None:
            statements += self._identity(identity)
        elif hanging.sequence is not None:
            name = qualified(*hanging.sequence.table_name)
            statements.append(f"ALTER SEQUENCE {name}\nOWNED BY {self._table}.{self._new}")
        statements += [
            f"{alter}\nDROP COLUMN {self._old}",
            f"{alter}\nRENAME COLUMN {self._new} TO {self._old}",
        ]
        if identity is not None:
            now = qualified(column.schema, self._sequence_name())
            statements.append(f"ALTER SEQUENCE {now}\nRENAME TO {quoted(identity.name)}")
        statements += parts.taken
        statements += completed(self._catalog, column)
        for thing in hanging.statistics:
            statements += self._for_whoever_runs(make(thing, self._catalog))
        for key in hanging.referring:
            text = key.definition.removesuffix(" NOT VALID")
            statements.append(
                f"ALTER TABLE {qualified(*key.table_name)}\n"
                f"ADD CONSTRAINT {quoted(key.name)}\n{text}\nNOT VALID"
            )
            statements += self._for_whoever_runs(make(key, self._catalog)[1:])
        return statements

    def _identity(self, sequence: Sequence) -> list[str]:
        """A new one that goes on where the old one is."""
        schema, table, _ = sequence.owned_by
        name = self._sequence_name()
        new = replace(sequence, name=name, owned_by=(schema, table, self._new_name))
        now, old = qualified(schema, name), qualified(*sequence.table_name)
        return [
            f"ALTER TABLE {self._table}\nALTER COLUMN {self._new}\n"
            f"ADD GENERATED {self._column.generated.upper()}{identity_options(new)}",
            f"SELECT setval({literal(now)}, last_value, is_called)\nFROM {old}",
        ]

    def _sequence_name(self) -> str:
        return automatic_name(self._column.table, self._new_name, "seq")

    def _for_whoever_runs(self, statements: list[str]) -> list[str]:
        return without_ends(for_whoever_runs(statements, makers(self._catalog)))

    def _before(self) -> list[str]:
        if self._using is not None:
            return []
        return [
            f"Put in place of {PLACE}, twice, how an old value becomes a new one; where the "
            f"statement has no USING, {self._old}."
        ]

    def _notes(self) -> list[str]:
        """What the code leaves to whoever pastes it."""
        said = []
        if self._hanging.left:
            said.append(
                "Not written here: the swap's DROP COLUMN takes some of these with it and stops at "
                "others, so drop them before it and make them again after it: "
                f"{', '.join(self._hanging.left)}."
            )
        if self._hanging.unsettled:
            said.append(
                "Made or dropped by the same revisions, so see that they come after the swap: "
                f"{', '.join(self._hanging.unsettled)}."
            )
        sequence = self._hanging.sequence
        if sequence is not None and sequence.type != self._column.type:
            said.append(
                f"Sequence {sequence.name} stays {sequence.type}, as the statement leaves it: "
                "ALTER SEQUENCE ... AS gives it the column's range."
            )
        said += fired(self._catalog, self._column)
        said.append(
            "The column comes to stand last: no INSERT may go by the columns' order. The swap "
            "drops the old one, which MIG008 says: the new one has its values, so accept that by "
            "a waiver."
        )
        return said


def _outline(change: ColumnChange, reason: str) -> str:
    new = automatic_name(change.name, "", "new")
    fill = in_batches(
        change.table,
        f"UPDATE {qualified(*change.table)}\nSET {quoted(new)} = {quoted(change.name)}",
        [f"{quoted(new)} IS NULL"],
    )
    return (
        f"Its code is not written here: {reason}. In outline: add a column {new} "
        f"{change.after}, keep it alike by a trigger, fill it in batches, make its keys and "
        f"indexes beside, then swap the names in a short transaction. The batches:\n{fill}"
    )
