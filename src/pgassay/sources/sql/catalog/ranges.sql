-- Range types.
SELECT t.oid::int8 AS oid,
       t.typnamespace::int8 AS namespace,
       t.typname::text AS name,
       t.typowner::int8 AS owner,
       format_type(r.rngsubtype, NULL) AS subtype,
       CASE WHEN o.opcdefault THEN '' ELSE format('%%I.%%I', ns.nspname, o.opcname) END
         AS operator_class,
       CASE
         WHEN r.rngcollation <> s.typcollation THEN (
           SELECT format('%%I.%%I', n.nspname, l.collname)
           FROM pg_collation l JOIN pg_namespace n ON n.oid = l.collnamespace
           WHERE l.oid = r.rngcollation
         )
         ELSE ''
       END AS collation,
       r.rngcanonical::regproc::text AS canonical,
       r.rngsubdiff::regproc::text AS subtype_diff,
       coalesce(( --@14+
         SELECT d.description FROM pg_description d --@14+
         WHERE d.classoid = 'pg_type'::regclass AND d.objoid = r.rngmultitypid AND d.objsubid = 0 --@14+
       ), '') AS multirange_comment, --@14+
       format_type(r.rngmultitypid, NULL) AS multirange --@14+
       '' AS multirange --@13-
FROM pg_range r
JOIN pg_type t ON t.oid = r.rngtypid
JOIN pg_type s ON s.oid = r.rngsubtype
JOIN pg_opclass o ON o.oid = r.rngsubopc
JOIN pg_namespace ns ON ns.oid = o.opcnamespace
WHERE t.oid >= 16384
  AND t.typnamespace = ANY (%(own)s::int8[]::oid[])
