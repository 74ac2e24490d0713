-- A table and all that inherits from it, each as a heap of its own. A partition that is being
-- detached is no part of it any more (inhdetachpending: PostgreSQL 14 on).
WITH RECURSIVE unit AS (
  SELECT c.oid
  FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
  WHERE n.nspname = %(schema)s AND c.relname = %(name)s
    AND c.relkind IN ('r', 'p', 'm', 'v', 'f')
  UNION
  SELECT i.inhrelid
  FROM unit JOIN pg_inherits i ON i.inhparent = unit.oid
  WHERE NOT coalesce((to_jsonb(i) ->> 'inhdetachpending')::boolean, false)
)
SELECT n.nspname::text AS schema,
       c.relname::text AS name,
       c.relkind::text AS kind,
       coalesce(a.amname = 'heap', false) AS is_heap,
       CASE WHEN c.relkind IN ('r', 'm')
            THEN pg_relation_size(c.oid) / current_setting('block_size')::bigint ELSE 0 END AS blocks
FROM unit
JOIN pg_class c ON c.oid = unit.oid
JOIN pg_namespace n ON n.oid = c.relnamespace
LEFT JOIN pg_am a ON a.oid = c.relam
ORDER BY 1, 2
