"""Standing in, on scratch, for what Supabase has made before a project's first migration runs."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import psycopg
from psycopg import sql

from pgassay.analysis.managed_services import SUPABASE_MAKES
from pgassay.facts.catalog import Catalog, Setting
from pgassay.facts.project import Project
from pgassay.postgres.scratch import Database
from pgassay.sources.queries import query

_PATH = '"$user", public, extensions'
# A schema of the name may be the project's own, and a table auth.users in it: these are not.
_NAMED = re.compile(
    r"\bauth\.(?:uid|jwt|role)\(\)|\bstorage\.(?:objects|buckets)\b"
    r"|\b(?:GRANT|CREATE\s+POLICY)\b[^;]{1,400}?\bTO\s+(?:\w+\s*,\s*)*"
    r"(?:authenticated|service_role)\b",
    re.IGNORECASE,
)
_MADE = re.compile(
    r"\bCREATE\s+SCHEMA\s+(?:(?:IF\s+NOT\s+EXISTS\s+)?\W{0,2}(?:auth|storage)"
    r"|\W{0,2}(?:extensions|graphql_public|realtime|vault))\b"
    r"|\bCreateSchema\(\W{0,2}(?:auth|storage|extensions|graphql_public|realtime|vault)\b"
    r"|\bCREATE\s+ROLE\s+\W{0,2}(?:anon|authenticated|service_role)\b",
    re.IGNORECASE,
)


def stands_in(is_supabase: bool | None, root: Path, project: Project) -> bool:
    """Whether Alembic's histories are to find what Supabase makes: the live database says. Where
    nobody could look, whether the revisions' text uses some of it, and makes none."""
    if is_supabase is not None:
        return is_supabase
    texts = list(_texts(root, project))
    return any(_NAMED.search(t) for t in texts) and not any(_MADE.search(t) for t in texts)


def _texts(root: Path, project: Project) -> Iterator[str]:
    for history in project.histories:
        locations = [r.location for r in history.revisions]
        for location in [*locations, *([history.env] if history.env else [])]:
            try:
                yield (root / location.path).read_text("utf-8", "replace")
            except OSError:
                continue


def stand_in(connection: psycopg.Connection[Any], database: Database) -> None:
    """Make it in an empty database, as far as migrations name it; the roles are the server's."""
    for role in SUPABASE_MAKES:
        known = connection.execute("SELECT 1 FROM pg_catalog.pg_roles WHERE rolname = %s", [role])
        if known.fetchone() is None:
            connection.execute(sql.SQL("CREATE ROLE {} NOLOGIN").format(sql.Identifier(role)))
    connection.execute(query("managed/supabase"))
    for extension in ("pgcrypto", "uuid-ossp"):
        making = sql.SQL("CREATE EXTENSION {} SCHEMA extensions").format(sql.Identifier(extension))
        try:
            connection.execute(making)
        except psycopg.Error:
            # This machine has it not: whatever needs it fails, and the report says of what.
            continue
    set_search_path(connection, database)


def set_search_path(connection: psycopg.Connection[Any], database: Database) -> None:
    """As Supabase's own role has it. A copy of a database does not get it from there."""
    path = sql.SQL("ALTER DATABASE {} SET search_path = " + _PATH)
    connection.execute(path.format(sql.Identifier(database.name)))


def without_stand_in(catalog: Catalog) -> Catalog:
    """The schema without what stands in for the service and is in none of its schemas."""
    ours = Setting("database", settings=(f"search_path={_PATH}",))
    return replace(catalog, others=tuple(thing for thing in catalog.others if thing != ours))
