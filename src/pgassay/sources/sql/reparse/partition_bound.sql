-- What a partition holds.
SELECT pg_get_expr(c.relpartbound, c.oid) FROM pg_class c
WHERE c.relnamespace = %(schema)s::text::regnamespace AND c.relname = %(table)s
