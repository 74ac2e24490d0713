-- How a table is partitioned.
SELECT pg_get_partkeydef(c.oid) FROM pg_class c
WHERE c.relnamespace = %(schema)s::text::regnamespace AND c.relname = %(table)s
