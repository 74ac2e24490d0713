-- What ALTER ROLE ... SET says of the role by which an API connects; what it says for this database
-- comes last, since that wins.
SELECT s.setconfig AS settings
FROM pg_db_role_setting s
JOIN pg_roles r ON r.oid = s.setrole
WHERE r.rolname = %(authenticator)s
  AND s.setdatabase IN (0, (SELECT d.oid FROM pg_database d WHERE d.datname = current_database()))
ORDER BY s.setdatabase
