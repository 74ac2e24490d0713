-- On a scratch database with the log of what is touched: what a session holds, has read and has
-- written anew, at any moment and at the end of each command that changes the schema.
CREATE FUNCTION pgassay.state() RETURNS json
LANGUAGE sql VOLATILE SET search_path = pg_catalog AS $$
  SELECT json_build_object(
    'transaction', (
      SELECT min(l.virtualtransaction) FROM pg_locks l
      WHERE l.pid = pg_backend_pid() AND l.locktype = 'virtualxid'
    ),
    'lock_timeout_ms', (SELECT s.setting::bigint FROM pg_settings s WHERE s.name = 'lock_timeout'),
    'touched', (SELECT coalesce(max(t.place), 0) FROM pgassay.touched t),
    -- By number: what is dropped has no name any more, and is locked all the same.
    'locks', (
      SELECT coalesce(json_agg(json_build_array(l.relation::bigint, l.mode)), '[]')
      FROM pg_locks l
      WHERE l.pid = pg_backend_pid() AND l.locktype = 'relation' AND l.granted
        AND l.database = (SELECT d.oid FROM pg_database d WHERE d.datname = current_database())
        AND l.relation >= 16384
    ),
    'scans', (
      SELECT coalesce(json_agg(json_build_array(s.relid::bigint, s.seq_scan)), '[]')
      FROM pg_stat_xact_user_tables s WHERE s.seq_scan > 0
    ),
    'lookups', (
      SELECT coalesce(json_agg(json_build_array(s.relid::bigint, s.idx_scan)), '[]')
      FROM pg_stat_xact_user_tables s WHERE s.idx_scan > 0
    ),
    'relations', (
      SELECT coalesce(json_agg(json_build_array(
        c.oid::bigint, n.nspname, c.relname, c.relkind,
        coalesce(pg_relation_filenode(c.oid)::bigint, 0), coalesce(i.indrelid::bigint, 0),
        coalesce(h.inhparent::bigint, 0)
      )), '[]')
      FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
      LEFT JOIN pg_index i ON i.indexrelid = c.oid
      LEFT JOIN pg_inherits h ON h.inhrelid = c.oid AND c.relispartition AND c.relkind IN ('r', 'p')
      WHERE c.oid >= 16384 AND c.relkind IN ('r', 'p', 'm', 'i', 'I')
        AND n.nspname NOT IN ('pgassay', 'pg_toast', 'information_schema')
    ),
    'foreign_keys', (
      SELECT coalesce(json_agg(json_build_array(
        k.oid::bigint, k.conname, k.conrelid::bigint, k.confrelid::bigint, k.convalidated
      )), '[]')
      FROM pg_constraint k WHERE k.contype = 'f'
    )
  )
$$;
CREATE FUNCTION pgassay.columns(tables oid[]) RETURNS json
LANGUAGE sql VOLATILE SET search_path = pg_catalog AS $$
  SELECT coalesce(json_agg(json_build_array(
    a.attrelid::bigint, a.attnum, a.attname, format_type(a.atttypid, a.atttypmod), a.attnotnull,
    a.atthasdef OR a.attidentity <> '' OR a.attgenerated <> ''
      OR EXISTS (SELECT FROM pg_type t WHERE t.oid = a.atttypid AND t.typdefault IS NOT NULL),
    a.attisdropped
  )), '[]')
  FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid
  WHERE a.attnum > 0 AND c.relkind IN ('r', 'p') AND a.attrelid = ANY (tables)
$$;
-- How the server would run a statement, "plan" null where that cannot be told: of blocks, several
-- statements, what fails. The name is prepared and planned for parameters of any value; nothing of
-- it stays, no lock either. Tables are found as the session finds them, so no search_path is set.
CREATE FUNCTION pgassay.plan(sent text) RETURNS json
LANGUAGE plpgsql VOLATILE SET plan_cache_mode = 'force_generic_plan' AS $$
DECLARE
  plan json;
  given text;
