-- Every relation that holds or shows rows, and why it is left out, if it is.
-- The first reason that fits counts. Tables and partitioned tables are kept.
SELECT c.oid,
       n.nspname::text AS schema,
       c.relname::text AS name,
       c.relkind = 'p' AS partitioned,
       CASE
         -- Before PostgreSQL 14, "never analyzed" was 0 rows on 0 pages; since then it is -1.
         WHEN c.reltuples < 0 THEN NULL
         WHEN current_setting('server_version_num')::int < 140000 AND c.relpages = 0 THEN NULL
         ELSE c.reltuples::int8
       END AS rows_estimate,
       CASE
         WHEN starts_with(n.nspname::text, 'pg_temp_') THEN 'temporary'
         -- Users cannot create schemas named pg_*.
         WHEN starts_with(n.nspname::text, 'pg_') OR n.nspname = 'information_schema'
           THEN 'system schema'
         WHEN n.nspname = 'pgassay' THEN 'schema pgassay'
         -- Also what stands in a schema that an extension made, such as TimescaleDB's chunks.
         WHEN EXISTS (
           SELECT FROM pg_depend d
           WHERE d.deptype = 'e'
             AND (d.classid, d.objid) IN (
               ('pg_class'::regclass, c.oid), ('pg_namespace'::regclass, n.oid)
             )
         ) THEN 'extension member'
         WHEN n.nspname = ANY (%(supabase)s::text[]) AND EXISTS (SELECT FROM pg_roles r WHERE r.rolname = 'supabase_admin')
           THEN 'managed by Supabase'
         -- The caller's list; a pair of arrays, because psycopg has no dumper for text pairs.
         WHEN EXISTS (
           SELECT FROM unnest(%(version_schemas)s::text[], %(version_names)s::text[]) v (s, t)
           WHERE v.s = n.nspname AND v.t = c.relname
         ) THEN 'version table'
         WHEN c.relispartition THEN 'partition'
         WHEN c.relkind = 'v' THEN 'view'
         WHEN c.relkind = 'm' THEN 'materialized view'
         WHEN c.relkind = 'f' THEN 'foreign table'
       END AS left_out
FROM pg_class c
JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f')
