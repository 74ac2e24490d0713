-- Which of these roles an API may take on.
SELECT r.rolname::text AS name
FROM pg_roles r
JOIN pg_roles a ON a.rolname = %(authenticator)s
WHERE r.rolname = ANY (%(candidates)s) AND pg_has_role(a.oid, r.oid, 'MEMBER')
ORDER BY r.rolname
