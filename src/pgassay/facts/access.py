"""Who may reach what in the live database: its rights, beyond what the schema itself says."""

from __future__ import annotations

from dataclasses import dataclass

from pgassay.facts.catalog import Catalog, TableName
from pgassay.facts.managed_service import ManagedService


@dataclass(frozen=True, slots=True)
class Role:
    """`acts_as` are the roles whose rights it has without SET ROLE, itself among them.
    `bypasses_row_security`: by its attribute, or as a superuser, who has everybody's rights; of
    whose memberships none is listed."""

    name: str
    bypasses_row_security: bool = False
    acts_as: frozenset[str] = frozenset()
    superuser: bool = False


@dataclass(frozen=True, slots=True)
class ReadRelation:
    """A table, view or materialized view that a view reads. `kind` is such as "view"; `forced`: row
    security holds for the owner too; `invoker`: a view that reads as whoever asks it."""

    name: TableName
    kind: str
    owner: str
    row_security: bool = False
    forced: bool = False
    invoker: bool = False


@dataclass(frozen=True, slots=True)
class Access:
    """`catalog` is all of the live schema, version tables and what other histories made too.

    `database` is its name. `api_roles` are those that requests from outside run as (Supabase's API,
    PostgREST), by name, without the service's own; () where no such API is. `anonymous` is the one
    for whoever has not signed in, "" where the database does not say. `api_schemas` are the schemas
    that it serves, None where the database does not say. `roles` are these roles and the owners of
    what users made. `reads` are what each view and materialized view reads, those of managed
    schemas too.
    """

    catalog: Catalog
    service: ManagedService | None = None
    roles: tuple[Role, ...] = ()
    api_roles: tuple[str, ...] = ()
    api_schemas: tuple[str, ...] | None = None
    anonymous: str = ""
    database: str = ""
    reads: tuple[tuple[TableName, ReadRelation], ...] = ()

    def role(self, name: str) -> Role:
        """One that is not listed acts as itself only."""
        return next(
            (r for r in self.roles if r.name == name), Role(name, acts_as=frozenset({name}))
        )
