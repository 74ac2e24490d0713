-- Transforms.
SELECT t.oid::int8 AS oid,
       format('FOR %%s LANGUAGE %%I', format_type(t.trftype, NULL), l.lanname) AS name,
       CASE WHEN t.trffromsql = 0 THEN '' ELSE t.trffromsql::oid::regprocedure::text END AS from_sql,
       CASE WHEN t.trftosql = 0 THEN '' ELSE t.trftosql::oid::regprocedure::text END AS to_sql
FROM pg_transform t
JOIN pg_language l ON l.oid = t.trflang
WHERE t.oid >= 16384
