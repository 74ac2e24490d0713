-- Text search configurations. A mapping's dictionaries are tried in order.
SELECT c.oid::int8 AS oid,
       c.cfgnamespace::int8 AS namespace,
       c.cfgname::text AS name,
       c.cfgowner::int8 AS owner,
       format('%%I.%%I', n.nspname, p.prsname) AS parser,
       ARRAY(
         SELECT (
           SELECT k.alias FROM ts_token_type(c.cfgparser) k WHERE k.tokid = m.maptokentype
         ) || ': ' || string_agg(format('%%I.%%I', dn.nspname, d.dictname), ', ' ORDER BY m.mapseqno)
         FROM pg_ts_config_map m
         JOIN pg_ts_dict d ON d.oid = m.mapdict
         JOIN pg_namespace dn ON dn.oid = d.dictnamespace
         WHERE m.mapcfg = c.oid
         GROUP BY m.maptokentype
         ORDER BY 1
       ) AS mappings
FROM pg_ts_config c
JOIN pg_ts_parser p ON p.oid = c.cfgparser
JOIN pg_namespace n ON n.oid = p.prsnamespace
WHERE c.oid >= 16384
  AND c.cfgnamespace = ANY (%(own)s::int8[]::oid[])
