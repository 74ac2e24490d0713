-- Domains.
SELECT t.oid::int8 AS oid,
       t.typnamespace::int8 AS namespace,
       t.typname::text AS name,
       t.typowner::int8 AS owner,
       format_type(t.typbasetype, t.typtypmod) AS base_type,
       t.typnotnull AS not_null,
       t.typdefault IS NOT NULL AS has_default,
       CASE WHEN t.typdefaultbin IS NULL THEN t.typdefault ELSE pg_get_expr(t.typdefaultbin, 0) END
         AS "default",
       CASE
         WHEN t.typcollation <> b.typcollation THEN (
           SELECT format('%%I.%%I', n.nspname, o.collname)
           FROM pg_collation o JOIN pg_namespace n ON n.oid = o.collnamespace
           WHERE o.oid = t.typcollation
         )
         ELSE ''
       END AS collation
FROM pg_type t
JOIN pg_type b ON b.oid = t.typbasetype
WHERE t.typtype = 'd'
  AND t.oid >= 16384
  AND t.typnamespace = ANY (%(own)s::int8[]::oid[])
