"""What an object stands on, so that what goes with a missing object is not named by itself."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from pgassay.analysis.schema_diff.side import Side
from pgassay.analysis.sql_words import names
from pgassay.facts.catalog import (
    Constraint,
    DomainConstraint,
    Identity,
    Index,
    Part,
    SchemaObject,
    Statistics,
    Table,
    TableName,
)
from pgassay.facts.catalog import Sequence as SequenceObject

Key = tuple[str, Identity]
"""(name space, identity): no two objects of one database share it."""

_SHARED = {
    "table": "relation",
    "view": "relation",
    "materialized view": "relation",
    "sequence": "relation",
    "enum": "type",
    "domain": "type",
    "composite type": "type",
    "range type": "type",
    "base type": "type",
    "function": "routine",
    "aggregate": "routine",
}


def key_of(thing: SchemaObject) -> Key:
    return (_SHARED.get(thing.KIND, thing.KIND), thing.identity)


class Ground:
    """Looks up what is missing under an object."""

    def __init__(self, sides: Sequence[Side]) -> None:
        self.sides = sides
        self._schemas = frozenset(name for side in sides for name in side.schemas)

    def missing(self, thing: SchemaObject, here: Side, side: Side) -> tuple[Key, ...]:
        """What `side` lacks, or has as another kind of object, of what the object stands on at
        `here`: the outermost such object, or the columns; () if all is there."""
        schema = thing.identity[0]
        if thing.KIND != "schema" and schema in self._schemas and schema not in side.schemas:
            return (("schema", (schema, "", "")),)
        if isinstance(thing, DomainConstraint):
            there = thing.table_name in side.domains or thing.table_name not in here.domains
            return () if there else (("type", (thing.schema, "", thing.table)),)
        for relation in self._relations(thing, here):
            kind = here.relations.get(relation)
            if kind is not None and side.relations.get(relation) != kind:
                outer = self._outermost(relation, here, side)
                return (("relation", (*outer, "")),)
        return tuple(("column", (*table, name)) for table, name in self._columns(thing, here, side))

    def _outermost(self, relation: TableName, here: Side, side: Side) -> TableName:
        """Of a partition that is missing with its parent, the parent."""
        for parent in here.parents(relation) if relation in here.tables else ():
            if side.relations.get(parent) != here.relations.get(parent):
                return self._outermost(parent, here, side)
        return relation

    def _relations(self, thing: SchemaObject, here: Side) -> Iterator[TableName]:
        if isinstance(thing, Table) and thing.partition_of:
            yield from here.parents(thing.table_name)
        elif isinstance(thing, Part):
            yield thing.table_name
        elif isinstance(thing, SequenceObject) and thing.owned_by:
            yield (thing.owned_by[0], thing.owned_by[1])
        elif isinstance(thing, Statistics):
            yield table_of_statistics(thing, here)

    def _columns(
        self, thing: SchemaObject, here: Side, side: Side
    ) -> Iterator[tuple[TableName, str]]:
        if isinstance(thing, SequenceObject):
            if len(thing.owned_by) == 3:
                table, name = (thing.owned_by[0], thing.owned_by[1]), thing.owned_by[2]
                if name in self.lacking(table, here, side):
                    yield table, name
            return
        if isinstance(thing, Statistics):
            table = table_of_statistics(thing, here)
        elif isinstance(thing, Constraint | Index):
            table = thing.table_name
        else:
            return
        for name in self.lacking(table, here, side):
            if rests_on(thing, name):
                yield table, name

    def lacking(self, table: TableName, here: Side, side: Side) -> list[str]:
        """The columns of the table at `here` that `side` lacks, in their order."""
        there = side.column_names.get(table, frozenset())
        if here.column_names.get(table, frozenset()) <= there:
            return []
        return [column.name for column in here.columns[table] if column.name not in there]


def table_of_statistics(thing: Statistics, here: Side) -> TableName:
    """Its table is named alone, or with its schema where that is another."""
    return here.by_written_name.get(thing.table, (thing.schema, thing.table))


def rests_on(thing: SchemaObject, column: str) -> bool:
    """Whether the object of the column's table needs it."""
    if isinstance(thing, Constraint | Index) and column in thing.columns:
        return True
    # The columns of these are all there are; a foreign key names the other table's besides.
    if isinstance(thing, Constraint) and thing.kind in ("check", "foreign key"):
        return False
    return names(getattr(thing, "definition", ""), column)
