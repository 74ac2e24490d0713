-- Every comment on what users made, and on what initdb made for them.
SELECT d.classoid::int8 AS catalog, d.objoid::int8 AS oid, d.objsubid AS part, d.description AS comment
FROM pg_description d
WHERE d.objoid >= 16384
   -- initdb comments on schema public, which says nothing; a comment of somebody's own does.
   OR (d.classoid = 'pg_namespace'::regclass AND d.description <> 'standard public schema')
UNION ALL
SELECT s.classoid::int8, s.objoid::int8, 0, s.description
FROM pg_shdescription s
WHERE s.classoid = 'pg_database'::regclass
  AND s.objoid = (SELECT d.oid FROM pg_database d WHERE d.datname = current_database())
