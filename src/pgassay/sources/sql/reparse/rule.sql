-- A rule after CREATE RULE and its name.
SELECT substr(pg_get_ruledef(r.oid), length(format('CREATE RULE %%I ', r.rulename)) + 1)
FROM pg_rewrite r
JOIN pg_class c ON c.oid = r.ev_class
WHERE c.relnamespace = %(schema)s::text::regnamespace AND c.relname = %(table)s AND r.rulename = %(name)s
