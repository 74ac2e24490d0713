-- The constraints of the given tables that people write.
-- Left out: constraint triggers ('t'), NOT NULL rows ('n', from PostgreSQL 18 on; pg_attribute
-- says the same), and the rows a foreign key gets for each partition it refers to (conparentid).
SELECT k.conrelid AS table_oid,
       k.conname::text AS name,
       CASE k.contype
         WHEN 'p' THEN 'primary key'
         WHEN 'u' THEN 'unique'
         WHEN 'f' THEN 'foreign key'
         WHEN 'c' THEN 'check'
         WHEN 'x' THEN 'exclusion'
       END AS kind,
       -- In the order written. A key of 0 is an expression of an exclusion constraint.
       ARRAY(
         SELECT a.attname::text
         FROM unnest(k.conkey) WITH ORDINALITY key (attnum, place)
         JOIN pg_attribute a ON a.attrelid = k.conrelid AND a.attnum = key.attnum
         ORDER BY key.place
       ) AS columns,
       pg_get_constraintdef(k.oid) AS definition,
       k.convalidated AS validated
FROM pg_constraint k
WHERE k.conrelid = ANY (%(tables)s::int8[]::oid[])
  AND k.contype IN ('p', 'u', 'f', 'c', 'x')
  AND k.conparentid = 0
