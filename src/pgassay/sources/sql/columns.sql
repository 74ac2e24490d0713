-- The columns of the given tables.
SELECT a.attrelid AS table_oid,
       a.attname::text AS name,
       a.attnum::int AS position,
       format_type(a.atttypid, a.atttypmod) AS type,
       a.attnotnull AS not_null,
       a.atthasdef AS has_default,
       pg_get_expr(d.adbin, d.adrelid) AS default_text,
       CASE
         WHEN a.attidentity = 'a' THEN 'always as identity'
         WHEN a.attidentity = 'd' THEN 'by default as identity'
         WHEN a.attgenerated = 's' THEN 'stored'
         WHEN a.attgenerated = 'v' THEN 'virtual'  -- from PostgreSQL 18 on
         ELSE ''
       END AS generated
FROM pg_attribute a
LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
WHERE a.attrelid = ANY (%(tables)s::int8[]::oid[])
  AND a.attnum > 0
  AND NOT a.attisdropped
