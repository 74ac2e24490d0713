"""What managed services make in their users' databases, and look after themselves.

From what the services document, and what their databases show.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable

from pgassay.facts.catalog import Grant
from pgassay.facts.managed_service import ManagedService

# Supabase's names, which PostgREST's own documentation and most who follow it use too: the role by
# which the API connects, and those that its requests run as, the second for whoever has signed in.
AUTHENTICATOR = "authenticator"
ANONYMOUS, SIGNED_IN = API_ROLES = ("anon", "authenticated")
# What a project's own server logs in as, and what its people do.
_TRUSTED, _MAKER = "service_role", "postgres"

SUPABASE = ManagedService(
    "Supabase",
    role="supabase_admin",
    roles=(
        AUTHENTICATOR,
        "dashboard_user",
        "pgbouncer",
        "supabase_admin",
        "supabase_auth_admin",
        "supabase_etl_admin",
        "supabase_functions_admin",
        "supabase_read_only_user",
        "supabase_realtime_admin",
        "supabase_replication_admin",
        "supabase_storage_admin",
    ),
    trusted=(_TRUSTED,),
    schemas=(
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
    ),
    # Its dashboard puts tables into the first and takes them out again.
    publications=("supabase_realtime", "supabase_realtime_messages_publication"),
    extensions=(
        "pg_graphql",
        "pg_stat_statements",
        "pgcrypto",
        "pgjwt",
        "pgsodium",
        "supabase_vault",
        "uuid-ossp",
    ),
    served=("realtime", "storage"),
    private=("auth", "vault"),
)
RDS = ManagedService(
    "Amazon RDS",
    role="rdsadmin",
    # rds_superuser is none of them, nor cloudsqlsuperuser below: users get those.
    roles=(
        "rds_ad",
        "rds_iam",
        "rds_password",
        "rds_replication",
        "rdsadmin",
        "rdsrepladmin",
        "rdstopmgr",
        "rdswriteforwarduser",
    ),
    schemas=("aws_commons", "aws_lambda", "aws_ml", "aws_s3", "rds_tools"),
)
CLOUD_SQL = ManagedService(
    "Google Cloud SQL",
    role="cloudsqladmin",
    roles=(
        "cloudsqladmin",
        "cloudsqlagent",
        "cloudsqliamgroup",
        "cloudsqliamserviceaccount",
        "cloudsqliamuser",
        "cloudsqlimportexport",
        "cloudsqlreplica",
    ),
    schemas=("google_ml",),
)
SERVICES = (SUPABASE, RDS, CLOUD_SQL)
SUPABASE_MAKES = (*API_ROLES, _TRUSTED, *SUPABASE.roles, _MAKER)
"""The roles that are there on every server of Supabase's."""


def service_of(roles: Collection[str]) -> ManagedService | None:
    """The service whose database has these roles; None for a server of one's own."""
    return next((service for service in SERVICES if service.role in roles), None)


# What Supabase's first script grants in `public`: USAGE, and all rights on what its role `postgres`
# will make there.
_ROLES = (*API_ROLES, _MAKER, _TRUSTED)
_SCHEMA, _KINDS = "public", ("table", "function", "sequence")
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
