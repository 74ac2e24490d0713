-- What was touched, in the order in which it was. Temporary objects are nobody's.
SELECT t.place, t.revision, t.action, t.command, t.kind, t.name, t.table_schema, t.table_name, t.reason
FROM pgassay.touched t
WHERE t.name !~ '^(pg_temp|pg_toast)' AND coalesce(t.table_schema, '') !~ '^(pg_temp|pg_toast)'
ORDER BY t.place
