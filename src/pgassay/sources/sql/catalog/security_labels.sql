-- Security labels.
SELECT s.objoid::int8 AS labelled,
       s.classoid::int8 AS catalog,
       s.provider || ' on ' || CASE i.type WHEN 'table column' THEN 'column' ELSE i.type END
         || ' ' || i.identity AS name,
       s.label AS label
FROM pg_seclabel s,
     LATERAL pg_identify_object(s.classoid, s.objoid, s.objsubid) i
UNION ALL
SELECT 0, 0, s.provider || ' on database', s.label
FROM pg_shseclabel s
WHERE s.classoid = 'pg_database'::regclass
  AND s.objoid = (SELECT d.oid FROM pg_database d WHERE d.datname = current_database())
