-- Conversions.
SELECT c.oid::int8 AS oid,
       c.connamespace::int8 AS namespace,
       c.conname::text AS name,
       c.conowner::int8 AS owner,
       pg_encoding_to_char(c.conforencoding)::text AS source_encoding,
       pg_encoding_to_char(c.contoencoding)::text AS target_encoding,
       c.conproc::oid::regproc::text AS function,
       c.condefault AS "default"
FROM pg_conversion c
WHERE c.oid >= 16384
  AND c.connamespace = ANY (%(own)s::int8[]::oid[])
