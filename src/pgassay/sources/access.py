"""Reads who may reach what: roles, the API that takes them on, and what views read."""

from __future__ import annotations

from typing import Any

import psycopg

from pgassay.analysis.managed_services import API_ROLES, AUTHENTICATOR, service_of
from pgassay.facts.access import Access, ReadRelation, Role
from pgassay.facts.catalog import Catalog
from pgassay.facts.unavailable import Unavailable
from pgassay.sources.catalog_texts import storage_options
from pgassay.sources.queries import query
from pgassay.sources.read_only import read_only


def read_access(
    connection: psycopg.Connection[Any], catalog: Catalog | Unavailable
) -> Access | Unavailable:
    """No right is needed but to connect: roles and their settings are there for everybody to see.

    `catalog` is the connection's, unabridged.
    """
    if isinstance(catalog, Unavailable):
        return catalog
    with read_only(connection) as reading:

        def rows(name: str, **asked: Any) -> list[Any]:
            return reading.cursor.execute(
                query(f"access/{name}", catalog.server_major), asked
            ).fetchall()

        [named] = rows("names")
        service = service_of(named.roles)
        settings = _settings(rows("settings", authenticator=AUTHENTICATOR))
        anonymous = settings.get("pgrst.db_anon_role", "")
        # What the service keeps for itself is none of the API's, unless it is given to everybody.
        kept = {*service.roles, *service.trusted} - {anonymous} if service else set()
        api = rows(
            "api_roles",
            authenticator=AUTHENTICATOR,
            candidates=[*API_ROLES, anonymous],
            service=sorted(kept),
        )
        api_roles = tuple(row.name for row in api)
        schemas = settings.get("pgrst.db_schemas")
        return Access(
            catalog=catalog,
            service=service,
            roles=tuple(
                Role(row.name, row.bypasses, frozenset(row.acts_as), row.superuser)
                for row in rows("roles", named=list(api_roles))
            ),
            api_roles=api_roles,
            api_schemas=None if schemas is None else tuple(map(str.strip, schemas.split(","))),
            anonymous=anonymous,
            database=named.here,
            reads=tuple(sorted((_read(row) for row in rows("view_reads")), key=_order)),
        )


def _settings(rows: list[Any]) -> dict[str, str]:
    pairs = (text.partition("=") for row in rows for text in row.settings)
    return {name: value for name, _, value in pairs}


def _read(row: Any) -> tuple[tuple[str, str], ReadRelation]:
    return (row.view_schema, row.view_name), ReadRelation(
        name=(row.schema, row.name),
        kind=row.kind,
        owner=row.owner or "",
        row_security=row.row_security,
        forced=row.forced,
        invoker="security_invoker=true" in storage_options(row.options),
    )


def _order(read: tuple[tuple[str, str], ReadRelation]) -> tuple[tuple[str, str], tuple[str, str]]:
    return read[0], read[1].name
