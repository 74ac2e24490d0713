-- Collations.
SELECT c.oid::int8 AS oid,
       c.collnamespace::int8 AS namespace,
       c.collname::text AS name,
       c.collowner::int8 AS owner,
       CASE c.collprovider WHEN 'i' THEN 'icu' WHEN 'b' THEN 'builtin' ELSE 'libc' END AS provider,
       c.collcollate::text AS locale, --@14-
       coalesce(c.collcollate, c.colliculocale) AS locale, --@15+ --@16-
       coalesce(c.collcollate, c.colllocale) AS locale, --@17+
       CASE WHEN c.collprovider = 'c' THEN coalesce(c.collctype::text, '') ELSE '' END AS ctype,
       c.collisdeterministic AS deterministic,
       coalesce(c.collicurules, '') AS rules, --@16+
       CASE WHEN c.collencoding = -1 THEN '' ELSE pg_encoding_to_char(c.collencoding)::text END
         AS encoding,
       coalesce(c.collversion, '') AS version,
       coalesce(pg_collation_actual_version(c.oid), '') AS actual_version
FROM pg_collation c
WHERE c.oid >= 16384
  AND c.collnamespace = ANY (%(own)s::int8[]::oid[])
