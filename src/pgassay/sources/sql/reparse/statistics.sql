-- An extended statistics object after its name.
SELECT substr(pg_get_statisticsobjdef(s.oid), length(format('CREATE STATISTICS %%I.%%I ', n.nspname, s.stxname)) + 1)
FROM pg_statistic_ext s
JOIN pg_namespace n ON n.oid = s.stxnamespace
WHERE n.oid = %(schema)s::text::regnamespace AND s.stxname = %(name)s
