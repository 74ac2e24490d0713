-- Objects of every kind that the corpus' base lacks, in a database that has the base.
CREATE SCHEMA "Odd %I Schema" AUTHORIZATION app_rw;
COMMENT ON SCHEMA "Odd %I Schema" IS 'it''s odd \ $$ "here"';
GRANT USAGE ON SCHEMA "Odd %I Schema" TO app_ro, PUBLIC;
REVOKE CREATE ON SCHEMA "Odd %I Schema" FROM app_rw;
SET search_path = public;

CREATE TYPE "Odd %I Schema"."Mood's" AS ENUM ('it''s', 'B "b"', '');
REVOKE USAGE ON TYPE "Odd %I Schema"."Mood's" FROM PUBLIC;
CREATE DOMAIN posint AS int DEFAULT 1 NOT NULL CONSTRAINT up CHECK (VALUE > 0);
ALTER DOMAIN posint ADD CONSTRAINT small CHECK (VALUE < 1000) NOT VALID;
COMMENT ON DOMAIN posint IS 'more than none'; COMMENT ON CONSTRAINT up ON DOMAIN posint IS 'up';
CREATE DOMAIN label_c AS varchar(10) COLLATE "C";
CREATE TYPE pair AS ("A a" posint, b varchar(5) COLLATE "C");
CREATE FUNCTION time_diff(time, time) RETURNS float8 LANGUAGE sql IMMUTABLE STRICT
  AS 'select extract(epoch from ($1 - $2))::float8';
CREATE TYPE trange AS RANGE (subtype = time, subtype_diff = time_diff, multirange_type_name = tmany);
CREATE TYPE crange AS RANGE (subtype = text, collation = "C", subtype_opclass = text_pattern_ops);
CREATE TYPE shell_only;
CREATE TYPE mytext;
CREATE FUNCTION mytext_in(cstring) RETURNS mytext LANGUAGE internal IMMUTABLE STRICT AS 'textin';
CREATE FUNCTION mytext_out(mytext) RETURNS cstring LANGUAGE internal IMMUTABLE STRICT AS 'textout';
CREATE TYPE mytext (input = mytext_in, output = mytext_out, storage = extended, category = 'S',
  collatable = true, default = 'none', delimiter = ';');
CREATE COLLATION "Odd %I Schema".c2 (provider = libc, lc_collate = 'C', lc_ctype = 'POSIX');
ALTER COLLATION "Odd %I Schema".c2 OWNER TO app_rw;

CREATE CAST (mytext AS text) WITHOUT FUNCTION AS IMPLICIT;
CREATE CAST (text AS mytext) WITH INOUT AS ASSIGNMENT;
CREATE FUNCTION to_pair(int) RETURNS pair LANGUAGE sql IMMUTABLE AS 'select ($1, ''x'')::pair';
CREATE CAST (int AS pair) WITH FUNCTION to_pair(int);
COMMENT ON CAST (int AS pair) IS 'a cast';

CREATE FUNCTION mytext_eq(mytext, mytext) RETURNS boolean LANGUAGE internal IMMUTABLE STRICT AS 'texteq';
CREATE FUNCTION mytext_ne(mytext, mytext) RETURNS boolean LANGUAGE internal IMMUTABLE STRICT AS 'textne';
CREATE FUNCTION mytext_cmp(mytext, mytext) RETURNS int LANGUAGE internal IMMUTABLE STRICT AS 'bttextcmp';
CREATE FUNCTION mytext_lt(mytext, mytext) RETURNS boolean LANGUAGE internal IMMUTABLE STRICT AS 'text_lt';
CREATE OPERATOR === (FUNCTION = mytext_eq, LEFTARG = mytext, RIGHTARG = mytext,
  COMMUTATOR = ===, RESTRICT = eqsel, JOIN = eqjoinsel, HASHES, MERGES);
