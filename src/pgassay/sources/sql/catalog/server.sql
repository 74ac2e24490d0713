-- The server, the roles and catalogs that rows name by oid, and whether Supabase manages it.
SELECT current_setting('server_version_num')::int AS version_num,
       current_user::text AS role,
       ARRAY(SELECT r.oid::int8 FROM pg_roles r ORDER BY r.oid) AS role_oids,
       ARRAY(SELECT r.rolname::text FROM pg_roles r ORDER BY r.oid) AS role_names,
       ARRAY(
         SELECT c.oid::int8 FROM pg_class c
         WHERE c.relnamespace = 'pg_catalog'::regnamespace AND c.relkind = 'r'
         ORDER BY c.oid
       ) AS catalog_oids,
       ARRAY(
         SELECT c.relname::text FROM pg_class c
         WHERE c.relnamespace = 'pg_catalog'::regnamespace AND c.relkind = 'r'
         ORDER BY c.oid
       ) AS catalog_names
