-- Rights on what initdb and extensions made, where they are not what they were at first. Schema
-- `public`, which users take for theirs, is among the schemas. initdb notes in pg_init_privs what it
-- gave, but for information_schema, in which everybody may read all that has no _ before its name.
WITH member (class, oid) AS MATERIALIZED (
  SELECT d.classid, d.objid FROM pg_depend d WHERE d.deptype = 'e'
), object (class, oid, part, kind, holder, acl, read_by_all) AS (
  SELECT 'pg_class'::regclass::oid, c.oid, 0,
         CASE c.relkind WHEN 'S' THEN 's' ELSE 'r' END::"char", c.relowner, c.relacl,
         c.relnamespace = to_regnamespace('information_schema') AND c.relname !~ '^_'
  FROM pg_class c WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f', 'S')
  UNION ALL
  SELECT 'pg_class'::regclass, a.attrelid, a.attnum::int, 'c', c.relowner, a.attacl, false
  FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid
  WHERE NOT a.attisdropped
    AND (
      a.attacl IS NOT NULL
      OR (a.attrelid, a.attnum::int) IN (
        SELECT p.objoid, p.objsubid FROM pg_init_privs p
        WHERE p.classoid = 'pg_class'::regclass AND p.objsubid <> 0
      )
    )
  UNION ALL
  SELECT 'pg_proc'::regclass, p.oid, 0, 'f', p.proowner, p.proacl, false FROM pg_proc p
  UNION ALL
  SELECT 'pg_type'::regclass, t.oid, 0, 'T', t.typowner, t.typacl, false FROM pg_type t
  UNION ALL
  SELECT 'pg_namespace'::regclass, n.oid, 0, 'n', n.nspowner, n.nspacl,
         n.nspname = 'information_schema'
  FROM pg_namespace n
  WHERE n.nspname <> 'public'
  UNION ALL
  SELECT 'pg_language'::regclass, l.oid, 0, 'l', l.lanowner, l.lanacl, false FROM pg_language l
  UNION ALL
  SELECT 'pg_foreign_data_wrapper'::regclass, f.oid, 0, 'F', f.fdwowner, f.fdwacl, false
  FROM pg_foreign_data_wrapper f
  UNION ALL
  SELECT 'pg_foreign_server'::regclass, s.oid, 0, 'S', s.srvowner, s.srvacl, false
  FROM pg_foreign_server s
), changed (class, oid, part, kind, acl, initial) AS (
  SELECT o.class, o.oid, o.part, o.kind,
         coalesce(o.acl, acldefault(o.kind, o.holder)),
         CASE
           WHEN p.initprivs IS NOT NULL THEN p.initprivs
           WHEN o.read_by_all THEN acldefault(o.kind, o.holder) || makeaclitem(
             0, o.holder, CASE o.kind WHEN 'n' THEN 'USAGE' ELSE 'SELECT' END, false
           )
           ELSE acldefault(o.kind, o.holder)
         END
  FROM object o
  LEFT JOIN pg_init_privs p ON p.classoid = o.class AND p.objoid = o.oid AND p.objsubid = o.part
  WHERE (o.acl IS NOT NULL OR p.objoid IS NOT NULL)
    AND o.acl IS DISTINCT FROM p.initprivs
    AND (o.oid < 16384 OR (o.class, o.oid) IN (SELECT m.class, m.oid FROM member m))
), told (class, oid, part, kind, held, held_first) AS (
  SELECT c.class, c.oid, c.part, c.kind,
         ARRAY(
           SELECT DISTINCT e.grantee || ' ' || e.privilege_type
                           || CASE WHEN e.is_grantable THEN '*' ELSE '' END
           FROM aclexplode(c.acl) e ORDER BY 1
         ),
         ARRAY(
           SELECT DISTINCT e.grantee || ' ' || e.privilege_type
                           || CASE WHEN e.is_grantable THEN '*' ELSE '' END
           FROM aclexplode(c.initial) e ORDER BY 1
         )
  FROM changed c
)
SELECT CASE
         WHEN t.kind = 'c' THEN 'column'
         WHEN t.kind = 'r' THEN 'table'
         WHEN t.kind = 'S' THEN 'foreign server'
         WHEN t.kind = 'F' THEN 'foreign data wrapper'
         WHEN i.type = 'aggregate' THEN 'function'
         ELSE i.type
       END || ' ' || CASE
         -- Its identity would be as in `integer`, which GRANT does not take.
         WHEN t.kind = 'T' THEN (
           SELECT format('%%I.%%I', n.nspname, y.typname)
           FROM pg_type y JOIN pg_namespace n ON n.oid = y.typnamespace WHERE y.oid = t.oid
         )
         ELSE i.identity
       END AS name,
       t.kind::text AS rights,
       t.held AS held,
       t.held_first AS held_first
FROM told t, LATERAL pg_identify_object(t.class, t.oid, t.part) i
WHERE t.held <> t.held_first