CREATE OPERATOR !== (FUNCTION = mytext_ne, LEFTARG = mytext, RIGHTARG = mytext, NEGATOR = ===);
CREATE OPERATOR <<< (FUNCTION = mytext_lt, LEFTARG = mytext, RIGHTARG = mytext);
CREATE OPERATOR !!! (FUNCTION = int4um, RIGHTARG = int);
COMMENT ON OPERATOR !!! (NONE, int) IS 'prefix';
CREATE OPERATOR FAMILY loose USING btree;
ALTER OPERATOR FAMILY loose USING btree ADD OPERATOR 1 < (int4, int8), FUNCTION 1 (int4, int8) btint48cmp(int4, int8);
CREATE OPERATOR CLASS mytext_ops DEFAULT FOR TYPE mytext USING btree AS
  OPERATOR 1 <<<, OPERATOR 3 ===, FUNCTION 1 mytext_cmp(mytext, mytext);
CREATE OPERATOR FAMILY loose_hash USING hash;
CREATE OPERATOR CLASS mytext_hash FOR TYPE mytext USING hash FAMILY loose_hash AS OPERATOR 1 ===;
CREATE CONVERSION conv1 FOR 'LATIN1' TO 'UTF8' FROM iso8859_1_to_utf8;
CREATE TRANSFORM FOR int LANGUAGE sql (
  FROM SQL WITH FUNCTION prsd_lextype(internal), TO SQL WITH FUNCTION int4recv(internal));
CREATE LANGUAGE otherpl HANDLER plpgsql_call_handler INLINE plpgsql_inline_handler VALIDATOR plpgsql_validator;
CREATE ACCESS METHOD heap2 TYPE TABLE HANDLER heap_tableam_handler;
CREATE ACCESS METHOD btree2 TYPE INDEX HANDLER bthandler;

CREATE TEXT SEARCH PARSER prs (START = prsd_start, GETTOKEN = prsd_nexttoken, END = prsd_end,
  LEXTYPES = prsd_lextype, HEADLINE = prsd_headline);
CREATE TEXT SEARCH TEMPLATE tmpl (INIT = dsimple_init, LEXIZE = dsimple_lexize);
CREATE TEXT SEARCH DICTIONARY dict (TEMPLATE = tmpl, STOPWORDS = english, accept = false);
CREATE TEXT SEARCH CONFIGURATION small (PARSER = prs);
ALTER TEXT SEARCH CONFIGURATION small ADD MAPPING FOR asciiword, word WITH dict, simple;

CREATE FUNCTION all_of_it(a int DEFAULT 1 + 1, VARIADIC "B b" text[] DEFAULT '{}') RETURNS SETOF int
  LANGUAGE plpgsql STABLE STRICT SECURITY DEFINER LEAKPROOF PARALLEL SAFE COST 7 ROWS 3
  SET search_path = public, "Odd %I Schema" SET work_mem = '4MB' SET search_path FROM CURRENT
  AS $f$BEGIN RETURN; END /* $$ */ $f$;
ALTER FUNCTION all_of_it SET search_path = public, "Odd %I Schema";
CREATE FUNCTION no_path() RETURNS int LANGUAGE sql SET search_path = '' AS 'select 1';
CREATE FUNCTION outs(INOUT a int, OUT b text) LANGUAGE sql AS 'select $1, ''b''';
CREATE FUNCTION "rows of"() RETURNS TABLE (a int, "b B" text) LANGUAGE sql ROWS 5
  BEGIN ATOMIC SELECT 1, 'b'; SELECT 2, 'c'; END;
CREATE FUNCTION returned(a int) RETURNS int LANGUAGE sql RETURN a + 1;
CREATE FUNCTION win() RETURNS bigint LANGUAGE internal WINDOW AS 'window_row_number';
CREATE FUNCTION series(int, int) RETURNS SETOF int LANGUAGE internal STRICT IMMUTABLE
  SUPPORT generate_series_int4_support AS 'generate_series_int4';
