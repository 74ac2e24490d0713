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
       CASE
         WHEN usual.plain THEN format('USING %%I (%%I)', m.amname, a.attname)
         ELSE pg_get_indexdef(i.indexrelid)
       END AS definition,
       -- What stands before USING: the same quoting and the same words as in ruleutils.c.
       CASE
         WHEN usual.plain THEN ''
         ELSE format(
           'CREATE %%sINDEX %%I ON %%s%%I.%%I ',
           CASE WHEN i.indisunique THEN 'UNIQUE ' ELSE '' END, x.relname,
           CASE WHEN x.relkind = 'I' THEN 'ONLY ' ELSE '' END, n.nspname, c.relname
         )
       END AS head,
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
JOIN pg_am m ON m.oid = x.relam
JOIN pg_class c ON c.oid = i.indrelid
LEFT JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = i.indkey[0]
LEFT JOIN pg_opclass o ON o.oid = i.indclass[0]
JOIN pg_namespace n ON n.oid = c.relnamespace
-- The most usual kind: one column, and the rest as it is by itself. It is written above as
-- pg_get_indexdef() would, which takes 20 us for each.
CROSS JOIN LATERAL (
  SELECT i.indnatts = 1
         AND i.indpred IS NULL
         AND i.indoption[0] = 0
         AND i.indcollation[0] = a.attcollation
         AND NOT i.indnullsnotdistinct --@15+
         AND x.reloptions IS NULL
         AND o.opcdefault
         AND (
           o.opcintype = a.atttypid
           OR o.opcintype = 'text'::regtype
              AND a.atttypid = 'varchar'::regtype
              -- Unless somebody made one for varchar itself the default.
              AND x.relam NOT IN (
                SELECT v.opcmethod FROM pg_opclass v
                WHERE v.opcdefault AND v.opcintype = 'varchar'::regtype
              )
         )
         -- Of its operator class.
         AND (
           SELECT part.attoptions FROM pg_attribute part
           WHERE part.attrelid = i.indexrelid AND part.attnum = 1
         ) IS NULL
) usual (plain)
LEFT JOIN pg_tablespace s ON s.oid = x.reltablespace
WHERE c.relnamespace = ANY (%(own)s::int8[]::oid[])
  AND i.indexrelid >= 16384
  AND i.indexrelid NOT IN (
    SELECT k.conindid FROM pg_constraint k WHERE k.contype IN ('p', 'u', 'x')
  )
  AND i.indexrelid NOT IN (SELECT h.inhrelid FROM pg_inherits h)
