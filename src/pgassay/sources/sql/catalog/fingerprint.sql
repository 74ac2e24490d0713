-- How many rows each catalog has, and a sum over which they are and who last wrote them.
-- VACUUM and ANALYZE change rows in place, and leave xmin as it is. What belongs to temporary
-- tables is left out: applications make them all the time.
WITH temporary (oid) AS (
  SELECT c.oid FROM pg_class c WHERE c.relpersistence = 't'
), temporary_schema (oid) AS (
  SELECT n.oid FROM pg_namespace n WHERE n.nspname ~ '^pg_(toast_)?temp_'
), written (line) AS (
  SELECT 'pg_class ' || count(*) || ' ' || coalesce(sum(x.xmin::text::int8 # (x.oid::int8 << 32)), 0)
  FROM pg_class x
  WHERE x.oid >= 16384 AND x.relnamespace NOT IN (SELECT s.oid FROM temporary_schema s)
  UNION ALL
  SELECT 'pg_attribute ' || count(*) || ' ' || coalesce(sum(x.xmin::text::int8 # (x.attrelid::int8 << 32) # (x.attnum::int8 << 48)), 0)
  FROM pg_attribute x
  WHERE x.attrelid >= 16384 AND x.attrelid NOT IN (SELECT t.oid FROM temporary t)
  UNION ALL
  SELECT 'pg_attrdef ' || count(*) || ' ' || coalesce(sum(x.xmin::text::int8 # (x.oid::int8 << 32)), 0)
  FROM pg_attrdef x
  WHERE x.adrelid NOT IN (SELECT t.oid FROM temporary t)
  UNION ALL
  SELECT 'pg_constraint ' || count(*) || ' ' || coalesce(sum(x.xmin::text::int8 # (x.oid::int8 << 32)), 0)
  FROM pg_constraint x
  WHERE x.oid >= 16384 AND x.connamespace NOT IN (SELECT s.oid FROM temporary_schema s)
  UNION ALL
  SELECT 'pg_index ' || count(*) || ' ' || coalesce(sum(x.xmin::text::int8 # (x.indexrelid::int8 << 32)), 0)
  FROM pg_index x
  WHERE x.indexrelid >= 16384 AND x.indexrelid NOT IN (SELECT t.oid FROM temporary t)
  UNION ALL
  SELECT 'pg_inherits ' || count(*) || ' ' || coalesce(sum(x.xmin::text::int8 # (x.inhrelid::int8 << 32) # (x.inhseqno::int8 << 48)), 0)
  FROM pg_inherits x
  WHERE x.inhrelid NOT IN (SELECT t.oid FROM temporary t)
  UNION ALL
  SELECT 'pg_trigger ' || count(*) || ' ' || coalesce(sum(x.xmin::text::int8 # (x.oid::int8 << 32)), 0)
  FROM pg_trigger x
  WHERE x.tgrelid NOT IN (SELECT t.oid FROM temporary t)
  UNION ALL
  SELECT 'pg_rewrite ' || count(*) || ' ' || coalesce(sum(x.xmin::text::int8 # (x.oid::int8 << 32)), 0)
  FROM pg_rewrite x
  WHERE x.oid >= 16384 AND x.ev_class NOT IN (SELECT t.oid FROM temporary t)
  UNION ALL
  SELECT 'pg_policy ' || count(*) || ' ' || coalesce(sum(x.xmin::text::int8 # (x.oid::int8 << 32)), 0)
  FROM pg_policy x
  WHERE x.polrelid NOT IN (SELECT t.oid FROM temporary t)
  UNION ALL
  SELECT 'pg_sequence ' || count(*) || ' ' || coalesce(sum(x.xmin::text::int8 # (x.seqrelid::int8 << 32)), 0)
  FROM pg_sequence x
  WHERE x.seqrelid NOT IN (SELECT t.oid FROM temporary t)
  UNION ALL
  SELECT 'pg_type ' || count(*) || ' ' || coalesce(sum(x.xmin::text::int8 # (x.oid::int8 << 32)), 0)
  FROM pg_type x
  WHERE x.oid >= 16384 AND x.typnamespace NOT IN (SELECT s.oid FROM temporary_schema s)
  UNION ALL
  SELECT 'pg_enum ' || count(*) || ' ' || coalesce(sum(x.xmin::text::int8 # (x.oid::int8 << 32)), 0)
  FROM pg_enum x
  UNION ALL
  SELECT 'pg_range ' || count(*) || ' ' || coalesce(sum(x.xmin::text::int8 # (x.rngtypid::int8 << 32)), 0)
  FROM pg_range x
  UNION ALL
  SELECT 'pg_proc ' || count(*) || ' ' || coalesce(sum(x.xmin::text::int8 # (x.oid::int8 << 32)), 0)
  FROM pg_proc x WHERE x.oid >= 16384
  UNION ALL
  -- Of the server's own only those whose rights were set.
  SELECT 'pg_proc rights ' || count(*) || ' ' || coalesce(sum(x.xmin::text::int8 # (x.oid::int8 << 32)), 0)
  FROM pg_proc x WHERE x.oid < 16384 AND x.proacl IS NOT NULL
  UNION ALL
  SELECT 'pg_class rights ' || count(*) || ' ' || coalesce(sum(x.xmin::text::int8 # (x.oid::int8 << 32)), 0)
  FROM pg_class x WHERE x.oid < 16384 AND x.relacl IS NOT NULL
  UNION ALL
  SELECT 'pg_attribute rights ' || count(*) || ' ' || coalesce(sum(x.xmin::text::int8 # (x.attrelid::int8 << 32) # (x.attnum::int8 << 48)), 0)
  FROM pg_attribute x WHERE x.attrelid < 16384 AND x.attacl IS NOT NULL
  UNION ALL
  SELECT 'pg_type rights ' || count(*) || ' ' || coalesce(sum(x.xmin::text::int8 # (x.oid::int8 << 32)), 0)
  FROM pg_type x WHERE x.oid < 16384 AND x.typacl IS NOT NULL
  UNION ALL
  SELECT 'pg_language rights ' || count(*) || ' ' || coalesce(sum(x.xmin::text::int8 # (x.oid::int8 << 32)), 0)
  FROM pg_language x WHERE x.oid < 16384
  UNION ALL
  SELECT 'pg_depend ' || count(*) || ' ' || coalesce(sum(x.xmin::text::int8 # (x.objid::int8 << 32)), 0)
  FROM pg_depend x WHERE x.deptype = 'x'
  UNION ALL
  SELECT 'pg_aggregate ' || count(*) || ' ' || coalesce(sum(x.xmin::text::int8 # (x.aggfnoid::oid::int8 << 32)), 0)
  FROM pg_aggregate x WHERE x.aggfnoid::oid >= 16384
  UNION ALL
  SELECT 'pg_operator ' || count(*) || ' ' || coalesce(sum(x.xmin::text::int8 # (x.oid::int8 << 32)), 0)
  FROM pg_operator x WHERE x.oid >= 16384
  UNION ALL
  SELECT 'pg_opclass ' || count(*) || ' ' || coalesce(sum(x.xmin::text::int8 # (x.oid::int8 << 32)), 0)
  FROM pg_opclass x WHERE x.oid >= 16384
  UNION ALL
  SELECT 'pg_opfamily ' || count(*) || ' ' || coalesce(sum(x.xmin::text::int8 # (x.oid::int8 << 32)), 0)
  FROM pg_opfamily x WHERE x.oid >= 16384
  UNION ALL
  SELECT 'pg_amop ' || count(*) || ' ' || coalesce(sum(x.xmin::text::int8 # (x.oid::int8 << 32)), 0)
  FROM pg_amop x WHERE x.oid >= 16384
  UNION ALL
  SELECT 'pg_amproc ' || count(*) || ' ' || coalesce(sum(x.xmin::text::int8 # (x.oid::int8 << 32)), 0)
  FROM pg_amproc x WHERE x.oid >= 16384
  UNION ALL
  SELECT 'pg_cast ' || count(*) || ' ' || coalesce(sum(x.xmin::text::int8 # (x.oid::int8 << 32)), 0)
  FROM pg_cast x WHERE x.oid >= 16384
  UNION ALL
  SELECT 'pg_conversion ' || count(*) || ' ' || coalesce(sum(x.xmin::text::int8 # (x.oid::int8 << 32)), 0)
  FROM pg_conversion x WHERE x.oid >= 16384
  UNION ALL
  SELECT 'pg_collation ' || count(*) || ' ' || coalesce(sum(x.xmin::text::int8 # (x.oid::int8 << 32)), 0)
  FROM pg_collation x WHERE x.oid >= 16384
  UNION ALL
  SELECT 'pg_transform ' || count(*) || ' ' || coalesce(sum(x.xmin::text::int8 # (x.oid::int8 << 32)), 0)
  FROM pg_transform x WHERE x.oid >= 16384
  UNION ALL
  SELECT 'pg_language ' || count(*) || ' ' || coalesce(sum(x.xmin::text::int8 # (x.oid::int8 << 32)), 0)
  FROM pg_language x WHERE x.oid >= 16384
  UNION ALL
  SELECT 'pg_am ' || count(*) || ' ' || coalesce(sum(x.xmin::text::int8 # (x.oid::int8 << 32)), 0)
  FROM pg_am x WHERE x.oid >= 16384
  UNION ALL
  SELECT 'pg_namespace ' || count(*) || ' ' || coalesce(sum(x.xmin::text::int8 # (x.oid::int8 << 32)), 0)
  FROM pg_namespace x
  WHERE x.oid NOT IN (SELECT s.oid FROM temporary_schema s)
  UNION ALL
  SELECT 'pg_extension ' || count(*) || ' ' || coalesce(sum(x.xmin::text::int8 # (x.oid::int8 << 32)), 0)
  FROM pg_extension x
  UNION ALL
  SELECT 'pg_statistic_ext ' || count(*) || ' ' || coalesce(sum(x.xmin::text::int8 # (x.oid::int8 << 32)), 0)
  FROM pg_statistic_ext x
  WHERE x.stxrelid NOT IN (SELECT t.oid FROM temporary t)
  UNION ALL
  SELECT 'pg_event_trigger ' || count(*) || ' ' || coalesce(sum(x.xmin::text::int8 # (x.oid::int8 << 32)), 0)
  FROM pg_event_trigger x
  UNION ALL
  SELECT 'pg_ts_config ' || count(*) || ' ' || coalesce(sum(x.xmin::text::int8 # (x.oid::int8 << 32)), 0)
  FROM pg_ts_config x WHERE x.oid >= 16384
  UNION ALL
  SELECT 'pg_ts_config_map ' || count(*) || ' ' || coalesce(sum(x.xmin::text::int8 # (x.mapcfg::int8 << 32) # ((x.maptokentype * 100 + x.mapseqno::int8) << 48)), 0)
  FROM pg_ts_config_map x
  UNION ALL
  SELECT 'pg_ts_dict ' || count(*) || ' ' || coalesce(sum(x.xmin::text::int8 # (x.oid::int8 << 32)), 0)
  FROM pg_ts_dict x WHERE x.oid >= 16384
  UNION ALL
  SELECT 'pg_ts_parser ' || count(*) || ' ' || coalesce(sum(x.xmin::text::int8 # (x.oid::int8 << 32)), 0)
  FROM pg_ts_parser x WHERE x.oid >= 16384
  UNION ALL
  SELECT 'pg_ts_template ' || count(*) || ' ' || coalesce(sum(x.xmin::text::int8 # (x.oid::int8 << 32)), 0)
  FROM pg_ts_template x WHERE x.oid >= 16384
  UNION ALL
  SELECT 'pg_foreign_data_wrapper ' || count(*) || ' ' || coalesce(sum(x.xmin::text::int8 # (x.oid::int8 << 32)), 0)
  FROM pg_foreign_data_wrapper x
  UNION ALL
  SELECT 'pg_foreign_server ' || count(*) || ' ' || coalesce(sum(x.xmin::text::int8 # (x.oid::int8 << 32)), 0)
  FROM pg_foreign_server x
  UNION ALL
  SELECT 'pg_foreign_table ' || count(*) || ' ' || coalesce(sum(x.xmin::text::int8 # (x.ftrelid::int8 << 32)), 0)
  FROM pg_foreign_table x
  UNION ALL
  SELECT 'pg_publication ' || count(*) || ' ' || coalesce(sum(x.xmin::text::int8 # (x.oid::int8 << 32)), 0)
  FROM pg_publication x
  UNION ALL
  SELECT 'pg_publication_rel ' || count(*) || ' ' || coalesce(sum(x.xmin::text::int8 # (x.oid::int8 << 32)), 0)
  FROM pg_publication_rel x
  UNION ALL --@15+
  SELECT 'pg_publication_namespace ' || count(*) || ' ' || coalesce(sum(x.xmin::text::int8 # (x.oid::int8 << 32)), 0) --@15+
  FROM pg_publication_namespace x --@15+
  UNION ALL
  SELECT 'pg_default_acl ' || count(*) || ' ' || coalesce(sum(x.xmin::text::int8 # (x.oid::int8 << 32)), 0)
  FROM pg_default_acl x
  UNION ALL
  SELECT 'pg_description ' || count(*) || ' ' || coalesce(sum(x.xmin::text::int8 # (x.objoid::int8 << 32) # (x.objsubid::int8 << 48)), 0)
  FROM pg_description x
  WHERE x.objoid >= 16384
    AND (x.classoid <> 'pg_class'::regclass OR x.objoid NOT IN (SELECT t.oid FROM temporary t))
  UNION ALL
  SELECT 'pg_seclabel ' || count(*) || ' ' || coalesce(sum(x.xmin::text::int8 # (x.objoid::int8 << 32) # (x.objsubid::int8 << 48)), 0)
  FROM pg_seclabel x
  UNION ALL
  SELECT 'pg_db_role_setting ' || count(*) || ' ' || coalesce(sum(x.xmin::text::int8 # (x.setrole::int8 << 32)), 0)
  FROM pg_db_role_setting x
  UNION ALL
  SELECT 'pg_database ' || count(*) || ' ' || coalesce(sum(x.xmin::text::int8 # (x.oid::int8 << 32)), 0)
  FROM pg_database x WHERE x.datname = current_database()
)
SELECT w.line FROM written w
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
