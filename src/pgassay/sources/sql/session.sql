-- Who asks, and with which search path. Must run before settings.sql replaces the path.
SELECT pg_catalog.current_setting('search_path') AS search_path,
       -- Where an unqualified CREATE TABLE goes; NULL where it would fail.
       pg_catalog.current_schema()::pg_catalog.text AS current_schema,
       current_user::pg_catalog.text AS role
