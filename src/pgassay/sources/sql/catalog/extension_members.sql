-- What extensions made, or were given.
SELECT d.classid::int8 AS catalog, d.objid::int8 AS oid
FROM pg_depend d
WHERE d.deptype = 'e'
