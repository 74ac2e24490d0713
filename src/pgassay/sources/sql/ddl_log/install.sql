-- Event triggers on a scratch database that write down what each statement touches, and for which
-- revision: the setting pgassay.revision names it. What extensions bring is theirs.
CREATE SCHEMA pgassay;
CREATE TABLE pgassay.touched (
  place bigint GENERATED ALWAYS AS IDENTITY, revision text NOT NULL, action text NOT NULL,
  command text NOT NULL, kind text NOT NULL, name text NOT NULL, table_schema text, table_name text,
  reason int NOT NULL DEFAULT 0
);
CREATE FUNCTION pgassay.of_table(class oid, object oid, OUT schema text, OUT name text)
LANGUAGE sql STABLE SET search_path = pg_catalog AS $$
  SELECT n.nspname, c.relname
  FROM (
    SELECT CASE class
      WHEN 'pg_class'::regclass THEN
        coalesce((SELECT i.indrelid FROM pg_index i WHERE i.indexrelid = object), object)
      WHEN 'pg_constraint'::regclass THEN
        (SELECT k.conrelid FROM pg_constraint k WHERE k.oid = object)
      WHEN 'pg_trigger'::regclass THEN (SELECT t.tgrelid FROM pg_trigger t WHERE t.oid = object)
      WHEN 'pg_policy'::regclass THEN (SELECT p.polrelid FROM pg_policy p WHERE p.oid = object)
      WHEN 'pg_rewrite'::regclass THEN (SELECT r.ev_class FROM pg_rewrite r WHERE r.oid = object)
    END
  ) of (oid)
  JOIN pg_class c ON c.oid = of.oid AND c.relkind IN ('r', 'p', 'f', 'm')
  JOIN pg_namespace n ON n.oid = c.relnamespace
$$;
CREATE FUNCTION pgassay.on_command() RETURNS event_trigger
LANGUAGE plpgsql SET search_path = pg_catalog AS $$
BEGIN
  INSERT INTO pgassay.touched (revision, action, command, kind, name, table_schema, table_name)
  SELECT coalesce(current_setting('pgassay.revision', true), ''),
         CASE WHEN c.command_tag LIKE 'CREATE%' THEN 'create' ELSE 'alter' END,
         c.command_tag, c.object_type, c.object_identity, t.schema, t.name
  FROM pg_event_trigger_ddl_commands() c
  LEFT JOIN LATERAL pgassay.of_table(c.classid, c.objid) t ON true
  -- GRANT names no object.
  WHERE NOT c.in_extension AND c.object_identity IS NOT NULL;
END
$$;
CREATE FUNCTION pgassay.on_drop() RETURNS event_trigger
LANGUAGE plpgsql SET search_path = pg_catalog AS $$
BEGIN
  INSERT INTO pgassay.touched (revision, action, command, kind, name, table_schema, table_name)
  SELECT coalesce(current_setting('pgassay.revision', true), ''), 'drop', tg_tag,
         d.object_type, d.object_identity,
         CASE WHEN of_table.it_is THEN d.address_names[1] END,
         CASE WHEN of_table.it_is THEN d.address_names[2] END
  FROM pg_event_trigger_dropped_objects() d,
    LATERAL (
      SELECT d.object_type IN ('table', 'foreign table', 'materialized view')
             OR d.object_type IN ('table column', 'table constraint', 'trigger', 'policy', 'rule')
    ) of_table (it_is)
  WHERE NOT d.is_temporary AND d.object_type NOT IN ('type', 'default value', 'toast table')
    AND d.schema_name IS DISTINCT FROM 'pg_toast';
END
$$;
CREATE FUNCTION pgassay.on_rewrite() RETURNS event_trigger
LANGUAGE plpgsql SET search_path = pg_catalog AS $$
BEGIN
  INSERT INTO pgassay.touched
    (revision, action, command, kind, name, table_schema, table_name, reason)
  SELECT coalesce(current_setting('pgassay.revision', true), ''), 'rewrite', tg_tag, 'table',
         format('%I.%I', n.nspname, c.relname), n.nspname, c.relname,
         pg_event_trigger_table_rewrite_reason()
  FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
  WHERE c.oid = pg_event_trigger_table_rewrite_oid();
END
$$;
-- A revision may act as a role that may not do much.
GRANT USAGE ON SCHEMA pgassay TO PUBLIC;
GRANT INSERT ON pgassay.touched TO PUBLIC;
CREATE EVENT TRIGGER pgassay_command ON ddl_command_end EXECUTE FUNCTION pgassay.on_command();
CREATE EVENT TRIGGER pgassay_drop ON sql_drop EXECUTE FUNCTION pgassay.on_drop();
CREATE EVENT TRIGGER pgassay_rewrite ON table_rewrite EXECUTE FUNCTION pgassay.on_rewrite();
