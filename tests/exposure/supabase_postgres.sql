-- Its `postgres`, which its users get, is no superuser; the bootstrap one has another name there.
-- Run as supabase_admin.
ALTER ROLE postgres RENAME TO bootstrap_owner;
CREATE ROLE postgres LOGIN CREATEDB CREATEROLE REPLICATION BYPASSRLS;
GRANT anon, authenticated, service_role, supabase_auth_admin, supabase_storage_admin
  TO postgres WITH ADMIN OPTION;
GRANT pg_read_all_data, pg_monitor, pg_signal_backend TO postgres;
CREATE ROLE onlooker LOGIN;
