-- How many objects stand in schemas that are not looked at.
SELECT f.namespace::int8 AS namespace, count(*)::int AS number
FROM (
  SELECT c.relnamespace AS namespace FROM pg_class c
  WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f', 'S')
  UNION ALL
  SELECT p.pronamespace FROM pg_proc p
  UNION ALL
  SELECT t.typnamespace FROM pg_type t LEFT JOIN pg_class c ON c.oid = t.typrelid
  WHERE t.typtype IN ('e', 'd', 'r') OR c.relkind = 'c'
) f
WHERE f.namespace = ANY (%(elsewhere)s::int8[]::oid[])
GROUP BY f.namespace
