"""Columns that look like foreign keys and are none."""

from __future__ import annotations

from collections.abc import Iterator

from pgassay.analysis.declared_references import declared_references
from pgassay.analysis.inference.seen import Seen, type_of
from pgassay.analysis.money_names import singular
from pgassay.facts.catalog import Column, TableName
from pgassay.facts.data_rule import References
from pgassay.facts.proposal import Proposal

_ENDINGS = ("_id", "_uuid", "_key", "_fk", "Id", "ID")
_INTEGERS = ("smallint", "integer", "bigint")


def reference_proposals(seen: Seen) -> Iterator[Proposal]:
    """`user_id` means a row of `user` or `users`, in the same schema before others."""
    declared = {(r.table, c) for r in declared_references(seen.catalog) for c in r.together}
    keys = _keys(seen)
    for table, columns in seen.tables():
        for column in columns.values():
            name = _pointed_at(column.name)
            if not name or (table.table_name, column.name) in declared:
                continue
            for parent, key in keys:
                if singular(parent[1].lower()) != singular(name) or parent == table.table_name:
                    continue
                if not _is_alike(type_of(column), type_of(key)):
                    continue
                near = parent[0] == table.schema
                yield Proposal(
                    References(
                        table=table.table_name,
                        together=(column.name,),
                        parent=parent,
                        key=(key.name,),
                    ),
                    f"{column.name} is named after {'.'.join(parent)}, whose key {key.name} has "
                    "its type, and no foreign key is declared",
                    0.95 if near else 0.85,
                    0.95,
                )
                break


def _keys(seen: Seen) -> list[tuple[TableName, Column]]:
    """Tables with a key of one column."""
    columns = {(c.table_name, c.name): c for c in seen.catalog.columns}
    found = [
        (constraint.table_name, columns[constraint.table_name, constraint.columns[0]])
        for constraint in seen.catalog.constraints
        if constraint.kind == "primary key" and len(constraint.columns) == 1
    ]
    return sorted(found, key=lambda one: one[0])


def _pointed_at(column: str) -> str:
    ending = next((e for e in _ENDINGS if column.endswith(e) and column != e.strip("_")), "")
    return column.removesuffix(ending).lower() if ending else ""


def _is_alike(one: str, other: str) -> bool:
    return one == other or (one in _INTEGERS and other in _INTEGERS)
