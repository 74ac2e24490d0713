"""A column that has a value of its own in each row is added while others read and write."""

from __future__ import annotations

from dataclasses import replace

from pgassay.analysis.alike_trigger import alike_trigger
from pgassay.analysis.beside_parts import beside_parts, without_ends
from pgassay.analysis.column_dependents import ColumnDependents, column_at_end, fired, no_way
from pgassay.analysis.creation import change_column, column_line, make
from pgassay.analysis.creation.definition import automatic_name, identity_options, sequence_options
from pgassay.analysis.creation.surroundings import surroundings
from pgassay.analysis.other_column import names_column
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
from pgassay.analysis.sql_tokens import tokens
from pgassay.facts.catalog import Catalog, Column, Sequence
from pgassay.facts.pending_run import ColumnChange, PendingRun, WatchedStatement


def added_rewrite(run: PendingRun, statement: WatchedStatement, change: ColumnChange) -> str:
    """Code where it can be whole; else why it cannot, and the way in outline."""
    catalog = run.after
    column = column_at_end(catalog, change)
    if catalog is None or column is None:
        return _outline(change, "a pending revision fails, or one later changes the column again")
    reason = no_way(catalog, replace(column, generated=""))
    if not reason and column.default is None and not column.generated:
        reason = "what gives it a value is not there any more at the end"
    if reason:
        return _outline(change, reason)
    return _Addition(run, catalog, column, statement).text()


