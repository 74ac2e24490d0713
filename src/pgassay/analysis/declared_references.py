"""Foreign keys that the database declares, as rules that somebody has to look at."""

from __future__ import annotations

import re
from collections.abc import Iterator

from pgassay.facts.catalog import Catalog, Constraint, TableName
from pgassay.facts.data_rule import DataRule, References

_NAME = r'(?:[^\W\d][\w$]*|"(?:[^"]|"")+")'
_TARGET = re.compile(
    rf"\) REFERENCES (?P<table>{_NAME}(?:\.{_NAME})?)\((?P<key>{_NAME}(?:, {_NAME})*)\)"
)


def declared_references(catalog: Catalog) -> Iterator[References]:
    """Those of every table, but a partition's that are its parent's; with what the key says of
    itself as the reason."""
    above = {t.table_name: _table(t.partition_of) for t in catalog.tables if t.partition_of}
    keys = [c for c in catalog.constraints if c.kind == "foreign key"]
    known = {(c.table_name, c.columns, c.definition.removesuffix(" NOT VALID")) for c in keys}
    for constraint in keys:
        text = constraint.definition.removesuffix(" NOT VALID")
        if (above.get(constraint.table_name), constraint.columns, text) in known:
            continue
        found = _TARGET.search(constraint.definition)
        # A temporal key (PERIOD) refers to more than equal values.
        if found is None or "PERIOD" in constraint.definition:
            continue
        yield References(
            table=constraint.table_name,
            together=constraint.columns,
            parent=_table(found["table"]),
            key=tuple(_plain(name) for name in re.findall(_NAME, found["key"])),
            reason=f"foreign key {constraint.name}{_says(constraint)}",
            declared=constraint.name,
            is_valid=not _says(constraint),
        )


def is_same(one: DataRule, other: DataRule) -> bool:
    """Whether two rules ask the same, whoever wrote them."""
    return (
        isinstance(one, References)
        and isinstance(other, References)
        and (one.table, one.together, one.parent, one.key)
        == (other.table, other.together, other.parent, other.key)
    )


def _says(constraint: Constraint) -> str:
    if not constraint.enabled:
        return ", whose triggers are disabled"
    if "NOT ENFORCED" in constraint.definition:
        return ", NOT ENFORCED"
    return "" if constraint.validated else ", NOT VALID"


def _table(written: str) -> TableName:
    names = [_plain(name) for name in re.findall(_NAME, written)]
    return (names[0], names[1]) if len(names) == 2 else ("public", names[0])


def _plain(name: str) -> str:
    return name[1:-1].replace('""', '"') if name.startswith('"') else name
