-- Operator classes.
SELECT c.oid::int8 AS oid,
       c.opcnamespace::int8 AS namespace,
       c.opcname || ' USING ' || m.amname AS name,
       c.opcowner::int8 AS owner,
       m.amname::text AS method,
       format_type(c.opcintype, NULL) AS type,
       c.opcdefault AS "default",
       format('%%I.%%I', n.nspname, f.opfname) AS family,
       CASE WHEN c.opckeytype = 0 THEN '' ELSE format_type(c.opckeytype, NULL) END AS storage,
       ARRAY(
         SELECT format('OPERATOR %%s %%s', a.amopstrategy, a.amopopr::regoperator)
                || CASE WHEN a.amopsortfamily = 0 THEN '' ELSE (
                     SELECT format(' FOR ORDER BY %%I.%%I', sn.nspname, s.opfname)
                     FROM pg_opfamily s JOIN pg_namespace sn ON sn.oid = s.opfnamespace
                     WHERE s.oid = a.amopsortfamily) END
         FROM pg_amop a
         JOIN pg_depend d ON d.classid = 'pg_amop'::regclass AND d.objid = a.oid
                         AND d.refclassid = 'pg_opclass'::regclass AND d.refobjid = c.oid
         WHERE a.amopfamily = c.opcfamily
         ORDER BY a.amopstrategy, a.amopopr::regoperator::text
       ) || ARRAY(
         SELECT format('FUNCTION %%s (%%s, %%s) %%s', a.amprocnum, format_type(a.amproclefttype, NULL),
                       format_type(a.amprocrighttype, NULL), a.amproc::oid::regprocedure)
         FROM pg_amproc a
         JOIN pg_depend d ON d.classid = 'pg_amproc'::regclass AND d.objid = a.oid
                         AND d.refclassid = 'pg_opclass'::regclass AND d.refobjid = c.oid
         WHERE a.amprocfamily = c.opcfamily
         ORDER BY a.amprocnum, format_type(a.amproclefttype, NULL), format_type(a.amprocrighttype, NULL)
       ) AS members
FROM pg_opclass c
JOIN pg_am m ON m.oid = c.opcmethod
JOIN pg_opfamily f ON f.oid = c.opcfamily
JOIN pg_namespace n ON n.oid = f.opfnamespace
WHERE c.oid >= 16384
  AND c.opcnamespace = ANY (%(own)s::int8[]::oid[])
