"""What a managed service makes in a user's database, and looks after itself."""

from __future__ import annotations

from collections.abc import Iterable

from pgassay.facts.catalog import Grant

SUPABASE = (
    "_analytics",
    "_realtime",
    "_supavisor",
    "auth",
    "cron",
    "extensions",
    "graphql",
    "graphql_public",
    "net",
    "pgbouncer",
    "pgmq",
    "pgsodium",
    "pgsodium_masks",
    "realtime",
    "storage",
    "supabase_functions",
    "supabase_migrations",
    "vault",
)
"""They count as managed only where Supabase's own role is."""

SUPABASE_PUBLICATIONS = ("supabase_realtime", "supabase_realtime_messages_publication")
"""Its dashboard puts tables into the first and takes them out again."""

SUPABASE_ROLE = "supabase_admin"

# What its first script grants in `public`: USAGE, and all rights on what its role `postgres` will
# make there.
_ROLES = ("anon", "authenticated", "postgres", "service_role")
_SCHEMA, _MAKER, _KINDS = "public", "postgres", ("table", "function", "sequence")
# On a server that was upgraded to 17, nobody was given MAINTAIN.
_BEFORE_17 = ("DELETE", "INSERT", "REFERENCES", "SELECT", "TRIGGER", "TRUNCATE", "UPDATE")


def supabase_on_schema(schema: str, grants: Iterable[Grant]) -> tuple[Grant, ...]:
    """Those of a schema's grants that Supabase makes by itself."""
    if schema != _SCHEMA:
        return ()
    return tuple(g for g in grants if g.grantee in _ROLES and g.privileges == ("USAGE",))


def supabase_by_default(
    role: str, kind: str, schema: str, grants: Iterable[Grant]
) -> tuple[Grant, ...]:
    """The same of what objects of a kind get that the role makes there."""
    if (role, schema) != (_MAKER, _SCHEMA) or kind not in _KINDS:
        return ()
    whole = (("ALL",), _BEFORE_17)
    return tuple(g for g in grants if g.grantee in _ROLES and g.privileges in whole)
