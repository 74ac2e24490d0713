-- A function's arguments with their defaults. There is one of this name.
SELECT pg_get_function_arguments(p.oid) FROM pg_proc p
WHERE p.pronamespace = %(schema)s::text::regnamespace AND p.proname = %(name)s
