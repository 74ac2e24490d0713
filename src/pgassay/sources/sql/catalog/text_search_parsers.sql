-- Text search parsers.
SELECT p.oid::int8 AS oid,
       p.prsnamespace::int8 AS namespace,
       p.prsname::text AS name,
       array_remove(ARRAY[
         'start=' || p.prsstart::oid::regproc,
         'gettoken=' || p.prstoken::oid::regproc,
         'end=' || p.prsend::oid::regproc,
         'lextypes=' || p.prslextype::oid::regproc,
         'headline=' || nullif(p.prsheadline::oid::regproc::text, '-')
       ], NULL) AS functions
FROM pg_ts_parser p
WHERE p.oid >= 16384
  AND p.prsnamespace = ANY (%(own)s::int8[]::oid[])