BEGIN
  IF pg_catalog.strpos(pg_catalog.rtrim(sent, E'; \n\t'), ';') = 0 THEN
    BEGIN
      EXECUTE 'PREPARE pgassay_plan AS ' || sent;
      SELECT ' (' || pg_catalog.string_agg('NULL', ', ') || ')' INTO given
      FROM pg_catalog.pg_prepared_statements p, pg_catalog.unnest(p.parameter_types)
      WHERE p.name = 'pgassay_plan';
      EXECUTE 'EXPLAIN (FORMAT JSON, VERBOSE) EXECUTE pgassay_plan' || coalesce(given, '')
      INTO plan;
      RAISE EXCEPTION 'seen';
    EXCEPTION WHEN OTHERS THEN
      NULL;
    END;
    IF EXISTS (
      SELECT FROM pg_catalog.pg_prepared_statements p WHERE p.name = 'pgassay_plan'
    ) THEN
      DEALLOCATE pgassay_plan;
    END IF;
  END IF;
  RETURN pg_catalog.json_build_object(
    'plan', plan,
    -- What finds one row at most: the columns or expressions of each unique index of whole tables.
    'keys', (
      SELECT coalesce(pg_catalog.json_agg(pg_catalog.json_build_array(n.nspname, c.relname, (
        SELECT pg_catalog.json_agg(pg_catalog.pg_get_indexdef(i.indexrelid, k, false))
        FROM pg_catalog.generate_series(1, i.indnkeyatts::int) k
      ))), '[]')
      FROM pg_catalog.pg_index i
      JOIN pg_catalog.pg_class c ON c.oid = i.indrelid
      JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
      WHERE plan IS NOT NULL AND c.oid >= 16384 AND i.indisunique AND i.indisvalid
        AND i.indpred IS NULL
    ),
    -- The project's own routines that it names, and those that they name.
    'routines', (
      WITH RECURSIVE named AS (
        SELECT p.oid, p.proname, pg_catalog.pg_get_functiondef(p.oid) AS body
        FROM pg_catalog.pg_proc p JOIN pg_catalog.pg_namespace n ON n.oid = p.pronamespace
        JOIN pg_catalog.pg_language l ON l.oid = p.prolang
        WHERE p.oid >= 16384 AND p.prokind IN ('f', 'p') AND n.nspname <> 'pgassay'
          AND l.lanname NOT IN ('c', 'internal')
      ), called AS (
        SELECT m.oid, m.body FROM named m WHERE pg_catalog.strpos(sent, m.proname) > 0
        UNION
        SELECT m.oid, m.body FROM called c JOIN named m
        ON pg_catalog.strpos(c.body, m.proname) > 0
      )
      SELECT coalesce(pg_catalog.string_agg(c.body, E'\n'), '') FROM called c
    )
  );
END
$$;
CREATE TABLE pgassay.watched (
  place bigint GENERATED ALWAYS AS IDENTITY, tag text NOT NULL, state json NOT NULL,
  columns json NOT NULL
);
GRANT INSERT ON pgassay.watched TO PUBLIC;
GRANT SELECT ON pgassay.touched TO PUBLIC;
CREATE FUNCTION pgassay.on_watched() RETURNS event_trigger
LANGUAGE plpgsql SET search_path = pg_catalog AS $$
BEGIN
  INSERT INTO pgassay.watched (tag, state, columns)
  SELECT tg_tag, pgassay.state(), pgassay.columns(coalesce(array_agg(c.objid), '{}'))
  FROM pg_event_trigger_ddl_commands() c WHERE c.classid = 'pg_class'::regclass;
END
$$;
-- PostgreSQL 15 has a function for it; before, what is counted is sent off twice a second.
CREATE FUNCTION pgassay.flush() RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog AS $$
BEGIN
  IF to_regproc('pg_stat_force_next_flush') IS NOT NULL THEN
    PERFORM pg_stat_force_next_flush();
  END IF;
END
$$;
-- Triggers of one event fire by their names: what was touched is written down before.
CREATE EVENT TRIGGER pgassay_watched ON ddl_command_end EXECUTE FUNCTION pgassay.on_watched();
-- As they are before the first of them; the place 0 comes before all others.
INSERT INTO pgassay.watched (place, tag, state, columns) OVERRIDING SYSTEM VALUE
SELECT 0, '', pgassay.state(), pgassay.columns(array_agg(c.oid))
FROM pg_catalog.pg_class c WHERE c.oid >= 16384;
