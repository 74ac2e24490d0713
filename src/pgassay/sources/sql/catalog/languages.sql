-- Languages.
SELECT l.oid::int8 AS oid,
       l.lanname::text AS name,
       l.lanowner::int8 AS owner,
       l.lanpltrusted AS trusted,
       l.lanplcallfoid::regproc::text AS handler,
       l.laninline::regproc::text AS inline,
       l.lanvalidator::regproc::text AS validator
FROM pg_language l
WHERE l.oid >= 16384
