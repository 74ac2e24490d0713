-- Where relations of one name stand, and what this role may do with them.
SELECT n.nspname::text AS schema,
       c.relname::text AS name,
       c.relkind::text AS kind,
       has_schema_privilege(n.oid, 'USAGE') AS schema_usable,
       EXISTS (
         SELECT FROM pg_attribute a
         WHERE a.attrelid = c.oid AND a.attname = 'version_num' AND NOT a.attisdropped
       ) AS has_version_num
FROM pg_class c
JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE c.relname = %(name)s
  AND c.relkind IN ('r', 'p', 'v', 'm', 'f')
  AND NOT starts_with(n.nspname::text, 'pg_')
  AND n.nspname <> 'information_schema'
ORDER BY n.nspname
