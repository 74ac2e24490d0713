-- The columns of views and materialized views.
SELECT a.attrelid::int8 AS relation,
       a.attnum::int AS part,
       a.attname::text AS name,
       a.atthasdef AS has_default,
       pg_get_expr(d.adbin, d.adrelid) AS "default",
       nullif(a.attstattarget, -1)::int AS statistics,
       a.attoptions AS options
FROM pg_attribute a
JOIN pg_class c ON c.oid = a.attrelid
LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
WHERE c.relkind IN ('v', 'm')
  AND c.oid >= 16384
  AND c.relnamespace = ANY (%(own)s::int8[]::oid[])
  AND a.attnum > 0
  AND NOT a.attisdropped
