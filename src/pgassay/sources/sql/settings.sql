-- What makes deparsed texts independent of the session, for this transaction only.
-- The list is pg_dump's (setup_connection in pg_dump.c), and what else reaches constants.
SELECT pg_catalog.set_config('search_path', 'pg_catalog', true),
       -- An SQL_ASCII database would otherwise hand out bytes.
       pg_catalog.set_config('client_encoding', 'UTF8', true),
       pg_catalog.set_config('quote_all_identifiers', 'off', true),
       pg_catalog.set_config('DateStyle', 'ISO, MDY', true),
       pg_catalog.set_config('IntervalStyle', 'postgres', true),
       pg_catalog.set_config('TimeZone', 'UTC', true),
       pg_catalog.set_config('extra_float_digits', '3', true),
       pg_catalog.set_config('bytea_output', 'hex', true),
       pg_catalog.set_config('lc_monetary', 'C', true),
       -- Compiling these queries takes longer than running them.
       pg_catalog.set_config('jit', 'off', true),
       -- pg_get_expr() and reading rows wait for a table that a migration holds.
       pg_catalog.set_config('lock_timeout', '2s', true),
       -- Rows that a policy hides must be an error, not an empty table.
       pg_catalog.set_config('row_security', 'off', true)
