"""What a role may do in the end: by its own grants, by memberships, as PUBLIC, as an owner."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from functools import cached_property

from pgassay.analysis.managed_services import SIGNED_IN
from pgassay.facts.access import Access, Role
from pgassay.facts.catalog import (
    Catalog,
    Column,
    Function,
    Grant,
    MaterializedView,
    Owned,
    Policy,
    Relation,
    Schema,
    Table,
    TableName,
    View,
    ViewColumn,
)

PUBLIC = "PUBLIC"
ROW_RIGHTS: tuple[str, ...] = ("SELECT", "INSERT", "UPDATE", "DELETE")
"""What an API can use: TRUNCATE, TRIGGER and the like have no request."""

# Row security holds for none of these. From PostgreSQL's documentation, "Privileges".
_BESIDE_ROWS = {
    Table.KIND: ("TRUNCATE", "TRIGGER", "REFERENCES", "MAINTAIN"),
    View.KIND: ("TRIGGER",),
    MaterializedView.KIND: ("MAINTAIN",),
}
_OPTION = " WITH GRANT OPTION"
# From PostgreSQL's documentation, "Predefined Roles".
_PREDEFINED = {
    "pg_read_all_data": frozenset({"SELECT"}),
    "pg_write_all_data": frozenset({"INSERT", "UPDATE", "DELETE"}),
}
EVERYBODY = Role(PUBLIC)


@dataclass(frozen=True)
class RightsIn:
    """The rights of roles that are no superusers."""

    catalog: Catalog

    @cached_property
    def _schemas(self) -> dict[str, Schema]:
        return {schema.name: schema for schema in self.catalog.of(Schema)}

    @cached_property
    def _column_grants(self) -> dict[TableName, list[Grant]]:
        found: dict[TableName, list[Grant]] = {}
        columns: Iterable[Column | ViewColumn] = (
            *self.catalog.columns,
            *self.catalog.of(ViewColumn),
        )
        for column in columns:
            if column.grants:
                found.setdefault(column.table_name, []).extend(column.grants)
        return found

    def may_enter(self, role: Role, schema: str) -> bool:
        """Whether it has USAGE of the schema, without which nothing there is reached."""
        found = self._schemas.get(schema)
        if not _PREDEFINED.keys().isdisjoint(role.acts_as):
            return True
        return found is not None and bool({"USAGE", "ALL"} & held(found, role))

    def may_make(self, role: Role, schema: str) -> bool:
        """Whether it may make objects in the schema."""
        found = self._schemas.get(schema)
        return found is not None and may_create(found, role)

    def on_rows(self, role: Role, relation: Relation) -> tuple[str, ...]:
        """Which of SELECT, INSERT, UPDATE, DELETE it has, on the relation or on some column."""
        rights = self._on_any_part(role, relation)
        for name, more in _PREDEFINED.items():
            rights |= more if name in role.acts_as else set()
        # Nobody changes a materialized view's rows.
        possible = ROW_RIGHTS[:1] if isinstance(relation, MaterializedView) else ROW_RIGHTS
        return tuple(r for r in possible if r in rights or "ALL" in rights)

    def beside_rows(self, role: Role, relation: Relation) -> tuple[str, ...]:
        """The other rights that it has on the relation, or on some column, and that do anything
        on one of its kind."""
        rights = self._on_any_part(role, relation)
        possible = _BESIDE_ROWS.get(relation.KIND, ())
        if self.catalog.server_major < 17:
            possible = tuple(r for r in possible if r != "MAINTAIN")
        return tuple(r for r in possible if r in rights or "ALL" in rights)

    def _on_any_part(self, role: Role, relation: Relation) -> set[str]:
        return held(relation, role) | _of(self._column_grants.get(relation.table_name, ()), role)


def may_create(place: Owned, role: Role) -> bool:
    """Whether it may make objects in a schema, or schemas in a database."""
    return bool({"CREATE", "ALL"} & held(place, role))


def held(thing: Owned, role: Role) -> set[str]:
    """The privileges on a thing, "ALL" for all of them; without its columns'."""
    rights = _of(thing.grants, role)
    owner_is_listed = any(g.grantee == _grantee(thing.owner) for g in thing.grants)
    if thing.owner and thing.owner in role.acts_as and not owner_is_listed:
        rights.add("ALL")
    return rights


