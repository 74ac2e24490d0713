"""The SQL that gives columns, constraints and indexes another definition."""

from __future__ import annotations

from pgassay.analysis import repair_sql
from pgassay.analysis.alteration import alter
from pgassay.analysis.casts import same_but_for_casts
from pgassay.analysis.sql_identifier import qualified, quoted
from pgassay.facts.catalog import Catalog, Column, Constraint, Index


def default_kept(old: Column, new: Column) -> str | None:
    """A default that was not compared is not to be changed either, but for the column's type that
    PostgreSQL writes into it."""
    if (
        old.default
        and new.default
        and same_but_for_casts(
            old.default, new.default, {new.name: frozenset((old.type, new.type))}, value_of=new.name
        )
    ):
        return new.default
    return old.default and old.default.removesuffix(f"::{old.type}")


def identity_alike(properties: set[str], old: Column, new: Column, catalog: Catalog) -> list[str]:
    own = {p.removeprefix("identity_") for p in properties if p.startswith("identity_")}
    sequence = repair_sql.identity_of(new, catalog)
    if not own or sequence is None or not old.generated.endswith("identity"):
        return []
    words = alter(sequence, sequence, own, catalog)
    # The other side's may be called otherwise; the column knows its own.
    sets = [w.partition(" ")[2].partition(" ")[2].partition(" ")[2] for w in words]
    table, name = qualified(*new.table_name), quoted(new.name)
    return [f"ALTER TABLE {table} ALTER COLUMN {name} {_with_set(text)}" for text in sets if text]


def _with_set(options: str) -> str:
    """Sequence options as ALTER COLUMN takes them: each with SET before it."""
    for option in ("INCREMENT BY", "MINVALUE", "MAXVALUE", "START WITH", "CACHE", "NO CYCLE"):
        options = options.replace(option, f"SET {option}")
    return options if "NO CYCLE" in options else options.replace("CYCLE", "SET CYCLE")


def constraint_alike(old: Constraint, new: Constraint, properties: set[str]) -> list[str]:
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


def index_alike(old: Index, new: Index, properties: set[str]) -> list[str]:
    if properties & {"definition", "unique"}:
        return [repair_sql.drop_index(old), repair_sql.create_index(new, concurrently=True)]
    index = qualified(old.schema, old.name)
    statements = []
    if "valid" in properties and new.valid:
        statements.append(f"REINDEX INDEX CONCURRENTLY {index};")
    if old.name != new.name:
        statements.append(f"ALTER INDEX {index} RENAME TO {quoted(new.name)};")
    return statements
