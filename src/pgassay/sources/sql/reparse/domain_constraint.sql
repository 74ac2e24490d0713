-- A domain's CHECK.
SELECT pg_get_constraintdef(k.oid)
FROM pg_constraint k
JOIN pg_type t ON t.oid = k.contypid
WHERE t.typnamespace = %(schema)s::text::regnamespace AND t.typname = %(table)s AND k.conname = %(name)s
