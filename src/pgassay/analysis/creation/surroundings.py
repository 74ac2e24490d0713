"""What stands around an object, found fast: a table's columns, an identity's sequence."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field

from pgassay.analysis.sql_identifier import qualified
from pgassay.facts.catalog import (
    Catalog,
    Column,
    Identity,
    MaterializedView,
    Sequence,
    Table,
    TableName,
    Trigger,
)


@dataclass(slots=True)
class Surroundings:
    """A catalog by what its objects hang on. `tables` are by their name as SQL writes it."""

    catalog: Catalog
    columns: dict[TableName, list[Column]] = field(default_factory=lambda: defaultdict(list))
    tables: dict[str, Table] = field(default_factory=dict)
    identities: dict[Identity, Sequence] = field(default_factory=dict)
    materialized: set[TableName] = field(default_factory=set)
    triggers: set[Identity] = field(default_factory=set)

    def table(self, name: TableName) -> Table | None:
        return self.tables.get(qualified(*name))

    def is_parents(self, trigger: Trigger) -> bool:
        """Whether a table that this one is a partition of has the trigger."""
        table = self.table(trigger.table_name)
        while table and table.partition_of:
            table = self.tables.get(table.partition_of)
            if table and (table.schema, table.name, trigger.name) in self.triggers:
                return True
        return False


def surroundings(catalog: Catalog) -> Surroundings:
    found = Surroundings(catalog)
    for column in sorted(catalog.columns, key=lambda c: c.position):
        found.columns[column.table_name].append(column)
    for table in catalog.tables:
        found.tables[qualified(*table.table_name)] = table
    for thing in catalog.others:
        if isinstance(thing, Sequence) and thing.identity_column:
            schema, table_name, name = thing.owned_by
            found.identities[(schema, table_name, name)] = thing
        elif isinstance(thing, MaterializedView):
            found.materialized.add(thing.table_name)
        elif isinstance(thing, Trigger):
            found.triggers.add(thing.identity)
    return found
