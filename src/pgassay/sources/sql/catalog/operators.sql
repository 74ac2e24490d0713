-- Operators. One that only others name, as their commutator, has no function yet: a shell.
SELECT o.oid::int8 AS oid,
       o.oprnamespace::int8 AS namespace,
       o.oprname || '('
         || CASE WHEN o.oprleft = 0 THEN 'NONE' ELSE format_type(o.oprleft, NULL) END || ', '
         || CASE WHEN o.oprright = 0 THEN 'NONE' ELSE format_type(o.oprright, NULL) END || ')' AS name,
       o.oprowner::int8 AS owner,
       CASE WHEN o.oprleft = 0 THEN '' ELSE format_type(o.oprleft, NULL) END AS "left",
       CASE WHEN o.oprright = 0 THEN '' ELSE format_type(o.oprright, NULL) END AS "right",
       CASE WHEN o.oprresult = 0 THEN '' ELSE format_type(o.oprresult, NULL) END AS returns,
       o.oprcode::regproc::text AS function,
       array_remove(ARRAY[
         'commutator=' || (
           SELECT format('OPERATOR(%%I.%%s)', n.nspname, c.oprname)
           FROM pg_operator c JOIN pg_namespace n ON n.oid = c.oprnamespace WHERE c.oid = o.oprcom
         ),
         'negator=' || (
           SELECT format('OPERATOR(%%I.%%s)', n.nspname, c.oprname)
           FROM pg_operator c JOIN pg_namespace n ON n.oid = c.oprnamespace WHERE c.oid = o.oprnegate
         ),
         'restrict=' || nullif(o.oprrest::regproc::text, '-'),
         'join=' || nullif(o.oprjoin::regproc::text, '-'),
         CASE WHEN o.oprcanhash THEN 'hashes' END,
         CASE WHEN o.oprcanmerge THEN 'merges' END
       ], NULL) AS properties
FROM pg_operator o
WHERE o.oprcode <> 0
  AND o.oid >= 16384
  AND o.oprnamespace = ANY (%(own)s::int8[]::oid[])
