-- What ALTER DATABASE ... SET and ALTER ROLE ... IN DATABASE ... SET say.
SELECT CASE WHEN s.setrole = 0 THEN 'database' ELSE 'role ' || r.rolname END AS name,
       s.setconfig AS settings
FROM pg_db_role_setting s
LEFT JOIN pg_roles r ON r.oid = s.setrole
WHERE s.setdatabase = (SELECT d.oid FROM pg_database d WHERE d.datname = current_database())
