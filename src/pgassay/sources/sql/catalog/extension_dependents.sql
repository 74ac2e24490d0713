-- What ALTER ... DEPENDS ON EXTENSION was said of.
SELECT d.classid::int8 AS catalog, d.objid::int8 AS oid, e.extname::text AS name
FROM pg_depend d
JOIN pg_extension e ON e.oid = d.refobjid
WHERE d.deptype = 'x' AND d.refclassid = 'pg_extension'::regclass
ORDER BY e.extname
