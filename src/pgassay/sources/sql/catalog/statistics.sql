-- Extended statistics.
SELECT s.oid::int8 AS oid,
       s.stxnamespace::int8 AS namespace,
       s.stxrelid::int8 AS hangs_on,
       s.stxname::text AS name,
       s.stxowner::int8 AS owner,
       format('%%I.%%I', tn.nspname, c.relname) AS "table",
       pg_get_statisticsobjdef(s.oid) AS definition,
       format('CREATE STATISTICS %%I.%%I ', n.nspname, s.stxname) AS head,
       nullif(s.stxstattarget, -1)::int AS target
FROM pg_statistic_ext s
JOIN pg_namespace n ON n.oid = s.stxnamespace
JOIN pg_class c ON c.oid = s.stxrelid
JOIN pg_namespace tn ON tn.oid = c.relnamespace
WHERE s.stxnamespace = ANY (%(own)s::int8[]::oid[])
