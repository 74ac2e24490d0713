-- Sequences, and the columns they belong to.
SELECT c.oid::int8 AS oid,
       c.relnamespace::int8 AS namespace,
       c.relname::text AS name,
       CASE WHEN d.refobjid IS NULL THEN c.relowner ELSE 0 END::int8 AS owner,
       -- Whose usual rights go without saying.
       c.relowner::int8 AS holder,
       format_type(q.seqtypid, NULL) AS type,
       q.seqstart AS start,
       q.seqmin AS minimum,
       q.seqmax AS maximum,
       q.seqincrement AS increment,
       q.seqcache AS cache,
       q.seqcycle AS cycle,
       d.refobjid::int8 AS owning_table,
       d.refobjsubid AS owning_column,
       coalesce(d.deptype = 'i', false) AS identity_column,
       CASE
         -- An owned one follows its table, unless it was set by itself.
         WHEN c.relpersistence = 'u' AND owning.relpersistence IS DISTINCT FROM 'u' THEN 'unlogged'
         ELSE 'permanent'
       END AS persistence,
       has_sequence_privilege(c.oid, 'USAGE, SELECT') AS readable
FROM pg_class c
JOIN pg_sequence q ON q.seqrelid = c.oid
LEFT JOIN pg_depend d
  ON d.classid = 'pg_class'::regclass
 AND d.objid = c.oid
 AND d.objsubid = 0
 AND d.refclassid = 'pg_class'::regclass
 AND d.refobjsubid > 0
 AND d.deptype IN ('a', 'i')
LEFT JOIN pg_class owning ON owning.oid = d.refobjid
WHERE c.oid >= 16384
  AND c.relnamespace = ANY (%(own)s::int8[]::oid[])
