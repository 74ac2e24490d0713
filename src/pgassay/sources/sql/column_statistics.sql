-- What ANALYZE saw of each column that this role may read. n_distinct below zero is a share of the
-- rows (documentation, "pg_stats").
SELECT s.schemaname::text AS schema,
       s.tablename::text AS table_name,
       s.attname::text AS column_name,
       s.null_frac::float8 AS null_share,
       CASE WHEN s.n_distinct >= 0 THEN s.n_distinct
            ELSE -s.n_distinct * greatest(c.reltuples, 0) END::float8 AS distinct_values,
       coalesce(s.most_common_vals::text::text[], '{}') AS values,
       coalesce((SELECT sum(f) FROM unnest(s.most_common_freqs) f), 0)::float8 AS share
FROM pg_stats s
JOIN pg_namespace n ON n.nspname = s.schemaname
JOIN pg_class c ON c.relnamespace = n.oid AND c.relname = s.tablename
WHERE s.schemaname NOT IN ('pg_catalog', 'information_schema')
ORDER BY s.inherited DESC
