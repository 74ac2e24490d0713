-- Which server this is: initdb made the number, and a copy of the whole server keeps it.
SELECT system_identifier::text AS system_identifier
FROM pg_catalog.pg_control_system()
