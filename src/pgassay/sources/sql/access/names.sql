-- This database, and the server's roles.
SELECT current_database()::text AS here,
       ARRAY(SELECT r.rolname::text FROM pg_roles r) AS roles
