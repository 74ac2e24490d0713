-- The columns of the given tables.
WITH RECURSIVE walk AS (
  -- From each column's type through arrays and domains to what it rests on.
  SELECT DISTINCT a.atttypid AS column_type,
         a.atttypid AS type_oid,
         -1 AS modifier,
         '' AS brackets,
         false AS through_domain,
         0 AS depth
  FROM pg_attribute a
  WHERE a.attrelid = ANY (%(tables)s::int8[]::oid[])
    AND a.attnum > 0
    AND NOT a.attisdropped
  UNION ALL
  SELECT w.column_type,
         CASE WHEN t.typtype = 'd' THEN t.typbasetype ELSE t.typelem END,
         -- Only the last domain has a modifier; an array's is its element's.
         CASE WHEN t.typtype = 'd' THEN t.typtypmod ELSE w.modifier END,
         w.brackets || CASE WHEN t.typtype = 'd' THEN '' ELSE '[]' END,
         w.through_domain OR t.typtype = 'd',
         w.depth + 1
  FROM walk w
  JOIN pg_type t ON t.oid = w.type_oid
  WHERE t.typtype = 'd'
     -- Types such as int2vector have elements too, but are no arrays.
     OR EXISTS (SELECT FROM pg_type e WHERE e.oid = t.typelem AND e.typarray = t.oid)
), base AS (
  SELECT DISTINCT ON (w.column_type)
         w.column_type,
         CASE
           WHEN w.through_domain THEN format_type(w.type_oid, w.modifier) || w.brackets
           ELSE ''
         END AS type,
         ARRAY(
           SELECT e.enumlabel::text FROM pg_enum e
           WHERE e.enumtypid = w.type_oid
           ORDER BY e.enumsortorder
         ) AS labels
  FROM walk w
  ORDER BY w.column_type, w.depth DESC
)
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
       END AS generated,
       b.type AS base_type,
       b.labels AS labels
FROM pg_attribute a
JOIN base b ON b.column_type = a.atttypid
LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
WHERE a.attrelid = ANY (%(tables)s::int8[]::oid[])
  AND a.attnum > 0
  AND NOT a.attisdropped
