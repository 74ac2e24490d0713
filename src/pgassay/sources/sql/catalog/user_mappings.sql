-- User mappings. The view hides the options of others', and says so by NULL only.
SELECT m.umid::int8 AS oid,
       m.srvid::int8 AS server,
       CASE WHEN m.umuser = 0 THEN 'PUBLIC' ELSE m.usename::text END || ' for server ' || m.srvname
         AS name,
       m.umoptions AS options,
       m.umoptions IS NULL AND NOT (
         (SELECT r.rolsuper FROM pg_roles r WHERE r.rolname = current_user)
         OR m.umuser = 0 AND pg_has_role(s.srvowner, 'USAGE')
         OR m.usename = current_user
            AND (pg_has_role(s.srvowner, 'USAGE') OR has_server_privilege(m.srvid, 'USAGE'))
       ) AS hidden
FROM pg_user_mappings m
JOIN pg_foreign_server s ON s.oid = m.srvid
