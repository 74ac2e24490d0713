-- A table's constraint.
SELECT pg_get_constraintdef(k.oid)
FROM pg_constraint k
JOIN pg_class c ON c.oid = k.conrelid
WHERE c.relnamespace = %(schema)s::text::regnamespace AND c.relname = %(table)s AND k.conname = %(name)s