def may_execute(function: Function, role: Role) -> bool:
    """Everybody may, until that is revoked: then what PUBLIC has left is listed."""
    if not any(g.grantee == PUBLIC for g in function.grants):
        return True
    return bool({"EXECUTE", "ALL"} & held(function, role))


def applies_to(policy: Policy, role: Role) -> bool:
    """Whether a policy is one for this role."""
    return bool(set(policy.roles) & {PUBLIC, *map(_grantee, role.acts_as)})


def _of(grants: Iterable[Grant], role: Role) -> set[str]:
    grantees = {PUBLIC, *map(_grantee, role.acts_as)}
    return {
        privilege.removesuffix(_OPTION)
        for grant in grants
        if grant.grantee in grantees
        for privilege in grant.privileges
    }


def _grantee(role: str) -> str:
    """As `Grant.grantee` names a role."""
    return '"PUBLIC"' if role == PUBLIC else role


@dataclass(frozen=True)
class Exposure:
    """What requests through an API reach. Without an API, `roles` is empty and nothing is."""

    access: Access

    @cached_property
    def rights(self) -> RightsIn:
        return RightsIn(self.access.catalog)

    @cached_property
    def roles(self) -> tuple[Role, ...]:
        """Those that requests run as. Superusers, who may do all, are among `past_row_security`."""
        return tuple(role for role in self._named if not role.superuser)

    @cached_property
    def past_row_security(self) -> tuple[Role, ...]:
        """Those that requests run as and that no row security holds for."""
        return tuple(role for role in self._named if role.bypasses_row_security)

    @cached_property
    def _named(self) -> tuple[Role, ...]:
        return tuple(self.access.role(name) for name in self.access.api_roles)

    @cached_property
    def anonymous(self) -> frozenset[str]:
        """The roles that requests of whoever has not signed in may run as: by the setting or
        their name; where neither says, any but the one for the signed in."""
        names = frozenset(self.access.api_roles)
        told = names & {self.access.anonymous}
        named = frozenset(name for name in names if "anon" in name)
        return told | named or names - {SIGNED_IN}

    def is_exposed(self, schema: str, role: Role) -> bool:
        """Whether the API serves the schema to a role. Where the database does not say which it
        serves, those that the role may enter."""
        served = self.access.api_schemas
        return (served is None or schema in served) and self.rights.may_enter(role, schema)

    def open_to(self, relation: Relation) -> dict[str, tuple[str, ...]]:
        """What each role may do with its rows, as far as rights go; row security is another matter.
        What the service made is its own affair."""
        if self.is_of_service(relation):
            return {}
        found = {
            role.name: self.rights.on_rows(role, relation)
            for role in self.roles
            if self.is_exposed(relation.schema, role)
        }
        return {name: rights for name, rights in found.items() if rights}

    def unguarded(self, table: Table) -> dict[str, tuple[str, ...]]:
        """What of `open_to` row security keeps nothing back of: it is off, or a role acts as the
        owner and it is not forced. `past_row_security` is another matter."""
        opened = self.open_to(table)
        if not table.row_security:
            return opened
        owning = {
            role.name
            for role in self.roles
            if table.owner in role.acts_as
            and not table.force_row_security
            and not role.bypasses_row_security
        }
        return {name: rights for name, rights in opened.items() if name in owning}

    def is_of_service(self, thing: Relation | Function) -> bool:
        """Whether the managed service made it; its users cannot alter it. In a schema of its users
        its role may own what they made, and which is as open as any other."""
        service = self.access.service
        return service is not None and (
            thing.schema in service.schemas
            # Where only superusers make anything.
            or (thing.schema == "pg_catalog" and thing.owner in service.roles)
        )


def shown_rights(by_role: dict[str, tuple[str, ...]]) -> str:
    """`anon may SELECT and INSERT`; roles that may do the same stand together."""
    same: dict[tuple[str, ...], list[str]] = {}
    for role, rights in by_role.items():
        same.setdefault(rights, []).append(role)
    return "; ".join(f"{listed(roles)} may {listed(rights)}" for rights, roles in same.items())


def listed(words: Collection[str]) -> str:
    *most, last = words
    return f"{', '.join(most)} and {last}" if most else last
