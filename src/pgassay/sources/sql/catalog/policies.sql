-- Policies of row-level security. Role 0 is PUBLIC.
SELECT p.oid::int8 AS oid,
       p.polrelid::int8 AS relation,
       p.polname::text AS name,
       CASE p.polcmd
         WHEN 'r' THEN 'SELECT' WHEN 'a' THEN 'INSERT' WHEN 'w' THEN 'UPDATE' WHEN 'd' THEN 'DELETE'
         ELSE 'ALL'
       END AS command,
       p.polpermissive AS permissive,
       p.polroles::int8[] AS role_oids,
       CASE WHEN p.polqual IS NULL THEN '' ELSE pg_get_expr(p.polqual, p.polrelid) END AS "using",
       CASE WHEN p.polwithcheck IS NULL THEN '' ELSE pg_get_expr(p.polwithcheck, p.polrelid) END
         AS "check"
FROM pg_policy p
JOIN pg_class c ON c.oid = p.polrelid
WHERE c.relnamespace = ANY (%(watched)s::int8[]::oid[])