CREATE FUNCTION in_c(trigger_name text) RETURNS boolean LANGUAGE sql AS 'select true -- $body$ and $$';
CREATE PROCEDURE pay(IN a int, INOUT b int) LANGUAGE plpgsql SECURITY DEFINER AS 'begin b := a; end';
REVOKE EXECUTE ON FUNCTION no_path() FROM PUBLIC; GRANT EXECUTE ON FUNCTION no_path() TO app_ro WITH GRANT OPTION;
ALTER PROCEDURE pay OWNER TO app_rw; COMMENT ON PROCEDURE pay IS 'pays';
CREATE AGGREGATE ordered(float8 ORDER BY float8) (sfunc = ordered_set_transition, stype = internal,
  finalfunc = percentile_cont_float8_final);
CREATE AGGREGATE moving(int) (sfunc = int4pl, stype = int, initcond = '0', msfunc = int4pl,
  minvfunc = int4mi, mstype = int, minitcond = '0', parallel = safe, combinefunc = int4pl);
CREATE AGGREGATE nothing(*) (sfunc = int8inc, stype = int8, initcond = '0');
COMMENT ON AGGREGATE nothing(*) IS 'none'; REVOKE ALL ON FUNCTION nothing() FROM PUBLIC;

CREATE SEQUENCE down AS smallint INCREMENT -2 MAXVALUE 5 MINVALUE -100 START 3 CACHE 4 CYCLE;
GRANT USAGE ON SEQUENCE down TO app_ro; COMMENT ON SEQUENCE down IS 'goes down';
CREATE UNLOGGED SEQUENCE fast;
CREATE TABLE big (
  id bigint GENERATED ALWAYS AS IDENTITY (SEQUENCE NAME big_numbers START 5 INCREMENT 5 CYCLE),
  "Key" text COLLATE "C" NOT NULL, small smallserial, body text, made int, doc mytext,
  tags text[] DEFAULT '{}', mood "Odd %I Schema"."Mood's" DEFAULT 'it''s', n posint,
  at timestamptz DEFAULT now(), twice int GENERATED ALWAYS AS (made * 2) STORED,
  CONSTRAINT big_pk PRIMARY KEY (id) INCLUDE (made) WITH (fillfactor = 70) DEFERRABLE INITIALLY DEFERRED,
  CONSTRAINT "key once" UNIQUE NULLS NOT DISTINCT ("Key"),
  CONSTRAINT later CHECK (made > 0) NO INHERIT
) WITH (fillfactor = 80, autovacuum_enabled = false, toast.autovacuum_enabled = false);
ALTER TABLE big ADD CONSTRAINT not_yet CHECK (made < 9) NOT VALID;
ALTER TABLE big ALTER body SET STORAGE external, ALTER body SET COMPRESSION pglz,
  ALTER made SET STATISTICS 77, ALTER made SET (n_distinct = -0.5, n_distinct_inherited = 3);
ALTER TABLE big REPLICA IDENTITY USING INDEX "key once"; ALTER TABLE big CLUSTER ON "key once";
GRANT SELECT, INSERT ON big TO app_ro; GRANT UPDATE ON big TO app_ro WITH GRANT OPTION;
GRANT UPDATE ("Key"), SELECT (made) ON big TO app_rw; REVOKE DELETE ON big FROM postgres;
COMMENT ON CONSTRAINT "key once" ON big IS 'once'; COMMENT ON COLUMN big."Key" IS 'a key';
COMMENT ON SEQUENCE big_numbers IS 'numbers'; GRANT SELECT ON SEQUENCE big_small_seq TO app_ro;
CREATE INDEX big_many ON big ("Key" text_pattern_ops DESC NULLS LAST, (made + 1), lower(body) COLLATE "C")
  INCLUDE (at) WITH (fillfactor = 60) WHERE made > 3;
