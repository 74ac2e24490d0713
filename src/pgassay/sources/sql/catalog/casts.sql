-- Casts.
SELECT c.oid::int8 AS oid,
       format('(%%s AS %%s)', format_type(c.castsource, NULL), format_type(c.casttarget, NULL)) AS name,
       CASE WHEN c.castfunc = 0 THEN '' ELSE c.castfunc::regprocedure::text END AS function,
       CASE c.castmethod WHEN 'b' THEN 'binary' WHEN 'i' THEN 'inout' ELSE 'function' END AS method,
       CASE c.castcontext WHEN 'a' THEN 'assignment' WHEN 'i' THEN 'implicit' ELSE 'explicit' END
         AS context
FROM pg_cast c
WHERE c.oid >= 16384
  -- A range type brings the cast to its multirange.
  AND NOT EXISTS (
    SELECT FROM pg_depend d
    WHERE d.classid = 'pg_cast'::regclass AND d.objid = c.oid AND d.deptype = 'i'
  )
