-- The roles that an API may take on: those that its own is a member of, also through others, but
-- not through the service's. Of superusers only those that are known to be the API's, as of a
-- superuser's, who may take on any.
WITH RECURSIVE login AS (
  SELECT a.oid, a.rolsuper FROM pg_roles a WHERE a.rolname = %(authenticator)s
), below (oid) AS (
  SELECT l.oid FROM login l
  UNION
  SELECT r.oid
  FROM below b
  JOIN pg_auth_members m ON m.member = b.oid
   AND m.set_option --@16+
  JOIN pg_roles r ON r.oid = m.roleid AND r.rolname !~ '^pg_'
   AND r.rolname <> ALL (%(service)s)
)
SELECT r.rolname::text AS name
FROM pg_roles r, login l
WHERE r.oid <> l.oid
  AND CASE
        WHEN r.rolname = ANY (%(candidates)s) THEN l.rolsuper OR r.oid IN (SELECT oid FROM below)
        ELSE NOT r.rolsuper AND r.oid IN (SELECT oid FROM below)
      END
ORDER BY r.rolname
