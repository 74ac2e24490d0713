-- Every right that was ever granted or revoked, on what users made and on what initdb made for
-- them. A row without a grantee: all rights are gone. Who granted does not matter.
WITH held (class, oid, part, acl) AS (
  SELECT 'pg_class'::regclass, c.oid, 0, c.relacl FROM pg_class c
  WHERE c.relacl IS NOT NULL AND c.oid >= 16384
  UNION ALL
  SELECT 'pg_class'::regclass, a.attrelid, a.attnum::int, a.attacl FROM pg_attribute a
  WHERE a.attacl IS NOT NULL AND a.attrelid >= 16384 AND NOT a.attisdropped
  UNION ALL
  SELECT 'pg_proc'::regclass, p.oid, 0, p.proacl FROM pg_proc p
  WHERE p.proacl IS NOT NULL AND p.oid >= 16384
  UNION ALL
  SELECT 'pg_type'::regclass, t.oid, 0, t.typacl FROM pg_type t
  WHERE t.typacl IS NOT NULL AND t.oid >= 16384
  UNION ALL
  SELECT 'pg_namespace'::regclass, n.oid, 0, n.nspacl FROM pg_namespace n
  WHERE n.nspacl IS NOT NULL
  UNION ALL
  SELECT 'pg_language'::regclass, l.oid, 0, l.lanacl FROM pg_language l
  WHERE l.lanacl IS NOT NULL AND l.oid >= 16384
  UNION ALL
  SELECT 'pg_foreign_data_wrapper'::regclass, f.oid, 0, f.fdwacl FROM pg_foreign_data_wrapper f
  WHERE f.fdwacl IS NOT NULL
  UNION ALL
  SELECT 'pg_foreign_server'::regclass, s.oid, 0, s.srvacl FROM pg_foreign_server s
  WHERE s.srvacl IS NOT NULL
  UNION ALL
  SELECT 'pg_database'::regclass, d.oid, 0, d.datacl FROM pg_database d
  WHERE d.datacl IS NOT NULL AND d.datname = current_database()
  UNION ALL
  SELECT 'pg_default_acl'::regclass, d.oid, 0, d.defaclacl FROM pg_default_acl d
)
SELECT h.class::oid::int8 AS catalog,
       h.oid::int8 AS oid,
       h.part AS part,
       e.grantee::int8 AS grantee,
       e.privilege_type AS privilege,
       e.is_grantable AS grantable
FROM held h
LEFT JOIN LATERAL aclexplode(h.acl) e ON true
