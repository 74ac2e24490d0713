-- The CHECKs of domains; NOT NULL is a property of the domain.
SELECT k.oid::int8 AS oid,
       k.contypid::int8 AS relation,
       k.conname::text AS name,
       regexp_replace(pg_get_constraintdef(k.oid), ' NOT VALID$', '') AS definition,
       k.convalidated AS validated
FROM pg_constraint k
JOIN pg_type t ON t.oid = k.contypid
WHERE k.contype = 'c'
  AND t.oid >= 16384
  AND t.typnamespace = ANY (%(own)s::int8[]::oid[])
