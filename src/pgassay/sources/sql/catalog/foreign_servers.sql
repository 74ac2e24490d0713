-- Foreign servers.
SELECT s.oid::int8 AS oid,
       s.srvname::text AS name,
       s.srvowner::int8 AS owner,
       f.fdwname::text AS wrapper,
       coalesce(s.srvtype, '') AS type,
       coalesce(s.srvversion, '') AS version,
       s.srvoptions AS options
FROM pg_foreign_server s
JOIN pg_foreign_data_wrapper f ON f.oid = s.srvfdw
