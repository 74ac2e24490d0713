-- Text search dictionaries.
SELECT d.oid::int8 AS oid,
       d.dictnamespace::int8 AS namespace,
       d.dictname::text AS name,
       d.dictowner::int8 AS owner,
       format('%%I.%%I', n.nspname, t.tmplname) AS template,
       coalesce(d.dictinitoption, '') AS options
FROM pg_ts_dict d
JOIN pg_ts_template t ON t.oid = d.dicttemplate
JOIN pg_namespace n ON n.oid = t.tmplnamespace
WHERE d.oid >= 16384
  AND d.dictnamespace = ANY (%(own)s::int8[]::oid[])
