-- The server and who we are on it.
SELECT current_database()::text AS database,
       (SELECT oid::bigint FROM pg_catalog.pg_database
        WHERE datname = current_database()) AS database_oid,
       current_user::text AS role,
       ARRAY(SELECT rolname::text FROM pg_catalog.pg_roles) AS roles,
       current_setting('server_version') AS version,
       current_setting('server_version_num')::int AS version_num
