-- Event triggers.
SELECT e.oid::int8 AS oid,
       e.evtname::text AS name,
       e.evtowner::int8 AS owner,
       e.evtevent::text AS event,
       e.evttags AS tags,
       format('%%I.%%I', n.nspname, p.proname) AS function,
       p.pronamespace::int8 AS function_schema,
       CASE e.evtenabled
         WHEN 'D' THEN 'disabled' WHEN 'R' THEN 'replica' WHEN 'A' THEN 'always' ELSE 'origin'
       END AS enabled
FROM pg_event_trigger e
JOIN pg_proc p ON p.oid = e.evtfoid
JOIN pg_namespace n ON n.oid = p.pronamespace
