-- The indexes of tables and materialized views that no constraint owns, nor a parent's index.
-- A foreign key also names an index (conindid), the one of the table it refers to, and owns none.
SELECT i.indexrelid::int8 AS oid,
       i.indrelid::int8 AS relation,
       x.relname::text AS name,
       i.indisunique AS "unique",
       -- Key parts first, then those of INCLUDE; 0 is an expression.
       i.indkey::text AS column_numbers,
       i.indnkeyatts::int AS key_parts,
       CASE
         WHEN 0 = ANY (i.indkey) THEN ARRAY(
           SELECT pg_get_indexdef(i.indexrelid, place, false)
           FROM generate_series(1, i.indnkeyatts) place
           ORDER BY place
         )
       END AS expressions,
       pg_get_indexdef(i.indexrelid) AS definition,
       -- What stands before USING: the same quoting and the same words as in ruleutils.c.
       format(
         'CREATE %%sINDEX %%I ON %%s%%I.%%I ',
         CASE WHEN i.indisunique THEN 'UNIQUE ' ELSE '' END, x.relname,
         CASE WHEN x.relkind = 'I' THEN 'ONLY ' ELSE '' END, n.nspname, c.relname
       ) AS head,
       i.indisvalid AND i.indisready AND i.indislive AS valid,
       i.indisclustered AS clustered,
       coalesce(s.spcname::text, '') AS tablespace,
       CASE
         WHEN 0 = ANY (i.indkey) THEN ARRAY(
           SELECT a.attnum || '=' || a.attstattarget FROM pg_attribute a
           WHERE a.attrelid = i.indexrelid AND a.attstattarget >= 0
           ORDER BY a.attnum
         )
       END AS statistics
FROM pg_index i
JOIN pg_class x ON x.oid = i.indexrelid
JOIN pg_class c ON c.oid = i.indrelid
JOIN pg_namespace n ON n.oid = c.relnamespace
LEFT JOIN pg_tablespace s ON s.oid = x.reltablespace
WHERE c.relnamespace = ANY (%(own)s::int8[]::oid[])
  AND i.indexrelid >= 16384
  AND i.indexrelid NOT IN (
    SELECT k.conindid FROM pg_constraint k WHERE k.contype IN ('p', 'u', 'x')
  )
  AND i.indexrelid NOT IN (SELECT h.inhrelid FROM pg_inherits h)
