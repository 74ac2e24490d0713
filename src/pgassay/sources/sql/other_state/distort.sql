-- Gives what a revision has just made another shape, as an older database may have it: what is a
-- name and no more still has the name. What cannot be changed stays. The setting pgassay.distorted
-- then lists it: [kind, schema, relation, name, the relation's oid, the column's number, whether the
-- revision made the relation]. Steps from 4 on are for a table of which nothing else was changed.
DO $pgassay$
DECLARE
  one record;
  done jsonb := '[]';
BEGIN
  FOR one IN
    WITH relation AS (
      SELECT c.oid, c.relkind, c.relname AS name, n.nspname AS schema,
             quote_ident(n.nspname) || '.' || quote_ident(c.relname) AS place,
             NOT EXISTS (SELECT FROM pg_temp.pgassay_seen s
                         WHERE s.kind = 'relation' AND s.object = c.oid) AS fresh
      FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
      WHERE c.relpersistence <> 't' AND NOT c.relispartition
        AND n.nspname NOT LIKE 'pg\_' || chr(37) AND n.nspname <> 'information_schema'
    ), tables AS (
      SELECT r.*, 'ALTER TABLE ' || r.place || ' ' AS of_table FROM relation r
      WHERE r.relkind IN ('r', 'p')
    ), columns AS (
      SELECT t.*, a.attname, a.attnum, a.attnotnull, a.atthasdef,
             t.of_table || 'ALTER COLUMN ' || quote_ident(a.attname) || ' ' AS of_column,
             format_type(a.atttypid, NULL) AS type,
             EXISTS (SELECT FROM pg_constraint k WHERE k.conrelid = t.oid AND k.contype = 'p'
                     AND a.attnum = ANY (k.conkey)) AS in_key
      FROM tables t JOIN pg_attribute a ON a.attrelid = t.oid AND a.attnum > 0
      WHERE NOT a.attisdropped AND a.attidentity = '' AND a.attgenerated = ''
        AND (t.fresh OR NOT EXISTS (SELECT FROM pg_temp.pgassay_seen s WHERE s.kind = 'column'
                                    AND s.object = t.oid AND s.part = a.attnum))
    ), fresh_constraint AS (
      SELECT t.*, k.conname, k.contype, pg_get_constraintdef(k.oid) AS definition,
             quote_ident(k.conname) AS quoted, k.condeferrable
      FROM tables t JOIN pg_constraint k ON k.conrelid = t.oid
      WHERE NOT EXISTS (SELECT FROM pg_temp.pgassay_seen s
                        WHERE s.kind = 'constraint' AND s.object = k.oid)
    )
    SELECT 1 AS step, 'constraint' AS kind, schema, name AS relation, conname AS part, oid,
           0 AS number, fresh,
           CASE WHEN fresh THEN of_table || 'DROP CONSTRAINT ' || quoted
                WHEN contype = 'c' THEN of_table || 'DROP CONSTRAINT ' || quoted
                  || ', ADD CONSTRAINT ' || quoted || ' CHECK (true)'
                WHEN contype = 'u' THEN of_table || 'DROP CONSTRAINT ' || quoted
                  || ', ADD CONSTRAINT ' || quoted || ' ' || definition || ' DEFERRABLE'
                WHEN condeferrable THEN of_table || 'ALTER CONSTRAINT ' || quoted || ' NOT DEFERRABLE'
                ELSE of_table || 'ALTER CONSTRAINT ' || quoted || ' DEFERRABLE' END AS statement
    FROM fresh_constraint WHERE contype IN ('c', 'f') OR (contype = 'u' AND NOT fresh)
    UNION ALL
    SELECT 2, 'column', schema, name, attname, oid, attnum, fresh,
           of_column || CASE WHEN attnotnull THEN 'DROP NOT NULL' ELSE 'DROP DEFAULT' END
    FROM columns WHERE NOT in_key AND (attnotnull OR atthasdef)
    UNION ALL
    SELECT 3, 'column', schema, name, attname, oid, attnum, fresh,
           of_column || 'TYPE ' || CASE type WHEN 'integer' THEN 'bigint' WHEN 'text' THEN 'varchar(77)'
             WHEN 'bigint' THEN 'numeric' ELSE 'text' END
    FROM columns WHERE NOT fresh AND NOT attnotnull AND NOT atthasdef
    UNION ALL
    SELECT 1, 'index', r.schema, t.name, r.name, t.oid, 0, t.fresh,
           'DROP INDEX ' || r.place || '; CREATE INDEX ' || quote_ident(r.name) || ' ON ' || t.place
           || ' ((1))'
    FROM relation r JOIN pg_index i ON i.indexrelid = r.oid JOIN tables t ON t.oid = i.indrelid
    WHERE r.fresh AND NOT EXISTS (SELECT FROM pg_constraint k WHERE k.conindid = r.oid)
    UNION ALL
    SELECT 1, 'sequence', schema, name, '', oid, 0, fresh, 'ALTER SEQUENCE ' || place
           || ' CYCLE'
    FROM relation r WHERE relkind = 'S' AND fresh AND NOT EXISTS (
      SELECT FROM pg_depend d WHERE d.objid = r.oid AND d.deptype IN ('a', 'i'))
    UNION ALL
    SELECT 1, 'materialized view', schema, name, '', oid, 0, fresh,
           'ALTER MATERIALIZED VIEW ' || place || ' RENAME COLUMN ' || quote_ident(a.attname)
           || ' TO pgassay_other'
    FROM relation r JOIN pg_attribute a ON a.attrelid = r.oid AND a.attnum = 1
    WHERE relkind = 'm' AND fresh
    UNION ALL
    SELECT 1, 'enum', n.nspname, t.typname, '', t.oid, 0, true,
           'ALTER TYPE ' || quote_ident(n.nspname) || '.' || quote_ident(t.typname)
           || ' ADD VALUE ''pgassay_other'''
    FROM pg_type t JOIN pg_namespace n ON n.oid = t.typnamespace
    WHERE t.typtype = 'e' AND NOT EXISTS (SELECT FROM pg_temp.pgassay_seen s
                                          WHERE s.kind = 'enum' AND s.object = t.oid)
    UNION ALL
    SELECT 4, 'column', schema, name, attname, oid, attnum, fresh,
           of_table || 'DROP COLUMN ' || quote_ident(attname)
    FROM columns WHERE fresh AND NOT in_key
    UNION ALL
    SELECT 5, 'column', schema, name, attname, oid, attnum, fresh,
           of_column || 'TYPE ' || CASE type WHEN 'integer' THEN 'bigint' ELSE 'text' END
    FROM columns WHERE fresh AND in_key
    ORDER BY 1, 3, 4, 7 DESC
  LOOP
    CONTINUE WHEN one.step > 3 AND done @? ('strict $[*] ? (@[4] == "' || one.oid || '")')::jsonpath;
    BEGIN
      EXECUTE one.statement;
      done := done || jsonb_build_array(jsonb_build_array(one.kind, one.schema, one.relation,
        one.part, one.oid::text, one.number, one.fresh));
    EXCEPTION WHEN OTHERS THEN NULL;
    END;
  END LOOP;
  PERFORM set_config('pgassay.distorted', done::text, false);
EXCEPTION WHEN OTHERS THEN
  PERFORM set_config('pgassay.distorted', '[]', false);
END $pgassay$
