-- Triggers. A partition's copy of its parent's counts only where it fires otherwise.
SELECT t.oid::int8 AS oid,
       t.tgrelid::int8 AS relation,
       t.tgname::text AS name,
       pg_get_triggerdef(t.oid) AS definition,
       format(
         'CREATE %%sTRIGGER %%I ', CASE WHEN t.tgconstraint = 0 THEN '' ELSE 'CONSTRAINT ' END, t.tgname
       ) AS head,
       t.tgconstraint <> 0 AS of_constraint,
       CASE t.tgenabled
         WHEN 'D' THEN 'disabled' WHEN 'R' THEN 'replica' WHEN 'A' THEN 'always' ELSE 'origin'
       END AS enabled,
       format('%%I.%%I', n.nspname, p.proname) AS function,
       p.oid::int8 AS function_oid,
       p.pronamespace::int8 AS function_schema
FROM pg_trigger t
JOIN pg_class c ON c.oid = t.tgrelid
JOIN pg_proc p ON p.oid = t.tgfoid
JOIN pg_namespace n ON n.oid = p.pronamespace
LEFT JOIN pg_trigger parent ON parent.oid = t.tgparentid
WHERE c.relnamespace = ANY (%(watched)s::int8[]::oid[])
  AND NOT t.tgisinternal
  AND (parent.oid IS NULL OR parent.tgenabled <> t.tgenabled)
