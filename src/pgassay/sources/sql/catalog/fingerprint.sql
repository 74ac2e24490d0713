-- How many rows each catalog has, and a sum over which they are and who last wrote them.
-- VACUUM and ANALYZE change rows in place, and leave xmin as it is. What belongs to temporary
-- tables is left out: applications make them all the time.
WITH temporary (oid) AS (
  SELECT c.oid FROM pg_class c WHERE c.relpersistence = 't'
), temporary_schema (oid) AS (
  SELECT n.oid FROM pg_namespace n WHERE n.nspname ~ '^pg_(toast_)?temp_'
), written (catalog, oid, part, xmin) AS (
  SELECT 'pg_class', x.oid, 0::int8, x.xmin FROM pg_class x
  WHERE x.oid >= 16384 AND x.relnamespace NOT IN (SELECT s.oid FROM temporary_schema s)
  UNION ALL
  SELECT 'pg_attribute', x.attrelid, x.attnum::int8, x.xmin FROM pg_attribute x
  WHERE x.attrelid >= 16384 AND x.attrelid NOT IN (SELECT t.oid FROM temporary t)
  UNION ALL
  SELECT 'pg_attrdef', x.oid, 0::int8, x.xmin FROM pg_attrdef x
  WHERE x.adrelid NOT IN (SELECT t.oid FROM temporary t)
  UNION ALL
  SELECT 'pg_constraint', x.oid, 0::int8, x.xmin FROM pg_constraint x
  WHERE x.oid >= 16384 AND x.connamespace NOT IN (SELECT s.oid FROM temporary_schema s)
  UNION ALL
  SELECT 'pg_index', x.indexrelid, 0::int8, x.xmin FROM pg_index x
  WHERE x.indexrelid >= 16384 AND x.indexrelid NOT IN (SELECT t.oid FROM temporary t)
  UNION ALL
  SELECT 'pg_inherits', x.inhrelid, x.inhseqno::int8, x.xmin FROM pg_inherits x
  UNION ALL
  SELECT 'pg_trigger', x.oid, 0::int8, x.xmin FROM pg_trigger x
  WHERE x.tgrelid NOT IN (SELECT t.oid FROM temporary t)
  UNION ALL
  SELECT 'pg_rewrite', x.oid, 0::int8, x.xmin FROM pg_rewrite x WHERE x.oid >= 16384
  UNION ALL
  SELECT 'pg_policy', x.oid, 0::int8, x.xmin FROM pg_policy x
  UNION ALL
  SELECT 'pg_sequence', x.seqrelid, 0::int8, x.xmin FROM pg_sequence x
  WHERE x.seqrelid NOT IN (SELECT t.oid FROM temporary t)
  UNION ALL
  SELECT 'pg_type', x.oid, 0::int8, x.xmin FROM pg_type x
  WHERE x.oid >= 16384 AND x.typnamespace NOT IN (SELECT s.oid FROM temporary_schema s)
  UNION ALL
  SELECT 'pg_enum', x.oid, 0::int8, x.xmin FROM pg_enum x
  UNION ALL
  SELECT 'pg_range', x.rngtypid, 0::int8, x.xmin FROM pg_range x
  UNION ALL
  SELECT 'pg_proc', x.oid, 0::int8, x.xmin FROM pg_proc x WHERE x.oid >= 16384
  UNION ALL
  SELECT 'pg_aggregate', x.aggfnoid::oid, 0::int8, x.xmin FROM pg_aggregate x WHERE x.aggfnoid::oid >= 16384
  UNION ALL
  SELECT 'pg_operator', x.oid, 0::int8, x.xmin FROM pg_operator x WHERE x.oid >= 16384
  UNION ALL
  SELECT 'pg_opclass', x.oid, 0::int8, x.xmin FROM pg_opclass x WHERE x.oid >= 16384
  UNION ALL
  SELECT 'pg_opfamily', x.oid, 0::int8, x.xmin FROM pg_opfamily x WHERE x.oid >= 16384
  UNION ALL
  SELECT 'pg_amop', x.oid, 0::int8, x.xmin FROM pg_amop x WHERE x.oid >= 16384
  UNION ALL
  SELECT 'pg_amproc', x.oid, 0::int8, x.xmin FROM pg_amproc x WHERE x.oid >= 16384
  UNION ALL
  SELECT 'pg_cast', x.oid, 0::int8, x.xmin FROM pg_cast x WHERE x.oid >= 16384
  UNION ALL
  SELECT 'pg_conversion', x.oid, 0::int8, x.xmin FROM pg_conversion x WHERE x.oid >= 16384
  UNION ALL
  SELECT 'pg_collation', x.oid, 0::int8, x.xmin FROM pg_collation x WHERE x.oid >= 16384
  UNION ALL
  SELECT 'pg_transform', x.oid, 0::int8, x.xmin FROM pg_transform x WHERE x.oid >= 16384
  UNION ALL
  SELECT 'pg_language', x.oid, 0::int8, x.xmin FROM pg_language x WHERE x.oid >= 16384
  UNION ALL
  SELECT 'pg_am', x.oid, 0::int8, x.xmin FROM pg_am x WHERE x.oid >= 16384
  UNION ALL
  SELECT 'pg_namespace', x.oid, 0::int8, x.xmin FROM pg_namespace x
  WHERE x.oid NOT IN (SELECT s.oid FROM temporary_schema s)
  UNION ALL
  SELECT 'pg_extension', x.oid, 0::int8, x.xmin FROM pg_extension x
  UNION ALL
  SELECT 'pg_statistic_ext', x.oid, 0::int8, x.xmin FROM pg_statistic_ext x
  UNION ALL
  SELECT 'pg_event_trigger', x.oid, 0::int8, x.xmin FROM pg_event_trigger x
  UNION ALL
  SELECT 'pg_ts_config', x.oid, 0::int8, x.xmin FROM pg_ts_config x WHERE x.oid >= 16384
  UNION ALL
  SELECT 'pg_ts_config_map', x.mapcfg, x.maptokentype * 100 + x.mapseqno::int8, x.xmin FROM pg_ts_config_map x
  UNION ALL
  SELECT 'pg_ts_dict', x.oid, 0::int8, x.xmin FROM pg_ts_dict x WHERE x.oid >= 16384
  UNION ALL
  SELECT 'pg_ts_parser', x.oid, 0::int8, x.xmin FROM pg_ts_parser x WHERE x.oid >= 16384
  UNION ALL
  SELECT 'pg_ts_template', x.oid, 0::int8, x.xmin FROM pg_ts_template x WHERE x.oid >= 16384
  UNION ALL
  SELECT 'pg_foreign_data_wrapper', x.oid, 0::int8, x.xmin FROM pg_foreign_data_wrapper x
  UNION ALL
  SELECT 'pg_foreign_server', x.oid, 0::int8, x.xmin FROM pg_foreign_server x
  UNION ALL
  SELECT 'pg_foreign_table', x.ftrelid, 0::int8, x.xmin FROM pg_foreign_table x
  UNION ALL
  SELECT 'pg_publication', x.oid, 0::int8, x.xmin FROM pg_publication x
  UNION ALL
  SELECT 'pg_publication_rel', x.oid, 0::int8, x.xmin FROM pg_publication_rel x
  UNION ALL --@15+
  SELECT 'pg_publication_namespace', x.oid, 0::int8, x.xmin FROM pg_publication_namespace x --@15+
  UNION ALL
  SELECT 'pg_default_acl', x.oid, 0::int8, x.xmin FROM pg_default_acl x
  UNION ALL
  SELECT 'pg_description', x.objoid, x.objsubid::int8, x.xmin FROM pg_description x
  WHERE x.objoid >= 16384
  UNION ALL
  SELECT 'pg_seclabel', x.objoid, x.objsubid::int8, x.xmin FROM pg_seclabel x
  UNION ALL
  SELECT 'pg_db_role_setting', x.setrole, 0::int8, x.xmin FROM pg_db_role_setting x
  UNION ALL
  SELECT 'pg_database', x.oid, 0, x.xmin FROM pg_database x WHERE x.datname = current_database()
)
SELECT w.catalog || ' ' || count(*) || ' '
         || sum(w.xmin::text::int8 # (w.oid::int8 << 32) # (w.part << 48)) AS line
FROM written w
GROUP BY w.catalog
UNION ALL
-- Of these catalogs not every role may read the rows.
SELECT 'roles ' || count(*) || ' ' || sum(hashtext(r.oid || r.rolname)::int8) FROM pg_roles r
UNION ALL
SELECT 'subscriptions ' || count(*) || ' ' || coalesce(sum(hashtext(concat(
         s.subname, s.subowner, s.subenabled, s.subslotname, s.subpublications::text))::int8), 0)
FROM pg_subscription s
UNION ALL
SELECT 'user mappings ' || count(*) || ' ' || coalesce(sum(hashtext(concat(
         m.umid, m.srvid, m.umuser, m.umoptions::text))::int8), 0)
FROM pg_user_mappings m
ORDER BY line
