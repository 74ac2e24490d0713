-- The columns of tables.
SELECT a.attrelid::int8 AS relation,
       a.attnum::int AS part,
       a.attname::text AS name,
       a.attnum::int AS position,
       format_type(a.atttypid, a.atttypmod) AS type,
       a.atttypid::int8 AS type_oid,
       a.attnotnull AS not_null,
       a.atthasdef AS has_default,
       -- Given a table, it opens and locks it. Only a generation expression names columns.
       pg_get_expr(d.adbin, CASE a.attgenerated WHEN '' THEN 0 ELSE d.adrelid END) AS "default",
       CASE
         WHEN a.attidentity = 'a' THEN 'always as identity'
         WHEN a.attidentity = 'd' THEN 'by default as identity'
         WHEN a.attgenerated = 's' THEN 'stored'
         WHEN a.attgenerated = 'v' THEN 'virtual' --@18+
         ELSE ''
       END AS generated,
       CASE
         WHEN a.attcollation <> t.typcollation THEN (
           SELECT format('%%I.%%I', n.nspname, o.collname)
           FROM pg_collation o JOIN pg_namespace n ON n.oid = o.collnamespace
           WHERE o.oid = a.attcollation
         )
         ELSE ''
       END AS collation,
       CASE
         WHEN a.attstorage = t.typstorage THEN ''
         WHEN a.attstorage = 'p' THEN 'plain'
         WHEN a.attstorage = 'e' THEN 'external'
         WHEN a.attstorage = 'm' THEN 'main'
         ELSE 'extended'
       END AS storage,
       CASE a.attcompression WHEN 'p' THEN 'pglz' WHEN 'l' THEN 'lz4' ELSE '' END AS compression, --@14+
       nullif(a.attstattarget, -1)::int AS statistics,
       a.attoptions AS options,
       -- NOT NULL constraints are rows since PostgreSQL 18; an inherited one is its parent's.
       CASE --@18+
         WHEN k.conislocal AND k.conname <> c.relname || '_' || a.attname || '_not_null' --@18+
           THEN k.conname::text --@18+
         ELSE '' --@18+
       END AS not_null_name, --@18+
       coalesce(k.convalidated, true) AS not_null_valid, --@18+
       coalesce(k.connoinherit, false) AS not_null_no_inherit, --@18+
       k.oid::int8 AS not_null_oid, --@18+
       a.attfdwoptions AS foreign_options
FROM pg_attribute a
JOIN pg_class c ON c.oid = a.attrelid
JOIN pg_type t ON t.oid = a.atttypid
LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
LEFT JOIN pg_constraint k --@18+
  ON k.conrelid = a.attrelid AND k.conkey[1] = a.attnum AND k.contype = 'n' --@18+
WHERE c.relkind IN ('r', 'p', 'f')
  AND c.oid >= 16384
  AND c.relnamespace = ANY (%(own)s::int8[]::oid[])
  AND a.attnum > 0
  AND NOT a.attisdropped
