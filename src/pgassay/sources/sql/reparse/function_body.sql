-- The body of a function written in SQL's own syntax. There is one of this name.
SELECT pg_get_function_sqlbody(p.oid) FROM pg_proc p
WHERE p.pronamespace = %(schema)s::text::regnamespace AND p.proname = %(name)s
