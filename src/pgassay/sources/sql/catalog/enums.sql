-- Enums.
SELECT t.oid::int8 AS oid,
       t.typnamespace::int8 AS namespace,
       t.typname::text AS name,
       t.typowner::int8 AS owner,
       ARRAY(
         SELECT e.enumlabel::text FROM pg_enum e WHERE e.enumtypid = t.oid ORDER BY e.enumsortorder
       ) AS labels
FROM pg_type t
WHERE t.typtype = 'e'
  AND t.oid >= 16384
  AND t.typnamespace = ANY (%(own)s::int8[]::oid[])
