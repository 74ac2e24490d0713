-- A policy's using expression.
SELECT pg_get_expr(p.polqual, p.polrelid)
FROM pg_policy p
JOIN pg_class c ON c.oid = p.polrelid
WHERE c.relnamespace = %(schema)s::text::regnamespace AND c.relname = %(table)s AND p.polname = %(name)s
