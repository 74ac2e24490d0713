-- Rules; a view's own is the view's definition.
SELECT r.oid::int8 AS oid,
       r.ev_class::int8 AS relation,
       r.rulename::text AS name,
       pg_get_ruledef(r.oid) AS definition,
       format('CREATE RULE %%I ', r.rulename) AS head,
       CASE r.ev_enabled
         WHEN 'D' THEN 'disabled' WHEN 'R' THEN 'replica' WHEN 'A' THEN 'always' ELSE 'origin'
       END AS enabled
FROM pg_rewrite r
JOIN pg_class c ON c.oid = r.ev_class
WHERE c.relnamespace = ANY (%(own)s::int8[]::oid[])
  AND r.oid >= 16384
  AND NOT (r.ev_type = '1' AND r.rulename = '_RETURN')
