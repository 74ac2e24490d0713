-- Default privileges. Those of a schema add to those of the role, which replace the usual ones.
SELECT d.oid::int8 AS oid,
       d.defaclnamespace::int8 AS place,
       d.defaclrole::int8 AS role,
       r.rolname || ' for '
         || CASE d.defaclobjtype
              WHEN 'r' THEN 'tables'
              WHEN 'S' THEN 'sequences'
              WHEN 'f' THEN 'functions'
              WHEN 'T' THEN 'types'
              WHEN 'n' THEN 'schemas'
              WHEN 'L' THEN 'large objects'
              ELSE d.defaclobjtype::text
            END
         || CASE WHEN d.defaclnamespace = 0 THEN '' ELSE ' in schema ' || (
              SELECT n.nspname FROM pg_namespace n WHERE n.oid = d.defaclnamespace
            ) END AS name,
       d.defaclobjtype::text AS objects
FROM pg_default_acl d
JOIN pg_roles r ON r.oid = d.defaclrole
