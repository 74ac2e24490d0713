"""One side of a comparison: its objects as the others need to look them up."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from functools import cached_property

from pgassay.analysis.schema_diff.owner_spread import OwnerSpread
from pgassay.analysis.side_scope import Scope
from pgassay.analysis.sql_identifier import qualified
from pgassay.facts.catalog import (
    Catalog,
    Column,
    DefaultPrivileges,
    Owned,
    Relation,
    Schema,
    SchemaObject,
    Sequence,
    SystemGrants,
    Table,
    TableName,
    ViewColumn,
)
from pgassay.facts.reparsed import ReparsedText, TextKey

# What initdb grants, on the schema public and the database, is nobody's doing.
_OF_INITDB = frozenset({"PUBLIC", "pg_database_owner"})


class Side:
    """A catalog with its name, scope and reparsed texts. What is costly is found when asked."""

    def __init__(
        self, name: str, catalog: Catalog, scope: Scope, reparsed: Mapping[TextKey, ReparsedText]
    ) -> None:
        self.name, self.catalog, self.scope, self.reparsed = name, catalog, scope, reparsed

    @cached_property
    def tables(self) -> dict[TableName, Table]:
        return {table.table_name: table for table in self.catalog.tables}

    @cached_property
    def relations(self) -> dict[TableName, str]:
        """The KIND of every relation."""
        kinds = dict.fromkeys(self.tables, Table.KIND)
        for thing in self.catalog.others:
            if isinstance(thing, Relation):
                kinds[thing.table_name] = thing.KIND
        return kinds

    @cached_property
    def schemas(self) -> frozenset[str]:
        return frozenset(s.name for s in self.catalog.of(Schema))

    @cached_property
    def domains(self) -> frozenset[TableName]:
        of_types = (t for t in self.catalog.others if t.KIND == "domain")
        return frozenset((t.identity[0], t.identity[2]) for t in of_types)

    @cached_property
    def columns(self) -> dict[TableName, list[Column]]:
        """Each table's columns in their order."""
        found: dict[TableName, list[Column]] = {}
        for column in self.catalog.columns:
            found.setdefault(column.table_name, []).append(column)
        for columns in found.values():
            columns.sort(key=lambda column: column.position)
        return found

    @cached_property
    def column_names(self) -> dict[TableName, frozenset[str]]:
        return {table: frozenset(c.name for c in cs) for table, cs in self.columns.items()}

    @cached_property
    def sequences(self) -> tuple[Sequence, ...]:
        return tuple(s for s in self.catalog.others if isinstance(s, Sequence))

    @cached_property
    def by_written_name(self) -> dict[str, TableName]:
        """`partition_of` and `inherits` name a table as SQL does."""
        return {qualified(*name): name for name in self.tables}

    def parents(self, table: TableName) -> list[TableName]:
        """What it is a partition of, or inherits from."""
        thing = self.tables.get(table)
        if thing is None:
            return []
        names = [thing.partition_of] if thing.partition_of else list(thing.inherits)
        return [self.by_written_name[name] for name in names if name in self.by_written_name]

    @cached_property
    def usual_owner(self) -> str:
        """Who owns what nobody gave to another: the role that built it, as it read it too."""
        if self.catalog.role and not self.scope.rights:
            return self.catalog.role
        owners = Counter(t.owner for t in self.catalog.objects() if isinstance(t, Owned))
        del owners[""]
        return owners.most_common(1)[0][0] if owners else ""

    @cached_property
    def owner_spread(self) -> OwnerSpread:
        return OwnerSpread(self.catalog)

    @cached_property
    def sets_owners(self) -> bool:
        things = (t for t in self.catalog.objects() if isinstance(t, Owned))
        return any(
            t.owner not in ("", self.usual_owner, "pg_database_owner") and t.KIND != "database"
            for t in things
        )

    @property
    def speaks_of_grants(self) -> bool:
        return self.scope.rights or self.sets_grants

    @cached_property
    def sets_grants(self) -> bool:
        return any(self._sets_grants(thing) for thing in self.catalog.objects())

    def _sets_grants(self, thing: SchemaObject) -> bool:
        if isinstance(thing, DefaultPrivileges | SystemGrants):
            return True
        if not isinstance(thing, Owned | Column | ViewColumn):
            return False
        if thing.KIND in ("schema", "database"):
            return any(grant.grantee not in _OF_INITDB for grant in thing.grants)
        return bool(thing.grants)
