-- Domains, enums, and the arrays of either: what a column of such a type rests on.
SELECT t.oid::int8 AS oid,
       CASE WHEN t.typtype = 'd' THEN t.typbasetype WHEN t.typtype = 'e' THEN 0 ELSE t.typelem END::int8
         AS beneath,
       t.typtype = 'd' AS domain,
       CASE WHEN t.typtype = 'd' THEN format_type(t.typbasetype, t.typtypmod) END AS base_type,
       CASE
         WHEN t.typtype = 'e' THEN ARRAY(
           SELECT e.enumlabel::text FROM pg_enum e WHERE e.enumtypid = t.oid ORDER BY e.enumsortorder
         )
       END AS labels
FROM pg_type t
WHERE t.typtype IN ('d', 'e')
   OR t.typelem <> 0
  AND EXISTS (
    SELECT FROM pg_type e
    WHERE e.oid = t.typelem AND e.typarray = t.oid
      -- An array of a domain may be a domain's base, to any depth.
      AND e.typtype IN ('d', 'e')
  )
