-- Functions, window functions and procedures. A range type brings its own constructors.
SELECT p.oid::int8 AS oid,
       p.pronamespace::int8 AS namespace,
       p.proname || '(' || oidvectortypes(p.proargtypes) || ')' AS name,
       p.proowner::int8 AS owner,
       CASE p.prokind WHEN 'p' THEN 'procedure' WHEN 'w' THEN 'window function' ELSE 'function' END
         AS routine,
       pg_get_function_arguments(p.oid) AS arguments,
       CASE WHEN p.prokind = 'p' THEN '' ELSE pg_get_function_result(p.oid) END AS returns,
       l.lanname::text AS language,
       p.prosrc AS body, --@13-
       CASE WHEN p.prosqlbody IS NULL THEN p.prosrc ELSE pg_get_function_sqlbody(p.oid) END AS body, --@14+
       false AS sql_body, --@13-
       p.prosqlbody IS NOT NULL AS sql_body, --@14+
       coalesce(p.probin, '') AS library,
       CASE p.provolatile WHEN 'i' THEN 'immutable' WHEN 's' THEN 'stable' ELSE 'volatile' END
         AS volatility,
       p.proisstrict AS strict,
       p.prosecdef AS security_definer,
       p.proleakproof AS leakproof,
       CASE p.proparallel WHEN 's' THEN 'safe' WHEN 'r' THEN 'restricted' ELSE 'unsafe' END
         AS parallel,
       p.procost::float8 AS cost,
       p.prorows::float8 AS rows,
       p.proconfig AS settings,
       p.prosupport::regproc::text AS support,
       CASE
         WHEN p.protrftypes IS NOT NULL
           THEN ARRAY(SELECT format_type(f, NULL) FROM unnest(p.protrftypes) f)
       END AS transforms
FROM pg_proc p
JOIN pg_language l ON l.oid = p.prolang
WHERE p.prokind <> 'a'
  AND p.oid >= 16384
  AND p.pronamespace = ANY (%(own)s::int8[]::oid[])
  AND NOT EXISTS (
    SELECT FROM pg_depend d
    WHERE d.classid = 'pg_proc'::regclass
      AND d.objid = p.oid
      AND d.deptype = 'i'
      AND d.refclassid = 'pg_type'::regclass
  )
