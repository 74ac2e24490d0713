-- Tables in the schemas of a managed service, on which users may have set triggers and policies.
SELECT c.oid::int8 AS oid, c.relnamespace::int8 AS namespace, c.relname::text AS name
FROM pg_class c
WHERE c.relkind IN ('r', 'p', 'v', 'f')
  AND c.relnamespace = ANY (%(managed)s::int8[]::oid[])
