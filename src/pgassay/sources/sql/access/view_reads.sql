-- What each view and materialized view reads itself.
SELECT DISTINCT
       vn.nspname::text AS view_schema,
       v.relname::text AS view_name,
       n.nspname::text AS schema,
       c.relname::text AS name,
       CASE c.relkind WHEN 'v' THEN 'view' WHEN 'm' THEN 'materialized view' ELSE 'table' END
         AS kind,
       o.rolname::text AS owner,
       c.relrowsecurity AS row_security,
       c.relforcerowsecurity AS forced,
       c.reloptions AS options
FROM pg_rewrite w
JOIN pg_class v ON v.oid = w.ev_class AND v.relkind IN ('v', 'm') AND v.oid >= 16384
JOIN pg_namespace vn ON vn.oid = v.relnamespace
JOIN pg_depend d
  ON d.classid = 'pg_rewrite'::regclass
 AND d.objid = w.oid
 AND d.refclassid = 'pg_class'::regclass
 AND d.refobjid <> v.oid
JOIN pg_class c ON c.oid = d.refobjid AND c.relkind IN ('r', 'p', 'f', 'v', 'm')
JOIN pg_namespace n ON n.oid = c.relnamespace
LEFT JOIN pg_roles o ON o.oid = c.relowner
WHERE w.rulename = '_RETURN'
