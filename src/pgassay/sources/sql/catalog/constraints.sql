-- The constraints of tables that people write.
-- Left out: constraint triggers ('t'), NOT NULL rows ('n', from PostgreSQL 18 on; see columns),
-- and what a partition or child has of its parent, as the rows a foreign key gets for each
-- partition it refers to (conparentid).
WITH RECURSIVE asleep (oid) AS (
  -- Foreign keys with a trigger of their own that does not fire, up to the parent's.
  SELECT t.tgconstraint FROM pg_trigger t
  WHERE t.tgisinternal AND t.tgconstraint <> 0 AND t.tgenabled IN ('D', 'R')
  UNION
  SELECT k.conparentid FROM asleep s JOIN pg_constraint k ON k.oid = s.oid
  WHERE k.conparentid <> 0
)
SELECT k.oid::int8 AS oid,
       k.conrelid::int8 AS relation,
       k.conname::text AS name,
       CASE k.contype
         WHEN 'p' THEN 'primary key'
         WHEN 'u' THEN 'unique'
         WHEN 'f' THEN 'foreign key'
         WHEN 'c' THEN 'check'
         WHEN 'x' THEN 'exclusion'
       END AS kind,
       k.conkey AS column_numbers,
       pg_get_constraintdef(k.oid) AS definition,
       k.convalidated AS validated, --@17-
       k.convalidated OR NOT k.conenforced AS validated, --@18+
       k.oid NOT IN (SELECT s.oid FROM asleep s) AS enabled,
       coalesce(i.indisvalid AND i.indisready AND i.indislive, true) AS index_valid,
       coalesce(i.indisclustered, false) AS clustered,
       x.reloptions AS options,
       coalesce(s.spcname::text, '') AS tablespace,
       i.indexrelid::int8 AS index_oid
FROM pg_constraint k
JOIN pg_class c ON c.oid = k.conrelid
-- A foreign key's index is the one of the table it refers to.
LEFT JOIN pg_index i ON i.indexrelid = k.conindid AND k.contype IN ('p', 'u', 'x')
LEFT JOIN pg_class x ON x.oid = i.indexrelid
LEFT JOIN pg_tablespace s ON s.oid = x.reltablespace
WHERE c.relnamespace = ANY (%(own)s::int8[]::oid[])
  AND k.contype IN ('p', 'u', 'f', 'c', 'x')
  AND k.oid >= 16384
  AND k.conparentid = 0
  -- One that is a child's own too is kept by its parent's all the same.
  AND k.conislocal
  AND k.coninhcount = 0
