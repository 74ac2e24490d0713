-- Access methods.
SELECT a.oid::int8 AS oid,
       a.amname::text AS name,
       CASE a.amtype WHEN 'i' THEN 'index' ELSE 'table' END AS type,
       a.amhandler::regproc::text AS handler
FROM pg_am a
WHERE a.oid >= 16384
