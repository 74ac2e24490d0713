"""Which of a database's objects are its users', and who made the others."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection
from typing import Any

import psycopg

from pgassay.analysis.managed_services import SUPABASE, service_of
from pgassay.facts.catalog import TableName
from pgassay.sources.queries import query

TEMPORARY = "temporary"
PGASSAY = "schema pgassay"
MEMBER = "extension member"
VERSION = "version table"
# Every database has these, and the same of them: a count of them would say nothing.
_SYSTEM = "system schema"


class Own:
    """What every kind's reader asks: names behind oids, and whether an object counts.

    `left_out` counts what does not, by reason. `relations` are the tables, views and sequences
    read so far, by oid.
    """

    def __init__(self, cursor: psycopg.Cursor[Any], version_tables: Collection[TableName]) -> None:
        server: Any = cursor.execute(query("catalog/server")).fetchone()
        self.version_num: int = server.version_num
        self.major = self.version_num // 10000
        self.role: str = server.role
        self.roles = dict(zip(server.role_oids, server.role_names, strict=True))
        self.classes = dict(zip(server.catalog_names, server.catalog_oids, strict=True))
        self.version_tables = frozenset(version_tables)
        members = cursor.execute(query("catalog/extension_members")).fetchall()
        self.members = {(row.catalog, row.oid) for row in members}
        self.service = service_of(server.role_names)
        self.managed = f"managed by {self.service.name}" if self.service else ""
        self.schemas: dict[int, str] = {}
        self.schema_rows: list[Any] = cursor.execute(query("catalog/schemas")).fetchall()
        self._reasons: dict[int, str] = {}
        for row in self.schema_rows:
            self.schemas[row.oid] = row.name
            self._reasons[row.oid] = self._schema_reason(row.oid, row.name)
        self.left_out: Counter[str] = Counter()
        self.relations: dict[int, TableName] = {}
        self.managed_tables: set[TableName] = set()
        self.columns: dict[tuple[int, int], str] = {}

    def _schema_reason(self, oid: int, name: str) -> str:
        if name.startswith("pg_temp_"):
            return TEMPORARY
        # Users cannot create schemas named pg_*, but functions and types in pg_catalog.
        if name != "pg_catalog" and (name.startswith("pg_") or name == "information_schema"):
            return _SYSTEM
        if name == "pgassay":
            return PGASSAY
        # Also what stands in a schema that an extension made, such as TimescaleDB's chunks.
        if (self.classes["pg_namespace"], oid) in self.members:
            return MEMBER
        return self.managed if self.service and name in self.service.schemas else ""

    @property
    def own_schemas(self) -> list[int]:
        return [oid for oid, reason in self._reasons.items() if not reason]

    @property
    def managed_schemas(self) -> list[int]:
        return [oid for oid, reason in self._reasons.items() if reason and reason == self.managed]

    @property
    def elsewhere(self) -> list[int]:
        return [oid for oid, reason in self._reasons.items() if reason not in ("", _SYSTEM)]

    def is_listed_schema(self, oid: int) -> bool:
        """pg_catalog is looked into, but is no schema of users'."""
        return not self._reasons[oid] and self.schemas[oid] != "pg_catalog"

    def schema_reason(self, oid: int) -> str:
        """Why what stands there is left out; "" where it is not."""
        return self._reasons.get(oid, "")

    def is_member(self, catalog: str, oid: int) -> bool:
        """Whether an extension has it. `catalog`: such as "pg_class"."""
        return (self.classes[catalog], oid) in self.members

    def take_in_managed(self, tables: list[Any]) -> None:
        """Those of a managed service: users' triggers and policies may stand on them."""
        for row in tables:
            self.relations[row.oid] = (self.schemas[row.namespace], row.name)
            self.managed_tables.add(self.relations[row.oid])

    def is_managed_table(self, name: TableName) -> bool:
        return name in self.managed_tables

    @property
    def supabase(self) -> bool:
        return self.service is SUPABASE

    def is_of_service(self, role: int) -> bool:
        """Whether it is the role by which the service makes what is its own."""
        return self.service is not None and self.roles.get(role) == self.service.role

    def members_of(self, catalog: str) -> frozenset[int]:
        """The oids of those that extensions have."""
        wanted = self.classes.get(catalog, 0)
        return frozenset(oid for of, oid in self.members if of == wanted)

    def leave_out(self, reason: str, number: int = 1) -> None:
        if reason != _SYSTEM and number:
            self.left_out[reason] += number
