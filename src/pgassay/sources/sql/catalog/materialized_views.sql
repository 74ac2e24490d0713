-- Materialized views.
SELECT c.oid::int8 AS oid,
       c.relnamespace::int8 AS namespace,
       c.relname::text AS name,
       c.relowner::int8 AS owner,
       pg_get_viewdef(c.oid) AS definition,
       c.reloptions AS options,
       toast.reloptions AS toast_options,
       CASE WHEN m.amname = 'heap' THEN '' ELSE coalesce(m.amname::text, '') END AS access_method,
       coalesce(s.spcname::text, '') AS tablespace,
       c.relispopulated AS populated
FROM pg_class c
LEFT JOIN pg_class toast ON toast.oid = c.reltoastrelid
LEFT JOIN pg_am m ON m.oid = c.relam
LEFT JOIN pg_tablespace s ON s.oid = c.reltablespace
WHERE c.relkind = 'm'
  AND c.oid >= 16384
  AND c.relnamespace = ANY (%(own)s::int8[]::oid[])
