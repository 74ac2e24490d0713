-- Views.
SELECT c.oid::int8 AS oid,
       c.relnamespace::int8 AS namespace,
       c.relname::text AS name,
       c.relowner::int8 AS owner,
       pg_get_viewdef(c.oid) AS definition,
       c.reloptions AS options
FROM pg_class c
WHERE c.relkind = 'v'
  AND c.oid >= 16384
  AND c.relnamespace = ANY (%(own)s::int8[]::oid[])
