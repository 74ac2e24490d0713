-- Operator families, with the members that belong to none of their classes.
SELECT f.oid::int8 AS oid,
       f.opfnamespace::int8 AS namespace,
       f.opfname || ' USING ' || m.amname AS name,
       f.opfowner::int8 AS owner,
       m.amname::text AS method,
       ARRAY(
         SELECT format('OPERATOR %%s %%s', a.amopstrategy, a.amopopr::regoperator)
                || CASE WHEN a.amopsortfamily = 0 THEN '' ELSE (
                     SELECT format(' FOR ORDER BY %%I.%%I', n.nspname, s.opfname)
                     FROM pg_opfamily s JOIN pg_namespace n ON n.oid = s.opfnamespace
                     WHERE s.oid = a.amopsortfamily) END
         FROM pg_amop a
         JOIN pg_depend d ON d.classid = 'pg_amop'::regclass AND d.objid = a.oid
                         AND d.refclassid = 'pg_opfamily'::regclass AND d.refobjid = f.oid
         WHERE a.amopfamily = f.oid
         ORDER BY a.amopstrategy, a.amopopr::regoperator::text
       ) || ARRAY(
         SELECT format('FUNCTION %%s (%%s, %%s) %%s', a.amprocnum, format_type(a.amproclefttype, NULL),
                       format_type(a.amprocrighttype, NULL), a.amproc::oid::regprocedure)
         FROM pg_amproc a
         JOIN pg_depend d ON d.classid = 'pg_amproc'::regclass AND d.objid = a.oid
                         AND d.refclassid = 'pg_opfamily'::regclass AND d.refobjid = f.oid
         WHERE a.amprocfamily = f.oid
         ORDER BY a.amprocnum, format_type(a.amproclefttype, NULL), format_type(a.amprocrighttype, NULL)
       ) AS members
FROM pg_opfamily f
JOIN pg_am m ON m.oid = f.opfmethod
WHERE f.oid >= 16384
  AND f.opfnamespace = ANY (%(own)s::int8[]::oid[])
