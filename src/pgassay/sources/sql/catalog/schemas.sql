-- Every schema; which of them are looked at is decided by name, see catalog_own.py.
SELECT n.oid::int8 AS oid,
       n.nspname::text AS name,
       n.nspowner::int8 AS holder,
       -- `public` as initdb made it belongs to the database's owner, or to the bootstrap
       -- superuser before PostgreSQL 15: nobody chose that.
       CASE
         WHEN n.oid < 16384 AND n.nspowner IN (10, 6171) THEN 0
         ELSE n.nspowner
       END::int8 AS owner
FROM pg_namespace n
