-- A domain's default.
SELECT pg_get_expr(t.typdefaultbin, 'pg_catalog.pg_class'::regclass)
FROM pg_type t
WHERE t.typnamespace = %(schema)s::text::regnamespace AND t.typname = %(name)s
