-- This database.
SELECT d.oid::int8 AS oid,
       'database' AS name,
       d.datdba::int8 AS owner,
       pg_encoding_to_char(d.encoding)::text AS encoding,
       d.datcollate::text AS collate,
       d.datctype::text AS ctype,
       CASE d.datlocprovider WHEN 'i' THEN 'icu' WHEN 'b' THEN 'builtin' ELSE 'libc' END --@15+
         AS locale_provider, --@15+
       coalesce(d.daticulocale, '') AS locale, --@15+ --@16-
       coalesce(d.datlocale, '') AS locale, --@17+
       coalesce(d.daticurules, '') AS icu_rules, --@16+
       CASE WHEN s.spcname = 'pg_default' THEN '' ELSE s.spcname::text END AS tablespace,
       coalesce(d.datcollversion, '') AS version, --@15+
       coalesce(pg_database_collation_actual_version(d.oid), '') AS actual_version, --@15+
       d.datistemplate AS is_template,
       d.datconnlimit AS connection_limit
FROM pg_database d
JOIN pg_tablespace s ON s.oid = d.dattablespace
WHERE d.datname = current_database()
