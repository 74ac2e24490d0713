-- The roles named, and those that own something of users', with the roles whose rights each has
-- without SET ROLE.
SELECT r.rolname::text AS name,
       r.rolsuper OR r.rolbypassrls AS bypasses,
       r.rolsuper AS superuser,
       CASE
         WHEN r.rolsuper THEN ARRAY[r.rolname::text]
         ELSE ARRAY(
           SELECT o.rolname::text FROM pg_roles o WHERE pg_has_role(r.oid, o.oid, 'USAGE')
         )
       END AS acts_as
FROM pg_roles r
WHERE r.rolname = ANY (%(named)s)
   OR r.oid IN (
     SELECT c.relowner FROM pg_class c WHERE c.oid >= 16384
     UNION
     SELECT p.proowner FROM pg_proc p WHERE p.oid >= 16384
   )
ORDER BY r.rolname
