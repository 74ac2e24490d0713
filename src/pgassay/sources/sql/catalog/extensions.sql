-- Extensions that were created in this database.
SELECT e.oid::int8 AS oid,
       e.extname::text AS name,
       e.extowner::int8 AS owner,
       e.extversion AS version,
       n.nspname::text AS schema
FROM pg_extension e
JOIN pg_namespace n ON n.oid = e.extnamespace
WHERE e.oid >= 16384
