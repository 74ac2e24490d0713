-- A view's query.
SELECT pg_get_viewdef(c.oid)
FROM pg_class c
WHERE c.relnamespace = %(schema)s::text::regnamespace AND c.relname = %(table)s
