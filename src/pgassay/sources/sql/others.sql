-- How many of the users' objects are of kinds that are not compared.
WITH RECURSIVE member AS (
  SELECT d.classid, d.objid
  FROM pg_depend d
  WHERE d.deptype = 'e'
), own AS (
  -- The schemas of users: those whose tables are kept, see tables.sql.
  SELECT n.oid
  FROM pg_namespace n
  WHERE NOT starts_with(n.nspname::text, 'pg_')
    AND n.nspname NOT IN ('information_schema', 'pgassay')
    AND ('pg_namespace'::regclass, n.oid) NOT IN (SELECT classid, objid FROM member)
    AND NOT (
      n.nspname = ANY (%(supabase)s::text[]) AND EXISTS (SELECT FROM pg_roles r WHERE r.rolname = 'supabase_admin')
    )
), relation AS (
  SELECT c.oid, c.relkind, c.relispartition, c.relrowsecurity
  FROM pg_class c
  WHERE c.relnamespace IN (SELECT oid FROM own)
    AND ('pg_class'::regclass, c.oid) NOT IN (SELECT classid, objid FROM member)
), used (type_oid) AS (
  -- The types of the columns that are compared, and what those rest on.
  SELECT a.atttypid
  FROM pg_attribute a
  WHERE a.attrelid = ANY (%(tables)s::int8[]::oid[])
    AND a.attnum > 0
    AND NOT a.attisdropped
  UNION
  SELECT CASE WHEN t.typtype = 'd' THEN t.typbasetype ELSE t.typelem END
  FROM used u
  JOIN pg_type t ON t.oid = u.type_oid
  WHERE t.typtype = 'd' OR t.typelem <> 0
), found AS (
  SELECT 'function' AS left_out
  FROM pg_proc p
  WHERE p.pronamespace IN (SELECT oid FROM own)
    AND ('pg_proc'::regclass, p.oid) NOT IN (SELECT classid, objid FROM member)
    -- A range type brings its own constructors.
    AND NOT EXISTS (
      SELECT FROM pg_depend d
      WHERE d.classid = 'pg_proc'::regclass AND d.objid = p.oid AND d.deptype = 'i'
    )
  UNION ALL
  -- A partition has a copy of each of its parent's triggers.
  SELECT 'trigger'
  FROM pg_trigger t
  JOIN relation r ON r.oid = t.tgrelid
  WHERE NOT t.tgisinternal AND NOT r.relispartition
  UNION ALL
  SELECT 'policy'
  FROM pg_policy p
  JOIN relation r ON r.oid = p.polrelid
  UNION ALL
  SELECT 'table with row security'
  FROM relation r
  WHERE r.relkind IN ('r', 'p') AND r.relrowsecurity
  UNION ALL
  SELECT 'sequence'
  FROM relation r
  WHERE r.relkind = 'S'
    -- A serial or identity column's own sequence goes with the column.
    AND NOT EXISTS (
      SELECT FROM pg_depend d
      WHERE d.classid = 'pg_class'::regclass
        AND d.objid = r.oid
        AND d.refclassid = 'pg_class'::regclass
        AND d.deptype IN ('a', 'i')
    )
  UNION ALL
  SELECT 'type'
  FROM pg_type t
  LEFT JOIN pg_class c ON c.oid = t.typrelid
  WHERE t.typnamespace IN (SELECT oid FROM own)
    AND ('pg_type'::regclass, t.oid) NOT IN (SELECT classid, objid FROM member)
    AND (t.typtype IN ('e', 'd', 'r') OR t.typtype = 'c' AND c.relkind = 'c')
    AND t.oid NOT IN (SELECT type_oid FROM used)
)
SELECT left_out, count(*)::int AS number
FROM found
GROUP BY left_out
