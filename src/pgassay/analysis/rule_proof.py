"""What the catalog proves of a rule, so that no row need be looked at."""

from __future__ import annotations

from typing import Any

from pgassay.analysis.sql_identifier import quoted
from pgassay.facts.catalog import Catalog, Column, Constraint, Index
from pgassay.facts.data_rule import DataRule, NotNull, Unique


def proved_by(rule: DataRule, catalog: Catalog) -> str:
    """The constraint or index that keeps wrong rows out, in words; "" for none.

    No foreign key is a proof: rows that are written with session_replication_role = replica, as
    some restores do, pass by it and leave no trace. Nothing passes by the others.
    """
    match rule:
        case NotNull():
            found = _column(catalog, rule)
            return f"{rule.column} is NOT NULL" if found is not None and _is_filled(found) else ""
        case Unique():
            return _key(rule, catalog) if not rule.alike else _alike_key(rule, catalog)
    return ""


def is_never(plan: Any) -> bool:
    """Whether a plan (EXPLAIN (FORMAT JSON), under constraint_exclusion = on) says that constraints
    leave no row to look at: PostgreSQL documentation, "Planner Method Configuration"."""
    top: dict[str, Any] = plan[0]["Plan"]
    return top.get("One-Time Filter") == "false" and "Plans" not in top


def _column(catalog: Catalog, rule: NotNull) -> Column | None:
    ours = (c for c in catalog.columns if c.table_name == rule.table)
    return next((c for c in ours if c.name == rule.column), None)


def _is_filled(column: Column) -> bool:
    return column.not_null and column.not_null_valid and not column.not_null_no_inherit


def _key(rule: Unique, catalog: Catalog) -> str:
    asked = set(rule.together)
    for constraint in catalog.constraints:
        is_ours = constraint.table_name == rule.table and set(constraint.columns) <= asked
        if is_ours and constraint.columns and _is_key(constraint):
            return f"{constraint.kind} {constraint.name}"
    for index in _unique_indexes(rule, catalog):
        plain = f"USING btree ({', '.join(quoted(c) for c in index.columns)})"
        if index.definition == plain and set(index.columns) <= asked:
            return f"unique index {index.name}"
    return ""


def _is_key(constraint: Constraint) -> bool:
    # A temporal key (WITHOUT OVERLAPS) lets the other columns repeat.
    return (
        constraint.kind in ("primary key", "unique")
        and constraint.validated
        and constraint.index_valid
        and "WITHOUT OVERLAPS" not in constraint.definition
    )


def _alike_key(rule: Unique, catalog: Catalog) -> str:
    """A unique index over the same expression of one column, as PostgreSQL writes it."""
    if len(rule.together) != 1 or "blanks" in rule.alike:
        # What is cut off differs: btrim() leaves tabs.
        return ""
    name = quoted(rule.together[0])
    written = {f"USING btree (lower({v}))" for v in (name, f"({name})::text")}
    found = (i for i in _unique_indexes(rule, catalog) if i.definition in written)
    return next((f"unique index {index.name}" for index in found), "")


def _unique_indexes(rule: Unique, catalog: Catalog) -> list[Index]:
    ours = (i for i in catalog.indexes if i.table_name == rule.table)
    return [i for i in ours if i.unique and i.valid]
