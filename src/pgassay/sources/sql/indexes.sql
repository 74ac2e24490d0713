-- The indexes of the given tables that no constraint owns.
-- A foreign key also names an index (conindid), the one of the table it refers to, and owns none.
SELECT i.indrelid AS table_oid,
       c.relname::text AS name,
       i.indisunique AS "unique",
       -- Key parts in order, without INCLUDE; an expression as its text, so that places stay true.
       ARRAY(
         SELECT CASE WHEN i.indkey[place] = 0 THEN pg_get_indexdef(i.indexrelid, place + 1, false)
                ELSE (SELECT a.attname::text FROM pg_attribute a
                      WHERE a.attrelid = i.indrelid AND a.attnum = i.indkey[place]) END
         FROM generate_series(0, i.indnkeyatts - 1) place
         ORDER BY place
       ) AS columns,
       pg_get_indexdef(i.indexrelid) AS definition,
       -- What stands before USING: the same quoting and the same words as in ruleutils.c.
       format(
         'CREATE %%sINDEX %%I ON %%s%%I.%%I ',
         CASE WHEN i.indisunique THEN 'UNIQUE ' ELSE '' END, c.relname,
         CASE WHEN c.relkind = 'I' THEN 'ONLY ' ELSE '' END, tn.nspname, t.relname
       ) AS head,
       i.indisvalid AND i.indisready AND i.indislive AS valid
FROM pg_index i
JOIN pg_class c ON c.oid = i.indexrelid
JOIN pg_class t ON t.oid = i.indrelid
JOIN pg_namespace tn ON tn.oid = t.relnamespace
WHERE i.indrelid = ANY (%(tables)s::int8[]::oid[])
  AND NOT EXISTS (
    SELECT FROM pg_constraint k
    WHERE k.conindid = i.indexrelid AND k.conrelid = i.indrelid AND k.contype IN ('p', 'u', 'x')
  )
