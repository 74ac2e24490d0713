"""What a filled column gets while others work: NOT NULL, keys, indexes, checks."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from pgassay.analysis.column_dependents import ColumnDependents
from pgassay.analysis.creation import make
from pgassay.analysis.creation.definition import automatic_name, free_name
from pgassay.analysis.creation.sql_text import storage_options
from pgassay.analysis.other_column import (
    foreign_key_of_other_column,
    key_of_other_column,
    of_other_column,
)
from pgassay.analysis.repair_maker import for_whoever_runs, makers
from pgassay.analysis.sql_identifier import qualified, quoted
from pgassay.facts.catalog import Catalog, Column, Constraint, SchemaObject


@dataclass(slots=True)
class BesideParts:
    """`begun` takes moments, in a transaction; `built` takes long and keeps nobody out, outside of
    one; `ended` follows it in a moment. `taken` is for when the column has its name. `undone` takes
    back what of them is there, as after a run that was stopped."""

    begun: list[str] = field(default_factory=list)
    built: list[str] = field(default_factory=list)
    ended: list[str] = field(default_factory=list)
    taken: list[str] = field(default_factory=list)
    undone: list[str] = field(default_factory=list)


def beside_parts(
    catalog: Catalog, column: Column, dependents: ColumnDependents, new: str
) -> BesideParts:
    """For the column `new`, which is to be `column` as `catalog` has it; where that is its name
    already, its parts have theirs from the first."""
    return _Builder(catalog, column, new).parts(dependents)


class _Builder:
    def __init__(self, catalog: Catalog, column: Column, new: str) -> None:
        self._catalog, self._column, self._new = catalog, column, new
        self._is_new = column.name != new
        self._alter = f"ALTER TABLE {qualified(*column.table_name)}"
        self._found = BesideParts()
        self._names = {t.identity[2] or t.identity[1] for t in catalog.objects()}

    def parts(self, dependents: ColumnDependents) -> BesideParts:
        found = self._found
        if self._column.not_null:
            self._not_null()
        for check in dependents.checks:
            text = of_other_column(check.definition, self._column.name, self._new)
            self._constraint(check, text or "")
        for key in dependents.foreign_keys:
            text = foreign_key_of_other_column(key, self._column.name, self._new)
            self._constraint(key, text or "")
        for key in dependents.keys:
            self._key(key)
        for index in dependents.indexes:
            text = of_other_column(index.definition, self._column.name, self._new)
            name = self._interim(index.name)
            self._build(name, f"{text}", index.unique)
            if name != index.name:
                found.taken.append(
                    f"ALTER INDEX {qualified(index.schema, name)}\nRENAME TO {quoted(index.name)}"
                )
            found.taken += self._set_on(index)
        table = qualified(*self._column.table_name)
        found.built.append(f"ANALYZE {table} ({quoted(self._new)})")
        return found

    def _not_null(self) -> None:
        """PostgreSQL documentation, "ALTER TABLE": SET NOT NULL reads no rows where a valid CHECK
        proves that there are no NULLs (12); NOT NULL constraints may be NOT VALID (18)."""
        column, new = self._column, quoted(self._new)
        own = column.not_null_name or automatic_name(column.table, column.name, "not_null")
        name = self._interim(own)
        inherit = " NO INHERIT" if column.not_null_no_inherit else ""
        if self._catalog.server_major >= 18:
            self._undo(name)
            self._found.begun.append(
                f"{self._alter}\nADD CONSTRAINT {quoted(name)}\nNOT NULL {new}{inherit} NOT VALID"
            )
            if column.not_null_valid:
                self._found.built.append(f"{self._alter}\nVALIDATE CONSTRAINT {quoted(name)}")
            if name != own:
                self._rename(name, own)
            return
        proof = quoted(free_name(column.table, self._new, "filled", self._names))
        self._found.undone += [
            f"{self._alter}\nDROP CONSTRAINT IF EXISTS {proof}",
            f"{self._alter}\nALTER COLUMN {new} DROP NOT NULL",
        ]
        self._found.begun.append(
            f"{self._alter}\nADD CONSTRAINT {proof}\nCHECK ({new} IS NOT NULL) NOT VALID"
        )
        self._found.built += [
            f"{self._alter}\nVALIDATE CONSTRAINT {proof}",
            f"{self._alter}\nALTER COLUMN {new} SET NOT NULL",
        ]
        self._found.ended.append(f"{self._alter}\nDROP CONSTRAINT {proof}")

    def _constraint(self, constraint: Constraint, text: str) -> None:
        name = self._interim(constraint.name)
        text = text.removesuffix(" NOT VALID")
        self._undo(name)
        self._found.begun.append(f"{self._alter}\nADD CONSTRAINT {quoted(name)}\n{text}\nNOT VALID")
        if constraint.validated:
            self._found.built.append(f"{self._alter}\nVALIDATE CONSTRAINT {quoted(name)}")
        if name != constraint.name:
            self._rename(name, constraint.name)
        self._found.taken += self._set_on(constraint)

    def _key(self, key: Constraint) -> None:
        """The constraint gives the index its own name."""
        written = key_of_other_column(key, self._column.name, self._new)
        if written is None:
            return
        kind, over, ends = written
        name = self._interim(key.name)
        options = f" WITH ({storage_options(key.options)})" if key.options else ""
        place = f" TABLESPACE {quoted(key.tablespace)}" if key.tablespace else ""
        self._build(name, f"{over}{options}{place}", unique=True)
        self._found.taken.append(
            f"{self._alter}\nADD CONSTRAINT {quoted(key.name)}\n"
            f"{kind} USING INDEX {quoted(name)}{ends}"
        )
        self._found.taken += self._set_on(replace(key, options=(), tablespace=""))

    def _build(self, name: str, definition: str, unique: bool) -> None:
        """One that was left by a run that was stopped is invalid, and goes first."""
        table = qualified(*self._column.table_name)
        index = qualified(self._column.schema, name)
        self._found.built += [
            f"DROP INDEX CONCURRENTLY IF EXISTS\n{index}",
            f"CREATE {'UNIQUE ' if unique else ''}INDEX CONCURRENTLY {quoted(name)}\n"
            f"ON {table} {definition}",
        ]

    def _undo(self, name: str) -> None:
        self._found.undone.append(f"{self._alter}\nDROP CONSTRAINT IF EXISTS {quoted(name)}")

    def _rename(self, name: str, to: str) -> None:
        self._found.taken.append(
            f"{self._alter}\nRENAME CONSTRAINT {quoted(name)}\nTO {quoted(to)}"
        )

    def _set_on(self, thing: SchemaObject) -> list[str]:
        return set_on(thing, self._catalog)

    def _interim(self, name: str) -> str:
        if not self._is_new:
            return name
        free = free_name(name, "", "new", self._names)
        self._names.add(free)
        return free


def set_on(thing: SchemaObject, catalog: Catalog) -> list[str]:
    """What is set on a part once it is there, for whoever runs it."""
    return without_ends(for_whoever_runs(make(thing, catalog)[1:], makers(catalog)))


def without_ends(statements: Iterable[str]) -> list[str]:
    """Statements without their semicolons; no comments."""
    return [s.rstrip(";") for s in statements if not s.startswith("--")]
