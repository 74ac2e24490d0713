-- Extensions that were created in this database.
SELECT e.oid::int8 AS oid,
       e.extname::text AS name,
       -- Nobody chose whom plpgsql, which initdb creates, belongs to.
       CASE WHEN e.oid < 16384 THEN 0 ELSE e.extowner END::int8 AS owner,
       e.extversion AS version,
       n.nspname::text AS schema
FROM pg_extension e
JOIN pg_namespace n ON n.oid = e.extnamespace
