"""What to run or write so that the sides agree again."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from pgassay.analysis import repair_sql
from pgassay.analysis.alembic_operations import op_add_column, sqlalchemy_column
from pgassay.analysis.schema_diff import Difference, Part
from pgassay.analysis.sql_identifier import qualified, quoted
from pgassay.facts.catalog import Catalog, Column, Constraint, Index, Table


def code(lines: Iterable[str]) -> str:
    """Lines to paste: indented by four, each on its own."""
    return "\n".join(f"    {line}" for text in lines for line in text.split("\n"))


def part_on(difference: Difference, *sides: str) -> Part | None:
    """The object on the first of the sides that has it."""
    objects = dict(difference.objects)
    return next((objects[side] for side in sides if side in objects), None)


def create_by_hand(part: Part, catalog: Catalog) -> list[str]:
    """SQL that adds the object, as `catalog` has it, to a database in use."""
    match part:
        case Table():
            return repair_sql.create_table(catalog, part.table_name)
        case Column():
            return repair_sql.add_column(part)
        case Constraint():
            return repair_sql.add_constraint(part)
        case Index():
            return [repair_sql.create_index(part, concurrently=True)]


def create_if_missing(part: Part, catalog: Catalog) -> list[str]:
    """SQL for a revision that must do nothing where the object is there already."""
    match part:
        case Table():
            return repair_sql.create_table(catalog, part.table_name, if_missing=True)
        case Column():
            return repair_sql.add_column(part, if_missing=True)
        case Constraint():
            return repair_sql.replace_constraint(part.name, part)
        case Index():
            return [repair_sql.create_index(part, concurrently=False, if_missing=True)]


def create_in_revision(part: Part) -> list[str]:
    """What a revision that adds the object says: Alembic's operation, or SQL for op.execute()."""
    match part:
        case Table():
            return []
        case Column():
            return [op_add_column(part) or "\n".join(repair_sql.add_column(part))]
        case Constraint():
            return repair_sql.add_constraint(part)
        case Index():
            return [repair_sql.create_index(part, concurrently=False)]


def drop(part: Part) -> str:
    table = qualified(*part.table_name)
    match part:
        case Table():
            return f"DROP TABLE {table};"
        case Column():
            return f"ALTER TABLE {table} DROP COLUMN {quoted(part.name)};"
        case Constraint():
            return f"ALTER TABLE {table} DROP CONSTRAINT {quoted(part.name)};"
        case Index():
            return repair_sql.drop_index(part)


def write_in_model(part: Part) -> list[str]:
    """How a model declares a column; other parts are declared in too many ways to choose one."""
    written = sqlalchemy_column(part) if isinstance(part, Column) else None
    return [written] if written else []


def make_alike(differences: Sequence[Difference], wrong: str, right: str) -> list[str]:
    """SQL that makes the object of side `wrong` what it is on side `right`."""
    properties = {d.property for d in differences}
    objects = dict(differences[0].objects)
    match objects.get(wrong), objects.get(right):
        case Column() as old, Column() as new:
            if not properties & {"default", "generated"}:
                # A default that was not compared is not to be changed either.
                new = replace(new, default=old.default)
            return repair_sql.alter_column(old, new)
        case Constraint() as old, Constraint() as new:
            return _constraint_alike(old, new, properties)
        case Index() as old, Index() as new:
            return _index_alike(old, new, properties)
    return []


def _constraint_alike(old: Constraint, new: Constraint, properties: set[str]) -> list[str]:
    table = qualified(*old.table_name)
    if "definition" in properties:
        return repair_sql.replace_constraint(old.name, new)
    statements = []
    if "validated" in properties and new.validated:
        statements.append(f"ALTER TABLE {table} VALIDATE CONSTRAINT {quoted(old.name)};")
    if old.name != new.name:
        renamed = f"{quoted(old.name)} TO {quoted(new.name)}"
        statements.append(f"ALTER TABLE {table} RENAME CONSTRAINT {renamed};")
    return statements


def _index_alike(old: Index, new: Index, properties: set[str]) -> list[str]:
    if properties & {"definition", "unique"}:
        return [repair_sql.drop_index(old), repair_sql.create_index(new, concurrently=True)]
    index = qualified(old.schema, old.name)
    statements = []
    if "valid" in properties and new.valid:
        statements.append(f"REINDEX INDEX CONCURRENTLY {index};")
    if old.name != new.name:
        statements.append(f"ALTER INDEX {index} RENAME TO {quoted(new.name)};")
    return statements
