"""Schemas that a managed service makes in a user's database, and looks after itself."""

from __future__ import annotations

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

SUPABASE_ROLE = "supabase_admin"
