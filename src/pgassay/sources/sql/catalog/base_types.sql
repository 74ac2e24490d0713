-- Types made of functions, and shells that wait for them. Arrays come with their elements.
SELECT t.oid::int8 AS oid,
       t.typnamespace::int8 AS namespace,
       t.typname::text AS name,
       t.typowner::int8 AS owner,
       CASE
         WHEN t.typisdefined THEN array_remove(ARRAY[
           'input=' || t.typinput::regproc,
           'output=' || t.typoutput::regproc,
           'receive=' || nullif(t.typreceive::regproc::text, '-'),
           'send=' || nullif(t.typsend::regproc::text, '-'),
           'typmod_in=' || nullif(t.typmodin::regproc::text, '-'),
           'typmod_out=' || nullif(t.typmodout::regproc::text, '-'),
           'analyze=' || nullif(t.typanalyze::regproc::text, '-'),
           'subscript=' || nullif(t.typsubscript::regproc::text, '-'), --@14+
           'internallength=' || CASE t.typlen WHEN -1 THEN 'variable' ELSE t.typlen::text END,
           CASE WHEN t.typbyval THEN 'passedbyvalue=true' END,
           'alignment=' || CASE t.typalign
             WHEN 'c' THEN 'char' WHEN 's' THEN 'int2' WHEN 'i' THEN 'int4' ELSE 'double' END,
           'storage=' || CASE t.typstorage
             WHEN 'p' THEN 'plain' WHEN 'e' THEN 'external' WHEN 'm' THEN 'main' ELSE 'extended' END,
           'category=' || quote_literal(t.typcategory::text),
           CASE WHEN t.typispreferred THEN 'preferred=true' END,
           'default=' || quote_literal(t.typdefault),
           'element=' || CASE WHEN t.typelem <> 0 THEN format_type(t.typelem, NULL) END,
           'delimiter=' || quote_literal(t.typdelim::text),
           CASE WHEN t.typcollation <> 0 THEN 'collatable=true' END
         ], NULL)
       END AS properties
FROM pg_type t
WHERE (t.typtype = 'b' OR t.typtype = 'p' AND NOT t.typisdefined)
  AND NOT EXISTS (SELECT FROM pg_type e WHERE e.oid = t.typelem AND e.typarray = t.oid)
  AND t.oid >= 16384
  AND t.typnamespace = ANY (%(own)s::int8[]::oid[])
