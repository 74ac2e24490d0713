-- Text search templates.
SELECT t.oid::int8 AS oid,
       t.tmplnamespace::int8 AS namespace,
       t.tmplname::text AS name,
       array_remove(ARRAY[
         'init=' || nullif(t.tmplinit::oid::regproc::text, '-'),
         'lexize=' || t.tmpllexize::oid::regproc
       ], NULL) AS functions
FROM pg_ts_template t
WHERE t.oid >= 16384
  AND t.tmplnamespace = ANY (%(own)s::int8[]::oid[])