ALTER INDEX big_many ALTER COLUMN 2 SET STATISTICS 55; COMMENT ON INDEX big_many IS 'many';
CREATE UNLOGGED TABLE quick (a int); ALTER TABLE quick OWNER TO app_rw;
CREATE TABLE quick_other (a int, b text) USING heap2; ALTER TABLE quick_other REPLICA IDENTITY FULL;
CREATE TABLE typed OF addr (street WITH OPTIONS NOT NULL DEFAULT 'none');
CREATE TABLE base_a (a int DEFAULT 1, b text NOT NULL); CREATE TABLE base_b (c int);
CREATE TABLE heir (d int, b text DEFAULT 'heir') INHERITS (base_a, base_b);
CREATE TABLE heir_late (x int, b text NOT NULL, a int); ALTER TABLE heir_late INHERIT base_a;
CREATE TABLE cut (id int NOT NULL, region text NOT NULL DEFAULT 'eu', at date, CONSTRAINT cut_pk PRIMARY KEY (id, region))
  PARTITION BY LIST (region);
CREATE TABLE cut_eu PARTITION OF cut (region DEFAULT 'de', CONSTRAINT eu_only CHECK (id > 0)) FOR VALUES IN ('eu', 'de', NULL);
CREATE TABLE cut_us (at date, region text NOT NULL, id int NOT NULL, CONSTRAINT us_pk PRIMARY KEY (id, region));
ALTER TABLE cut ATTACH PARTITION cut_us FOR VALUES IN ('us');
CREATE TABLE cut_rest PARTITION OF cut DEFAULT PARTITION BY RANGE (id);
CREATE TABLE cut_old PARTITION OF cut_rest FOR VALUES FROM (MINVALUE) TO (50);
CREATE TABLE odd_cut (at date, id int) PARTITION BY RANGE (at, (id % 2));
CREATE TABLE odd_old PARTITION OF odd_cut FOR VALUES FROM (MINVALUE, MINVALUE) TO ('2020-01-01', 0);
CREATE INDEX cut_at ON cut (at); CREATE INDEX cut_eu_at ON cut_eu (at DESC);
CREATE INDEX cut_waits ON ONLY cut (id, at);
CREATE TABLE points (id int, cut_id int, cut_region text, CONSTRAINT points_cut FOREIGN KEY (cut_id, cut_region)
  REFERENCES cut MATCH FULL ON UPDATE CASCADE ON DELETE SET NULL (cut_id) DEFERRABLE);
ALTER TABLE points ADD CONSTRAINT later_fk FOREIGN KEY (id) REFERENCES parent NOT VALID;
ALTER TABLE points ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY "may see" ON points AS RESTRICTIVE FOR UPDATE TO app_ro, app_rw USING (id > 0)
  WITH CHECK (id IN (SELECT id FROM parent)); CREATE POLICY p2 ON points;
COMMENT ON POLICY p2 ON points IS 'all';
CREATE STATISTICS points_stats (ndistinct, mcv) ON id, cut_id, (id + 1) FROM points;
ALTER STATISTICS points_stats SET STATISTICS 44; COMMENT ON STATISTICS points_stats IS 'stats';

CREATE VIEW "V w" WITH (security_invoker = true, security_barrier = on) AS
  SELECT p.id, b."Key" AS "Odd ""one""" FROM points p JOIN big b USING (id);
CREATE VIEW guarded AS SELECT id, region FROM cut WHERE id > 5 WITH LOCAL CHECK OPTION;
ALTER VIEW guarded ALTER COLUMN region SET DEFAULT 'us'; COMMENT ON COLUMN guarded.id IS 'an id';
GRANT UPDATE (region) ON guarded TO app_ro; COMMENT ON VIEW guarded IS 'a view';
CREATE VIEW on_view AS SELECT max(id) AS top FROM guarded;
CREATE MATERIALIZED VIEW empty_one WITH (fillfactor = 50) AS SELECT * FROM on_view WITH NO DATA;
ALTER MATERIALIZED VIEW empty_one ALTER COLUMN top SET STATISTICS 12;
CREATE RULE log_it AS ON INSERT TO points WHERE new.id > 3 DO ALSO (DELETE FROM quick WHERE a = new.id; DELETE FROM quick_other);
ALTER TABLE points ENABLE ALWAYS RULE log_it; COMMENT ON RULE log_it ON points IS 'logs';
CREATE TRIGGER "when so" BEFORE UPDATE OF id, cut_id ON points FOR EACH ROW
  WHEN (old.id IS DISTINCT FROM new.id) EXECUTE FUNCTION trg('a', 'it''s');
