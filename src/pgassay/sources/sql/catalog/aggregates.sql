-- Aggregates. In the order of CREATE AGGREGATE.
SELECT p.oid::int8 AS oid,
       p.pronamespace::int8 AS namespace,
       p.proname || '(' || oidvectortypes(p.proargtypes) || ')' AS name,
       p.proowner::int8 AS owner,
       pg_get_function_arguments(p.oid) AS arguments,
       pg_get_function_result(p.oid) AS returns,
       array_remove(ARRAY[
         'sfunc=' || a.aggtransfn::regproc,
         'stype=' || format_type(a.aggtranstype, NULL),
         'sspace=' || nullif(a.aggtransspace, 0),
         'finalfunc=' || nullif(a.aggfinalfn::regproc::text, '-'),
         CASE WHEN a.aggfinalextra THEN 'finalfunc_extra' END,
         -- An ordered-set aggregate's final function may change the state by default.
         'finalfunc_modify=' || CASE
           WHEN a.aggfinalfn = 0 THEN NULL
           WHEN a.aggfinalmodify = CASE a.aggkind WHEN 'n' THEN 'r' ELSE 'w' END THEN NULL
           WHEN a.aggfinalmodify = 'r' THEN 'read_only'
           WHEN a.aggfinalmodify = 's' THEN 'shareable'
           ELSE 'read_write'
         END,
         'combinefunc=' || nullif(a.aggcombinefn::regproc::text, '-'),
         'serialfunc=' || nullif(a.aggserialfn::regproc::text, '-'),
         'deserialfunc=' || nullif(a.aggdeserialfn::regproc::text, '-'),
         'initcond=' || quote_literal(a.agginitval),
         'msfunc=' || nullif(a.aggmtransfn::regproc::text, '-'),
         'minvfunc=' || nullif(a.aggminvtransfn::regproc::text, '-'),
         'mstype=' || CASE WHEN a.aggmtranstype <> 0 THEN format_type(a.aggmtranstype, NULL) END,
         'msspace=' || nullif(a.aggmtransspace, 0),
         'mfinalfunc=' || nullif(a.aggmfinalfn::regproc::text, '-'),
         CASE WHEN a.aggmfinalextra THEN 'mfinalfunc_extra' END,
         'mfinalfunc_modify=' || CASE
           WHEN a.aggmfinalfn = 0 THEN NULL
           WHEN a.aggmfinalmodify = CASE a.aggkind WHEN 'n' THEN 'r' ELSE 'w' END THEN NULL
           WHEN a.aggmfinalmodify = 'r' THEN 'read_only'
           WHEN a.aggmfinalmodify = 's' THEN 'shareable'
           ELSE 'read_write'
         END,
         'minitcond=' || quote_literal(a.aggminitval),
         'sortop=' || CASE WHEN a.aggsortop <> 0 THEN (
           SELECT format('OPERATOR(%%I.%%s)', n.nspname, o.oprname)
           FROM pg_operator o JOIN pg_namespace n ON n.oid = o.oprnamespace
           WHERE o.oid = a.aggsortop
         ) END,
         'parallel=' || CASE p.proparallel WHEN 's' THEN 'safe' WHEN 'r' THEN 'restricted' END,
         CASE WHEN a.aggkind = 'h' THEN 'hypothetical' END
       ], NULL) AS properties
FROM pg_aggregate a
JOIN pg_proc p ON p.oid = a.aggfnoid
WHERE p.oid >= 16384
  AND p.pronamespace = ANY (%(own)s::int8[]::oid[])