class _Addition:
    def __init__(
        self, run: PendingRun, catalog: Catalog, column: Column, statement: WatchedStatement
    ) -> None:
        self._catalog, self._column = catalog, column
        self._table, self._name = qualified(*column.table_name), quoted(column.name)
        self._alter = f"ALTER TABLE {self._table}"
        self._parts = _dependents_of_new(run, statement, column)
        self._sequence = next(
            (s for s in catalog.of(Sequence) if s.owned_by == column.identity), None
        )

    def text(self) -> str:
        column = self._column
        if column.generated == "stored":
            return "\n".join([*self._virtual(), *self._computed()])
        if column.generated and self._sequence is not None:
            fill = qualified(column.schema, automatic_name(column.table, column.name, "fill"))
            return self._steps(self._numbered(fill), self._identity(fill))
        return self._steps(self._default())

    def _steps(self, first: list[str], last: tuple[str, ...] = ()) -> str:
        return self._in_turn(
            Step("The column, then its default, for new rows:", in_a_revision(*first)),
            in_batches(
                self._column.table_name,
                f"UPDATE {self._table}\nSET {self._name} = DEFAULT",
                [f"{self._name} IS NULL"],
            ),
            Step("The identity, in a moment:", in_a_revision(*last)) if last else None,
        )

    def _in_turn(self, first: Step, fill: str, last: Step | None = None) -> str:
        parts = beside_parts(self._catalog, self._column, self._parts, self._column.name)
        steps = [
            first,
            Step("The rows that are there, in batches:", then(fill, parts.begun)),
        ]
        if len(parts.built) > 1:
            code = then(outside_a_transaction(*parts.built), [*parts.ended, *parts.taken])
            steps.append(Step("What it must hold, without a long lock:", code))
        listed = in_turn([*steps, last] if last else steps, self._catalog.server_major)
        return "\n".join([listed, *fired(self._catalog, self._column)])

    def _bare(self) -> Column:
        return replace(
            self._column,
            default=None,
            generated="",
            not_null=False,
            not_null_name="",
            not_null_comment="",
        )

    def _added(self, default: str | None) -> list[str]:
        bare = self._bare()
        unset = replace(bare, storage="", statistics=None, options=(), grants=(), comment="")
        want = replace(bare, default=default)
        return [
            f"{self._alter}\nADD COLUMN {column_line(bare)}",
            *self._run(change_column(unset, want, surroundings(self._catalog))),
        ]

    def _default(self) -> list[str]:
        added = self._added(self._column.default)
        if self._sequence is None:
            return added
        made, *rest = self._run(make(self._sequence, self._catalog))
        return [made, *added, *rest]

    def _numbered(self, fill: str) -> list[str]:
        """Numbers from a sequence that the identity's own takes over from."""
        sequence = self._sequence
        assert sequence is not None
        options = [f"AS {sequence.type}", *sequence_options(sequence)]
        return [
            f"CREATE SEQUENCE {fill}\n{' '.join(options)}",
            *self._added(f"nextval({literal(fill)})"),
        ]

    def _identity(self, fill: str) -> tuple[str, ...]:
        sequence = self._sequence
        assert sequence is not None
        own = literal(qualified(*sequence.table_name))
        alter = f"{self._alter}\nALTER COLUMN {self._name}"
        return (
            f"{alter} DROP DEFAULT",
            f"{alter}\nADD GENERATED {self._column.generated.upper()}{identity_options(sequence)}",
            f"SELECT setval({own}, last_value, is_called)\nFROM {fill}",
            f"DROP SEQUENCE {fill}",
        )

    def _virtual(self) -> list[str]:
        """Where PostgreSQL can compute it as it is read (18)."""
        if self._catalog.server_major < 18 or not self._fits_virtual():
            return []
        line = column_line(replace(self._column, generated="virtual", storage="", compression=""))
        return [
            "Where it may be computed as it is read, which writes nothing:",
            in_a_revision(f"{self._alter}\nADD COLUMN {line}"),
            "Where it must be stored, an ordinary column:",
        ]

    def _fits_virtual(self) -> bool:
        """PostgreSQL documentation, "Generated Columns": a virtual one has no type or function
        that users made, no index and no key; NOT NULL would read the table."""
        column = self._column
        words = [t.text for t in tokens(column.default or "") or ()]
        qualifying = {words[at - 1] for at, word in enumerate(words) if word == "." and at}
        indexed = [i for i in self._catalog.indexes if i.table_name == column.table_name]
        parts = self._parts
        return bool(words) and not (
            qualifying - {"pg_catalog"}
            or "." in column.type
            or column.not_null
            or parts.keys
            or parts.foreign_keys
            or parts.checks
            or any(names_column(i.definition, column.name) for i in indexed)
        )

    def _computed(self) -> list[str]:
        """PostgreSQL makes no column a generated one later, so a trigger stays in its stead."""
        column = self._column
        expression = column.default or ""
        trigger = alike_trigger(self._catalog, column.table_name, column.name, expression)
        return [
            self._in_turn(
                Step(
                    "The column, and a trigger that fills it:",
                    in_a_revision(*self._added(None), *trigger.made),
                ),
                in_batches(
                    column.table_name,
                    f"UPDATE {self._table}\nSET {self._name} = {expression}",
                    [f"{self._name} IS NULL"],
                ),
            ),
            "The trigger stays: PostgreSQL makes no column that is there a generated one.",
        ]

    def _run(self, statements: list[str]) -> list[str]:
        return without_ends(for_whoever_runs(statements, makers(self._catalog)))


def _dependents_of_new(
    run: PendingRun, statement: WatchedStatement, column: Column
) -> ColumnDependents:
    """What the statement that adds the column makes on it too."""
    assert run.after is not None
    known = {c.identity for c in run.before.constraints}
    made = [
        c
        for c in run.after.constraints
        if c.table_name == column.table_name
        and c.identity not in known
        and (column.name in c.columns or names_column(c.definition, column.name))
    ]
    keyed = column.table_name in statement.indexed
    keys = {(k.table, k.name) for k in statement.foreign_keys}
    checked = "check" in {t.text for t in tokens(statement.sql) or ()}
    return ColumnDependents(
        keys=tuple(c for c in made if keyed and c.kind in ("primary key", "unique")),
        foreign_keys=tuple(c for c in made if (c.table_name, c.name) in keys),
        checks=tuple(c for c in made if checked and c.kind == "check"),
    )


def _outline(change: ColumnChange, reason: str) -> str:
    fill = in_batches(
        change.table,
        f"UPDATE {qualified(*change.table)}\nSET {quoted(change.name)} = DEFAULT",
        [f"{quoted(change.name)} IS NULL"],
    )
    return (
        f"Its code is not written here: {reason}. In outline: add {change.name} without what "
        "gives it a value, set that as its default in a second statement, fill the old rows in "
        f"batches, then make it NOT NULL. The batches:\n{fill}"
    )