ALTER TABLE points DISABLE TRIGGER "when so"; COMMENT ON TRIGGER "when so" ON points IS 'so';
CREATE CONSTRAINT TRIGGER late AFTER INSERT ON points DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION trg();
CREATE TRIGGER many AFTER UPDATE ON points REFERENCING OLD TABLE AS o NEW TABLE AS n FOR EACH STATEMENT EXECUTE FUNCTION trg();
ALTER TABLE points ENABLE ALWAYS TRIGGER many;
CREATE TRIGGER on_all AFTER INSERT ON cut FOR EACH ROW EXECUTE FUNCTION trg();
ALTER TABLE cut_eu DISABLE TRIGGER on_all;
CREATE TRIGGER instead INSTEAD OF INSERT ON on_view FOR EACH ROW EXECUTE FUNCTION trg();
CREATE EVENT TRIGGER ev2 ON sql_drop EXECUTE FUNCTION evf(); ALTER EVENT TRIGGER ev2 ENABLE REPLICA;
COMMENT ON EVENT TRIGGER ev2 IS 'drops';

CREATE FOREIGN DATA WRAPPER checked VALIDATOR postgresql_fdw_validator; ALTER FOREIGN DATA WRAPPER fdw1 OPTIONS (ADD debug 'it''s');
ALTER SERVER srv1 VERSION '2'; ALTER SERVER srv1 OPTIONS (ADD host 'a b', ADD password 'secret');
GRANT USAGE ON FOREIGN SERVER srv1 TO app_ro; GRANT USAGE ON FOREIGN DATA WRAPPER checked TO app_ro;
CREATE SERVER "Odd server" TYPE 'it''s' FOREIGN DATA WRAPPER checked;
CREATE USER MAPPING FOR app_ro SERVER srv1 OPTIONS ("user" 'x', password 'y');
CREATE USER MAPPING FOR PUBLIC SERVER "Odd server";
ALTER FOREIGN TABLE ft1 OPTIONS (ADD table_name 'there');
ALTER FOREIGN TABLE ft1 ADD COLUMN "Two" text OPTIONS (column_name 'two') NOT NULL;
ALTER FOREIGN TABLE ft1 ADD CONSTRAINT ft_ck CHECK (id > 0);
CREATE PUBLICATION pub2 FOR TABLE points WHERE (id > 3), TABLES IN SCHEMA "Odd %I Schema"
  WITH (publish = 'insert, delete', publish_via_partition_root = true);
CREATE PUBLICATION pub3 FOR TABLE points (id, cut_id) WHERE (cut_id > 3), parent;
CREATE PUBLICATION pub_all FOR ALL TABLES; COMMENT ON PUBLICATION pub_all IS 'all';
ALTER DEFAULT PRIVILEGES FOR ROLE app_rw IN SCHEMA public GRANT SELECT ON TABLES TO app_ro;
ALTER DEFAULT PRIVILEGES FOR ROLE app_rw REVOKE EXECUTE ON FUNCTIONS FROM PUBLIC;
ALTER DEFAULT PRIVILEGES FOR ROLE app_rw GRANT USAGE ON SCHEMAS TO app_ro WITH GRANT OPTION;
DO $$ BEGIN
  EXECUTE format('ALTER DATABASE %I SET work_mem = ''5MB''', current_database());
  EXECUTE format('ALTER DATABASE %I SET search_path = public, "Odd %%I Schema", "$user"', current_database());
  EXECUTE format('ALTER ROLE app_ro IN DATABASE %I SET statement_timeout = ''3s''', current_database());
  EXECUTE format('ALTER DATABASE %I CONNECTION LIMIT 33', current_database());
  EXECUTE format('COMMENT ON DATABASE %I IS ''100 %%''', current_database());
  EXECUTE format('REVOKE TEMPORARY ON DATABASE %I FROM PUBLIC', current_database());
END $$;
COMMENT ON EXTENSION hstore IS 'pairs'; COMMENT ON TYPE mood IS 'moods';
