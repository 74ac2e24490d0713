-- Types that are rows of no table.
SELECT t.oid::int8 AS oid,
       t.typnamespace::int8 AS namespace,
       t.typname::text AS name,
       t.typowner::int8 AS owner,
       ARRAY(
         SELECT format('%%I %%s', a.attname, format_type(a.atttypid, a.atttypmod))
                || CASE WHEN a.attcollation <> e.typcollation
                        THEN format(' COLLATE %%I.%%I', n.nspname, o.collname) ELSE '' END
         FROM pg_attribute a
         JOIN pg_type e ON e.oid = a.atttypid
         LEFT JOIN pg_collation o ON o.oid = a.attcollation
         LEFT JOIN pg_namespace n ON n.oid = o.collnamespace
         WHERE a.attrelid = t.typrelid AND a.attnum > 0 AND NOT a.attisdropped
         ORDER BY a.attnum
       ) AS attributes,
       ARRAY(
         SELECT format('%%I: %%s', a.attname, d.description)
         FROM pg_description d
         JOIN pg_attribute a ON a.attrelid = d.objoid AND a.attnum = d.objsubid
         WHERE d.classoid = 'pg_class'::regclass AND d.objoid = t.typrelid AND d.objsubid > 0
         ORDER BY a.attnum
       ) AS attribute_comments
FROM pg_type t
JOIN pg_class c ON c.oid = t.typrelid
WHERE c.relkind = 'c'
  AND t.oid >= 16384
  AND t.typnamespace = ANY (%(own)s::int8[]::oid[])
