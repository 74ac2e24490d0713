-- The NOT NULL constraints of tables that a name was given to, or something else was said of.
-- They are rows since PostgreSQL 18; an inherited one is its parent's.
SELECT k.conrelid::int8 AS relation,
       k.conkey[1]::int AS part,
       k.conname::text AS name,
       k.conislocal AS local,
       k.convalidated AS valid,
       k.connoinherit AS no_inherit,
       coalesce(d.description, '') AS comment
FROM pg_constraint k
JOIN pg_class c ON c.oid = k.conrelid
JOIN pg_attribute a ON a.attrelid = k.conrelid AND a.attnum = k.conkey[1]
LEFT JOIN pg_description d
  ON d.objoid = k.oid AND d.classoid = 'pg_constraint'::regclass AND d.objsubid = 0
WHERE k.contype = 'n'
  AND c.relnamespace = ANY (%(own)s::int8[]::oid[])
  AND (
    NOT k.convalidated
    OR k.connoinherit
    OR d.description IS NOT NULL
    OR k.conislocal AND k.conname <> c.relname || '_' || a.attname || '_not_null'
  )
