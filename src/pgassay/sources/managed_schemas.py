"""What a managed service makes in a user's database, and looks after itself."""

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

SUPABASE_PUBLICATIONS = ("supabase_realtime", "supabase_realtime_messages_publication")
"""Its dashboard puts tables into the first and takes them out again."""

SUPABASE_ROLE = "supabase_admin"
