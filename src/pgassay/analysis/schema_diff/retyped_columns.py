"""Columns whose type differs, and the texts that differ with them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import pairwise

from pgassay.analysis.casts import Retyped, same_but_for_casts
from pgassay.analysis.schema_diff.clusters import Cluster
from pgassay.analysis.schema_diff.ground import table_of_statistics
from pgassay.analysis.schema_diff.properties import Differing
from pgassay.analysis.schema_diff.side import Side
from pgassay.analysis.sql_tokens import Token, tokens
from pgassay.analysis.text_equality import SQL_TEXTS
from pgassay.facts.catalog import (
    Column,
    Domain,
    DomainConstraint,
    Part,
    SchemaObject,
    Statistics,
    Table,
    TableName,
)

_DOT, _AS = Token("sign", "."), Token("word", "as")
_VALUE = "value"
"""How a domain's CHECK names what it is about, and here its default too."""


class RetypedColumns:
    """By table, or domain, the types that a column has on the sides that say one."""

    def __init__(self, sides: Sequence[Side], clusters: Iterable[Cluster]) -> None:
        self._sides = sides
        self._of: dict[TableName, dict[str, frozenset[str]]] = {}
        for cluster in clusters:
            self._add(cluster)

    def _add(self, cluster: Cluster) -> None:
        thing = next(iter(cluster.values()))
        if isinstance(thing, Column):
            table, name, prop = thing.table_name, thing.name, "type"
        elif isinstance(thing, Domain):
            table, name, prop = (thing.schema, thing.name), _VALUE, "base_type"
        else:
            return
        types = frozenset(
            getattr(it, prop)
            for side, it in cluster.items()
            if type(it) is type(thing) and side.scope.says(it.KIND, prop, usual=False)
        )
        if len(types) > 1:
            self._of.setdefault(table, {})[name] = types

    def has(self, table: TableName, column: str) -> bool:
        return column in self._of.get(table, {})

    def explain(self, members: Cluster, one: Differing) -> bool:
        """Whether a text differs only because PostgreSQL writes such a type into it."""
        thing = next(iter(members.values()))
        if not self._of or (thing.KIND, one.property) not in SQL_TEXTS:
            return False
        first, *others = (text for _, text in one.values)
        retyped = self._meant(members, (first, *others))
        of_value = one.property == "default"
        value_of = "" if not of_value else thing.name if isinstance(thing, Column) else _VALUE
        return all(
            same_but_for_casts(
                first, other, retyped, value_of=value_of, is_bound=one.property == "bound"
            )
            for other in others
        )

    def _meant(self, members: Cluster, texts: tuple[str, ...]) -> Retyped:
        """The retyped columns that the texts mean when they say a column's name; not a name that
        may be something else's there: of another table, of a view, or given in a query."""
        named: dict[TableName, str] = {}
        given: set[str] = set()
        for text in texts:
            found = tokens(text)
            if found is None:
                return {}
            given |= {_name(after) for before, after in pairwise(found) if before == _AS}
            for relation in _pairs(found):
                kinds = (side.relations.get(relation) for side in self._sides)
                if kind := next((kind for kind in kinds if kind), ""):
                    named[relation] = kind
        for side, thing in members.items():
            named.update(dict.fromkeys(_own(thing, side), Table.KIND))
        if any(kind != Table.KIND for kind in named.values()):
            return {}
        meant: dict[str, frozenset[str]] = {}
        for table in named:
            for name, types in self._of.get(table, {}).items():
                if name not in given and all(self._is_retyped(other, name) for other in named):
                    meant[name] = meant.get(name, frozenset()) | types
        return meant

    def _is_retyped(self, table: TableName, column: str) -> bool:
        """Or not there, so that the name is not this table's column."""
        there = any(column in side.column_names.get(table, ()) for side in self._sides)
        return not there or self.has(table, column)


def _own(thing: SchemaObject, side: Side) -> list[TableName]:
    if isinstance(thing, Statistics):
        return [table_of_statistics(thing, side)]
    if isinstance(thing, Domain):
        return [(thing.schema, thing.name)]
    if isinstance(thing, Table | Part | DomainConstraint):
        return [thing.table_name]
    return []


def _pairs(found: tuple[Token, ...]) -> Iterable[TableName]:
    for schema, dot, name in zip(found, found[1:], found[2:], strict=False):
        if dot == _DOT:
            yield _name(schema), _name(name)


def _name(token: Token) -> str:
    if token.kind == "quoted" and token.text.startswith('"'):
        return token.text[1:-1].replace('""', '"')
    return token.text if token.kind == "word" else ""
