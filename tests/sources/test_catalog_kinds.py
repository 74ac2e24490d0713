"""Every kind of object as it is read: the DDL, and the exact facts of it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import psycopg
import pytest

from pgassay.facts.catalog import (
    KINDS,
    AccessMethod,
    Aggregate,
    BaseType,
    Cast,
    Catalog,
    Collation,
    Column,
    Composite,
    Constraint,
    Conversion,
    Database,
    DefaultPrivileges,
    Domain,
    DomainConstraint,
    Enum,
    EventTrigger,
    ForeignDataWrapper,
    ForeignServer,
    Function,
    Grant,
    Index,
    Language,
    MaterializedView,
    Operator,
    OperatorClass,
    OperatorFamily,
    Policy,
    Publication,
    Range,
    Rule,
    Schema,
    SchemaObject,
    Sequence,
    Setting,
    Statistics,
    Subscription,
    Table,
    TextSearchConfiguration,
    TextSearchDictionary,
    TextSearchParser,
    TextSearchTemplate,
    Transform,
    Trigger,
    UserMapping,
    View,
    ViewColumn,
)
from pgassay.sources.catalog import read_catalog
from pgassay.sources.catalog_kinds import QUERIES

Connection = psycopg.Connection[Any]
ME = "postgres"


@pytest.fixture
def roles(connection: Connection) -> Iterator[None]:
    connection.execute("CREATE ROLE app_one; CREATE ROLE app_two")
    yield
    for role in ("app_two", "app_one"):
        connection.execute(f"DROP OWNED BY {role}".encode())
    connection.execute("DROP ROLE app_one, app_two")


def read(connection: Connection, ddl: str) -> Catalog:
    connection.execute(ddl.encode())
    catalog = read_catalog(connection)
    assert isinstance(catalog, Catalog)
    assert catalog.unread == ()
    return catalog


TRIGGER_FUNCTION = (
    "CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS $$BEGIN RETURN NEW; END$$;"
)

CASES: dict[str, tuple[str, tuple[SchemaObject, ...]]] = {
    "table": (
        "CREATE TYPE row_type AS (a int); CREATE TABLE typed OF row_type;"
        "CREATE UNLOGGED TABLE t (a text NOT NULL) WITH (fillfactor = 70, autovacuum_enabled = off,"
        " toast.autovacuum_enabled = off); CREATE UNIQUE INDEX ix ON t (a);"
        "ALTER TABLE t REPLICA IDENTITY USING INDEX ix, ENABLE ROW LEVEL SECURITY,"
        " FORCE ROW LEVEL SECURITY; COMMENT ON TABLE t IS 'it''s';"
        "CREATE TABLE child () INHERITS (t); ALTER TABLE child REPLICA IDENTITY FULL;"
        "CREATE TABLE p (a int, b text) PARTITION BY LIST (lower(b));"
        "CREATE TABLE \"P 1\" PARTITION OF p FOR VALUES IN ('x') PARTITION BY HASH (a);"
        "CREATE TABLE rest PARTITION OF p DEFAULT",
        (
            Table(
                "public",
                "P 1",
                True,
                partition_key="HASH (a)",
                partition_of="public.p",
                bound="FOR VALUES IN ('x')",
                owner=ME,
            ),
            Table("public", "child", inherits=("public.t",), replica_identity="full", owner=ME),
            Table("public", "p", True, partition_key="LIST (lower(b))", owner=ME),
            Table("public", "rest", partition_of="public.p", bound="DEFAULT", owner=ME),
            Table(
                "public",
                "t",
                persistence="unlogged",
                options=(
                    "autovacuum_enabled=false",
                    "fillfactor=70",
                    "toast.autovacuum_enabled=false",
                ),
                replica_identity="index ix",
                row_security=True,
                force_row_security=True,
                owner=ME,
                comment="it's",
            ),
            Table("public", "typed", of_type="public.row_type", owner=ME),
        ),
    ),
    "column": (
        'CREATE TABLE t (a text COLLATE "C", b text COMPRESSION pglz, c int);'
        "ALTER TABLE t ALTER b SET STORAGE EXTERNAL, ALTER c SET STATISTICS 50,"
        " ALTER c SET (n_distinct = 5), ALTER a SET STORAGE EXTENDED;"
        "COMMENT ON COLUMN t.c IS 'see'; GRANT SELECT (c), UPDATE (c) ON t TO PUBLIC",
        (
            Column("public", "t", "a", 1, "text", collation='pg_catalog."C"'),
            Column("public", "t", "b", 2, "text", storage="external", compression="pglz"),
            Column(
                "public",
                "t",
                "c",
                3,
                "integer",
                statistics=50,
                options=("n_distinct=5",),
                comment="see",
                grants=(Grant("PUBLIC", ("SELECT", "UPDATE")),),
            ),
        ),
    ),
    "constraint": (
        "CREATE TABLE t (a int PRIMARY KEY WITH (fillfactor = 60), b int UNIQUE NULLS NOT DISTINCT"
        " DEFERRABLE INITIALLY DEFERRED, c int CONSTRAINT fk REFERENCES t ON UPDATE CASCADE"
        " ON DELETE SET NULL, CHECK (b > 0) NO INHERIT); CLUSTER t USING t_pkey;"
        "ALTER TABLE t ADD CONSTRAINT late FOREIGN KEY (b) REFERENCES t NOT VALID;"
        "COMMENT ON CONSTRAINT fk ON t IS 'own'; ALTER TABLE t DISABLE TRIGGER ALL",
        (
            Constraint(
                "public",
                "t",
                "fk",
                "foreign key",
                ("c",),
                "FOREIGN KEY (c) REFERENCES public.t(a) ON UPDATE CASCADE ON DELETE SET NULL",
                enabled=False,
                comment="own",
            ),
            Constraint(
                "public",
                "t",
                "late",
                "foreign key",
                ("b",),
                "FOREIGN KEY (b) REFERENCES public.t(a) NOT VALID",
                validated=False,
                enabled=False,
            ),
            Constraint(
                "public",
                "t",
                "t_b_check",
                "check",
                ("b",),
                "CHECK ((b > 0)) NO INHERIT",
            ),
            Constraint(
                "public",
                "t",
                "t_b_key",
                "unique",
                ("b",),
                "UNIQUE NULLS NOT DISTINCT (b) DEFERRABLE INITIALLY DEFERRED",
                # A deferred check is a trigger too.
                enabled=False,
            ),
            Constraint(
                "public",
                "t",
                "t_pkey",
                "primary key",
                ("a",),
                "PRIMARY KEY (a)",
                clustered=True,
                options=("fillfactor=60",),
            ),
        ),
    ),
    "index": (
        'CREATE TABLE t (a int, b text COLLATE "C"); CREATE MATERIALIZED VIEW m AS SELECT 1 AS x;'
        "CREATE UNIQUE INDEX on_view ON m (x);"
        "CREATE INDEX many ON t USING btree (lower(b) text_pattern_ops DESC NULLS LAST, a)"
        " INCLUDE (b) WITH (fillfactor = 50) WHERE a > 1;"
        "ALTER INDEX many ALTER COLUMN 1 SET STATISTICS 99;"
        "CREATE INDEX clustered ON t (a); ALTER TABLE t CLUSTER ON clustered;"
        "COMMENT ON INDEX many IS 'much'",
        (
            Index("public", "m", "on_view", True, ("x",), "USING btree (x)"),
            Index("public", "t", "clustered", False, ("a",), "USING btree (a)", clustered=True),
            Index(
                "public",
                "t",
                "many",
                False,
                ("lower(b)", "a"),
                "USING btree (lower(b) text_pattern_ops DESC NULLS LAST, a) INCLUDE (b)"
                " WITH (fillfactor='50') WHERE (a > 1)",
                statistics=("1=99",),
                comment="much",
            ),
        ),
    ),
    "statistics": (
        "CREATE SCHEMA other; CREATE TABLE t (a int, b int);"
        "CREATE STATISTICS other.st (ndistinct, mcv) ON a, b, (a + b) FROM t;"
        "ALTER STATISTICS other.st SET STATISTICS 12; CREATE STATISTICS plain ON a, b FROM t",
        (
            Statistics(
                "other",
                "st",
                "public.t",
                "(ndistinct, mcv) ON a, b, (a + b) FROM public.t",
                12,
                owner=ME,
            ),
            Statistics("public", "plain", "public.t", "ON a, b FROM public.t", owner=ME),
        ),
    ),
    "view": (
        "CREATE TABLE t (a int);"
        "CREATE VIEW v WITH (security_invoker = on, security_barrier = yes)"
        " AS SELECT 1 AS a;"
        "COMMENT ON VIEW v IS 'seen'; GRANT INSERT ON v TO PUBLIC",
        (
            View(
                "public",
                "v",
                " SELECT 1 AS a",
                ("security_barrier=true", "security_invoker=true"),
                owner=ME,
                comment="seen",
                grants=(Grant("PUBLIC", ("INSERT",)),),
            ),
        ),
    ),
    "materialized view": (
        "CREATE MATERIALIZED VIEW m WITH (fillfactor = 80) AS SELECT 1 AS a;"
        "CREATE MATERIALIZED VIEW n AS SELECT 'x'::text AS a WITH NO DATA",
        (
            MaterializedView("public", "m", " SELECT 1 AS a", ("fillfactor=80",), owner=ME),
            MaterializedView("public", "n", " SELECT 'x'::text AS a", populated=False, owner=ME),
        ),
    ),
    "view column": (
        "CREATE VIEW v AS SELECT 1 AS a, 2 AS b, 3 AS c; ALTER VIEW v ALTER a SET DEFAULT 4;"
        "COMMENT ON COLUMN v.b IS 'two'; CREATE MATERIALIZED VIEW m AS SELECT 1 AS a, 2 AS b;"
        "ALTER MATERIALIZED VIEW m ALTER b SET STATISTICS 7",
        (
            ViewColumn("public", "m", "b", statistics=7),
            ViewColumn("public", "v", "a", "4"),
            ViewColumn("public", "v", "b", comment="two"),
        ),
    ),
    "sequence": (
        "CREATE UNLOGGED SEQUENCE free AS smallint INCREMENT -2 MINVALUE -90 MAXVALUE 10 START 4"
        " CACHE 3 CYCLE;"
        "CREATE TABLE t (a serial, b bigint GENERATED ALWAYS AS IDENTITY (START 5 INCREMENT 5));"
        "CREATE SEQUENCE given OWNED BY t.b; SELECT nextval('t_a_seq'), nextval('t_a_seq');"
        "GRANT USAGE ON SEQUENCE t_a_seq TO PUBLIC",
        (
            Sequence(
                "public",
                "free",
                "smallint",
                4,
                -90,
                10,
                -2,
                3,
                True,
                persistence="unlogged",
                owner=ME,
            ),
            Sequence("public", "given", owned_by=("public", "t", "b")),
            Sequence(
                "public",
                "t_a_seq",
                "integer",
                maximum=2147483647,
                owned_by=("public", "t", "a"),
                grants=(Grant("PUBLIC", ("USAGE",)),),
            ),
            Sequence(
                "public",
                "t_b_seq",
                start=5,
                increment=5,
                owned_by=("public", "t", "b"),
                identity_column=True,
            ),
        ),
    ),
    "enum": (
        "CREATE TYPE mood AS ENUM ('sad', 'it''s'); ALTER TYPE mood ADD VALUE 'ok' BEFORE 'it''s';"
        "REVOKE ALL ON TYPE mood FROM PUBLIC; COMMENT ON TYPE mood IS 'm'",
        (
            Enum(
                "public",
                "mood",
                ("sad", "ok", "it's"),
                owner=ME,
                comment="m",
                grants=(Grant("PUBLIC", ()),),
            ),
        ),
    ),
    "domain": (
        "CREATE DOMAIN code AS varchar(3) COLLATE \"C\" DEFAULT 'x' NOT NULL;"
        "COMMENT ON DOMAIN code IS 'c'; CREATE DOMAIN plain AS text",
        (
            Domain(
                "public",
                "code",
                "character varying(3)",
                True,
                "'x'::character varying",
                'pg_catalog."C"',
                owner=ME,
                comment="c",
            ),
            Domain("public", "plain", "text", owner=ME),
        ),
    ),
    "domain constraint": (
        "CREATE DOMAIN d AS int CONSTRAINT ck CHECK (VALUE > 0) NOT NULL;"
        "ALTER DOMAIN d ADD CONSTRAINT late CHECK (VALUE < 9) NOT VALID;"
        "COMMENT ON CONSTRAINT ck ON DOMAIN d IS 'c'",
        (
            DomainConstraint("public", "d", "ck", "CHECK ((VALUE > 0))", comment="c"),
            DomainConstraint("public", "d", "late", "CHECK ((VALUE < 9))", False),
        ),
    ),
    "composite type": (
        'CREATE TYPE addr AS ("Street" text COLLATE "C", zip varchar(5), gone int);'
        "ALTER TYPE addr DROP ATTRIBUTE gone",
        (
            Composite(
                "public",
                "addr",
                ('"Street" text COLLATE pg_catalog."C"', "zip character varying(5)"),
                owner=ME,
            ),
        ),
    ),
    "range type": (
        "CREATE TYPE plain AS RANGE (subtype = float8, subtype_diff = float8mi);"
        "CREATE TYPE texts AS RANGE (subtype = text, subtype_opclass = text_pattern_ops,"
        ' collation = "C", multirange_type_name = many_texts)',
        (
            Range(
                "public",
                "plain",
                "double precision",
                subtype_diff="pg_catalog.float8mi",
                multirange="public.plain_multirange",
                owner=ME,
            ),
            Range(
                "public",
                "texts",
                "text",
                "pg_catalog.text_pattern_ops",
                'pg_catalog."C"',
                multirange="public.many_texts",
                owner=ME,
            ),
        ),
    ),
    "base type": (
        "CREATE TYPE waiting; CREATE TYPE num;"
        "CREATE FUNCTION num_in(cstring) RETURNS num LANGUAGE internal IMMUTABLE STRICT"
        " AS 'int4in';"
        "CREATE FUNCTION num_out(num) RETURNS cstring LANGUAGE internal IMMUTABLE STRICT"
        " AS 'int4out'; CREATE TYPE num (INPUT = num_in, OUTPUT = num_out, LIKE = int4)",
        (
            BaseType(
                "public",
                "num",
                (
                    "input=public.num_in",
                    "output=public.num_out",
                    "internallength=4",
                    "passedbyvalue=true",
                    "alignment=int4",
                    "storage=plain",
                    "category='U'",
                    "delimiter=','",
                ),
                owner=ME,
            ),
            BaseType("public", "waiting", owner=ME),
        ),
    ),
    "function": (
        "CREATE FUNCTION one(a int, b text DEFAULT 'x') RETURNS SETOF int LANGUAGE sql STABLE"
        " STRICT SECURITY DEFINER LEAKPROOF PARALLEL SAFE COST 7 ROWS 9 SET work_mem = '1MB'"
        " SET search_path = public, pg_temp AS 'SELECT 1';"
        "CREATE FUNCTION two(x numeric) RETURNS numeric LANGUAGE sql RETURN x + 1;"
        "CREATE PROCEDURE three(INOUT a int) LANGUAGE plpgsql AS 'BEGIN END';"
        "REVOKE EXECUTE ON FUNCTION two FROM PUBLIC; GRANT EXECUTE ON PROCEDURE three TO PUBLIC;"
        "COMMENT ON FUNCTION two IS 'second'",
        (
            Function(
                "public",
                "one(integer, text)",
                arguments="a integer, b text DEFAULT 'x'::text",
                returns="SETOF integer",
                language="sql",
                body="SELECT 1",
                volatility="stable",
                strict=True,
                security_definer=True,
                leakproof=True,
                parallel="safe",
                cost=7,
                rows=9,
                settings=("search_path=public, pg_temp", "work_mem=1MB"),
                owner=ME,
            ),
            Function(
                "public",
                "three(integer)",
                "procedure",
                "INOUT a integer",
                "",
                "plpgsql",
                "BEGIN END",
                owner=ME,
            ),
            Function(
                "public",
                "two(numeric)",
                arguments="x numeric",
                returns="numeric",
                language="sql",
                body="RETURN (x + (1)::numeric)",
                sql_body=True,
                owner=ME,
                comment="second",
                grants=(Grant("PUBLIC", ()),),
            ),
        ),
    ),
    "aggregate": (
        "CREATE AGGREGATE total (int) (SFUNC = int4pl, STYPE = int, INITCOND = '0',"
        " COMBINEFUNC = int4pl, PARALLEL = SAFE);"
        "CREATE AGGREGATE pick (float8 ORDER BY anyelement) (SFUNC = ordered_set_transition,"
        " STYPE = internal, FINALFUNC = percentile_disc_final, FINALFUNC_EXTRA)",
        (
            Aggregate(
                "public",
                "pick(double precision, anyelement)",
                "double precision ORDER BY anyelement",
                "anyelement",
                (
                    "sfunc=pg_catalog.ordered_set_transition",
                    "stype=internal",
                    "finalfunc=pg_catalog.percentile_disc_final",
                    "finalfunc_extra",
                ),
                owner=ME,
            ),
            Aggregate(
                "public",
                "total(integer)",
                "integer",
                "integer",
                (
                    "sfunc=pg_catalog.int4pl",
                    "stype=integer",
                    "combinefunc=pg_catalog.int4pl",
                    "initcond='0'",
                    "parallel=safe",
                ),
                owner=ME,
            ),
        ),
    ),
    "operator": (
        "CREATE OPERATOR === (FUNCTION = int4eq, LEFTARG = int, RIGHTARG = int, COMMUTATOR = ===,"
        " RESTRICT = eqsel, HASHES);"
        "CREATE OPERATOR @# (FUNCTION = int4abs, RIGHTARG = int);"
        "COMMENT ON OPERATOR @# (NONE, int)"
        " IS 'abs'",
        (
            Operator(
                "public",
                "===(integer, integer)",
                "integer",
                "integer",
                "boolean",
                "pg_catalog.int4eq",
                ("commutator=OPERATOR(public.===)", "restrict=pg_catalog.eqsel", "hashes"),
                owner=ME,
            ),
            Operator(
                "public",
                "@#(NONE, integer)",
                "",
                "integer",
                "integer",
                "pg_catalog.int4abs",
                owner=ME,
                comment="abs",
            ),
        ),
    ),
    "operator family": (
        "CREATE OPERATOR FAMILY loose USING btree;"
        "ALTER OPERATOR FAMILY loose USING btree ADD OPERATOR 1 < (int4, int8),"
        " FUNCTION 1 (int4, int8) btint48cmp(int4, int8)",
        (
            OperatorFamily(
                "public",
                "loose USING btree",
                "btree",
                (
                    "OPERATOR 1 <(integer,bigint)",
                    "FUNCTION 1 (integer, bigint) btint48cmp(integer,bigint)",
                ),
                owner=ME,
            ),
        ),
    ),
    "operator class": (
        "CREATE OPERATOR CLASS mine FOR TYPE int4 USING hash AS OPERATOR 1 =,"
        " FUNCTION 1 hashint4(int4)",
        (
            OperatorClass(
                "public",
                "mine USING hash",
                "hash",
                "integer",
                False,
                "public.mine",
                "",
                (
                    "OPERATOR 1 =(integer,integer)",
                    "FUNCTION 1 (integer, integer) hashint4(integer)",
                ),
                owner=ME,
            ),
        ),
    ),
    "cast": (
        "CREATE TYPE pair AS (a int, b int); CREATE DOMAIN kind AS text;"
        "CREATE TYPE colour AS ENUM ('red');"
        "CREATE FUNCTION first(pair) RETURNS int LANGUAGE sql RETURN ($1).a;"
        "CREATE CAST (pair AS int) WITH FUNCTION first(pair) AS ASSIGNMENT;"
        "CREATE CAST (colour AS int) WITH INOUT AS IMPLICIT;"
        "COMMENT ON CAST (pair AS int) IS 'c'",
        (
            Cast("(public.colour AS integer)", "", "inout", "implicit"),
            Cast(
                "(public.pair AS integer)",
                "public.first(public.pair)",
                "function",
                "assignment",
                comment="c",
            ),
        ),
    ),
    "conversion": (
        "CREATE CONVERSION odd FOR 'UTF8' TO 'LATIN1' FROM utf8_to_iso8859_1",
        (Conversion("public", "odd", "UTF8", "LATIN1", "pg_catalog.utf8_to_iso8859_1", owner=ME),),
    ),
    "language": (
        "CREATE LANGUAGE mine HANDLER plpgsql_call_handler VALIDATOR plpgsql_validator;"
        "CREATE TRUSTED LANGUAGE open HANDLER plpgsql_call_handler INLINE plpgsql_inline_handler;"
        "REVOKE USAGE ON LANGUAGE open FROM PUBLIC",
        (
            Language(
                "mine",
                False,
                "pg_catalog.plpgsql_call_handler",
                "",
                "pg_catalog.plpgsql_validator",
                owner=ME,
            ),
            Language(
                "open",
                True,
                "pg_catalog.plpgsql_call_handler",
                "pg_catalog.plpgsql_inline_handler",
                owner=ME,
                grants=(Grant("PUBLIC", ()),),
            ),
        ),
    ),
    "transform": (
        "CREATE FUNCTION from_sql(internal) RETURNS internal LANGUAGE internal IMMUTABLE"
        " AS 'prsd_end';"
        "CREATE TRANSFORM FOR int LANGUAGE plpgsql (FROM SQL WITH FUNCTION from_sql(internal))",
        (Transform("FOR integer LANGUAGE plpgsql", "public.from_sql(internal)"),),
    ),
    "access method": (
        "CREATE ACCESS METHOD mine TYPE INDEX HANDLER bthandler;"
        "CREATE ACCESS METHOD other TYPE TABLE HANDLER heap_tableam_handler;"
        "COMMENT ON ACCESS METHOD mine IS 'own'",
        (
            AccessMethod("mine", "index", "pg_catalog.bthandler", comment="own"),
            AccessMethod("other", "table", "pg_catalog.heap_tableam_handler"),
        ),
    ),
    "trigger": (
        "CREATE TABLE t (a int);" + TRIGGER_FUNCTION + "CREATE TRIGGER g BEFORE UPDATE OF a ON t"
        " FOR EACH ROW WHEN (OLD.a <> NEW.a) EXECUTE FUNCTION f('x');"
        "ALTER TABLE t ENABLE ALWAYS TRIGGER g;"
        "CREATE CONSTRAINT TRIGGER late AFTER INSERT ON t DEFERRABLE FOR EACH ROW"
        " EXECUTE FUNCTION f(); ALTER TABLE t DISABLE TRIGGER late;"
        "COMMENT ON TRIGGER g ON t IS 'g'",
        (
            Trigger(
                "public",
                "t",
                "g",
                "BEFORE UPDATE OF a ON public.t FOR EACH ROW WHEN ((old.a <> new.a))"
                " EXECUTE FUNCTION public.f('x')",
                "always",
                "public.f",
                comment="g",
            ),
            Trigger(
                "public",
                "t",
                "late",
                "CONSTRAINT AFTER INSERT ON public.t DEFERRABLE INITIALLY IMMEDIATE FOR EACH ROW"
                " EXECUTE FUNCTION public.f()",
                "disabled",
                "public.f",
            ),
        ),
    ),
    "rule": (
        "CREATE TABLE t (a int); CREATE TABLE v (a int);"
        "CREATE RULE r AS ON INSERT TO v DO INSTEAD INSERT INTO t VALUES (new.a);"
        "ALTER TABLE v DISABLE RULE r; COMMENT ON RULE r ON v IS 'r'",
        (
            Rule(
                "public",
                "v",
                "r",
                "AS\n    ON INSERT TO public.v DO INSTEAD  INSERT INTO public.t (a)\n"
                "  VALUES (new.a);",
                "disabled",
                comment="r",
            ),
        ),
    ),
    "event trigger": (
        "CREATE FUNCTION e() RETURNS event_trigger LANGUAGE plpgsql AS 'BEGIN END';"
        "CREATE EVENT TRIGGER ev ON ddl_command_end WHEN TAG IN ('DROP OWNED', 'CREATE TABLE')"
        " EXECUTE FUNCTION e(); ALTER EVENT TRIGGER ev ENABLE REPLICA",
        (
            EventTrigger(
                "ev",
                "ddl_command_end",
                ("CREATE TABLE", "DROP OWNED"),
                "public.e",
                "replica",
                owner=ME,
            ),
        ),
    ),
    "text search configuration": (
        "CREATE TEXT SEARCH DICTIONARY words (TEMPLATE = simple);"
        'CREATE TEXT SEARCH CONFIGURATION c (PARSER = "default");'
        "ALTER TEXT SEARCH CONFIGURATION c ADD MAPPING FOR word, asciiword WITH words, simple",
        (
            TextSearchConfiguration(
                "public",
                "c",
                'pg_catalog."default"',
                (
                    "asciiword: public.words, pg_catalog.simple",
                    "word: public.words, pg_catalog.simple",
                ),
                owner=ME,
            ),
        ),
    ),
    "text search dictionary": (
        "CREATE TEXT SEARCH DICTIONARY words (TEMPLATE = simple, ACCEPT = false);"
        "COMMENT ON TEXT SEARCH DICTIONARY words IS 'w'",
        (
            TextSearchDictionary(
                "public", "words", "pg_catalog.simple", "accept = 'false'", owner=ME, comment="w"
            ),
        ),
    ),
    "text search parser": (
        "CREATE TEXT SEARCH PARSER p (START = prsd_start, GETTOKEN = prsd_nexttoken,"
        " END = prsd_end, LEXTYPES = prsd_lextype)",
        (
            TextSearchParser(
                "public",
                "p",
                (
                    "start=pg_catalog.prsd_start",
                    "gettoken=pg_catalog.prsd_nexttoken",
                    "end=pg_catalog.prsd_end",
                    "lextypes=pg_catalog.prsd_lextype",
                ),
            ),
        ),
    ),
    "text search template": (
        "CREATE TEXT SEARCH TEMPLATE t (INIT = dsimple_init, LEXIZE = dsimple_lexize)",
        (
            TextSearchTemplate(
                "public",
                "t",
                ("init=pg_catalog.dsimple_init", "lexize=pg_catalog.dsimple_lexize"),
            ),
        ),
    ),
    "foreign data wrapper": (
        "CREATE FOREIGN DATA WRAPPER w OPTIONS (password 'geheim', \"user\" 'u')",
        (
            ForeignDataWrapper(
                "w",
                options=("password=***", "user=u"),
                owner=ME,
            ),
        ),
    ),
    "foreign server": (
        "CREATE FOREIGN DATA WRAPPER w; CREATE SERVER \"S 1\" TYPE 'oracle' VERSION '9'"
        " FOREIGN DATA WRAPPER w OPTIONS (host 'h', url 'http://me:geheim@host/x')",
        (ForeignServer("S 1", "w", "oracle", "9", ("host=h", "url=http://***@host/x"), owner=ME),),
    ),
    "user mapping": (
        "CREATE FOREIGN DATA WRAPPER w; CREATE SERVER s FOREIGN DATA WRAPPER w;"
        "CREATE USER MAPPING FOR PUBLIC SERVER s;"
        "CREATE USER MAPPING FOR postgres SERVER s OPTIONS (user 'me', password 'geheim')",
        (
            UserMapping("PUBLIC for server s"),
            UserMapping("postgres for server s", ("password=***", "user=me")),
        ),
    ),
    "publication": (
        "CREATE SCHEMA more; CREATE TABLE t (a int PRIMARY KEY, b int);"
        "CREATE PUBLICATION few FOR TABLE t (a) WHERE (a > 1) WITH (publish = 'insert',"
        " publish_via_partition_root = true);"
        "CREATE PUBLICATION wide FOR TABLES IN SCHEMA more;"
        "CREATE PUBLICATION whole FOR ALL TABLES",
        (
            Publication(
                "few",
                False,
                ("insert",),
                True,
                ("public.t (a) WHERE ((a > 1))",),
                owner=ME,
            ),
            Publication("whole", True, ("delete", "insert", "truncate", "update"), owner=ME),
            Publication(
                "wide",
                False,
                ("delete", "insert", "truncate", "update"),
                schemas=("more",),
                owner=ME,
            ),
        ),
    ),
    "collation": (
        "CREATE COLLATION \"De\" (LC_COLLATE = 'C', LC_CTYPE = 'POSIX');"
        "COMMENT ON COLLATION \"De\" IS 'd'",
        (Collation("public", "De", "libc", "C", "POSIX", encoding="UTF8", owner=ME, comment="d"),),
    ),
    "database setting": (
        "DO $$ BEGIN"
        " EXECUTE format('ALTER DATABASE %I SET work_mem = ''7MB''', current_database());"
        " EXECUTE format('ALTER DATABASE %I SET app.jwt_secret = ''geheim''', current_database());"
        " EXECUTE format('ALTER ROLE postgres IN DATABASE %I SET jit = off', current_database());"
        " END $$",
        (
            Setting("database", ("app.jwt_secret=***", "work_mem=7MB")),
            Setting("role postgres", ("jit=off",)),
        ),
    ),
}


@pytest.mark.parametrize("kind", sorted(CASES))
def test_reads(connection: Connection, kind: str) -> None:
    ddl, expected = CASES[kind]
    catalog = read(connection, ddl)
    found = tuple(thing for thing in catalog.objects() if kind == thing.KIND)
    assert found == expected


def test_every_kind_has_its_query() -> None:
    assert {of.kind for of in QUERIES} == set(KINDS)
    assert len(QUERIES) == len(KINDS)


def test_reads_subscriptions_without_their_connection(connection: Connection) -> None:
    connection.execute(
        "CREATE SUBSCRIPTION s CONNECTION 'host=h password=geheim' PUBLICATION b, a"
        " WITH (connect = false, slot_name = NONE, binary = true)"
    )
    try:
        found = read(connection, "").of(Subscription)
    finally:
        connection.execute("DROP SUBSCRIPTION s")
    assert [(s.name, s.enabled, s.publications, s.slot, s.owner) for s in found] == [
        ("s", False, ("a", "b"), "", ME)
    ]
    assert "binary=true" in found[0].properties
    assert "geheim" not in repr(found)


def test_reads_the_database(connection: Connection) -> None:
    connection.execute(
        "DO $$ BEGIN EXECUTE format('ALTER DATABASE %I CONNECTION LIMIT 9', current_database());"
        " EXECUTE format('COMMENT ON DATABASE %I IS %L', current_database(), 'db');"
        " EXECUTE format('REVOKE TEMPORARY ON DATABASE %I FROM PUBLIC', current_database()); END $$"
    )
    (found,) = read(connection, "").of(Database)
    assert (found.name, found.encoding, found.connection_limit) == ("database", "UTF8", 9)
    assert (found.comment, found.owner) == ("db", ME)
    assert found.grants == (Grant("PUBLIC", ("CONNECT",)),)


def test_reads_schemas(connection: Connection) -> None:
    catalog = read(connection, 'CREATE SCHEMA "My App"; COMMENT ON SCHEMA "My App" IS \'m\'')
    assert catalog.of(Schema) == (
        Schema("My App", owner=ME, comment="m"),
        Schema(
            "public",
            comment="",
            grants=(Grant("PUBLIC", ("USAGE",)),),
        ),
    )


@pytest.mark.usefixtures("roles")
def test_reads_default_privileges(connection: Connection) -> None:
    found = read(
        connection,
        "ALTER DEFAULT PRIVILEGES FOR ROLE app_one GRANT ALL ON TABLES TO app_two;"
        "ALTER DEFAULT PRIVILEGES FOR ROLE app_one REVOKE EXECUTE ON FUNCTIONS FROM PUBLIC;"
        "ALTER DEFAULT PRIVILEGES FOR ROLE app_one IN SCHEMA public GRANT USAGE ON SEQUENCES"
        " TO app_two WITH GRANT OPTION",
    ).of(DefaultPrivileges)
    assert found == (
        DefaultPrivileges("app_one for functions", grants=(Grant("PUBLIC", ()),)),
        DefaultPrivileges(
            "app_one for sequences in schema public",
            grants=(Grant("app_two", ("USAGE WITH GRANT OPTION",)),),
        ),
        DefaultPrivileges("app_one for tables", grants=(Grant("app_two", ("ALL",)),)),
    )


@pytest.mark.usefixtures("roles")
def test_reads_policies(connection: Connection) -> None:
    found = read(
        connection,
        "CREATE TABLE t (a int); CREATE POLICY one ON t FOR UPDATE TO app_two, app_one"
        " USING (a > 0) WITH CHECK (a < 9); CREATE POLICY two ON t AS RESTRICTIVE;"
        "COMMENT ON POLICY two ON t IS 'all'",
    ).of(Policy)
    assert found == (
        Policy("public", "t", "one", "UPDATE", True, ("app_one", "app_two"), "(a > 0)", "(a < 9)"),
        Policy("public", "t", "two", permissive=False, comment="all"),
    )


@pytest.mark.usefixtures("roles")
def test_rights_are_what_differs_from_the_usual(connection: Connection) -> None:
    ddl = "CREATE TABLE t (a int); CREATE FUNCTION f() RETURNS int LANGUAGE sql AS 'SELECT 1';"
    untouched = read(connection, ddl)
    assert [t.grants for t in (*untouched.tables, *untouched.of(Function))] == [(), ()]
    granted = read(
        connection,
        "GRANT ALL ON t TO app_one; GRANT SELECT ON t TO app_two WITH GRANT OPTION;"
        "GRANT INSERT ON t TO app_two; SET ROLE app_two; GRANT SELECT ON t TO PUBLIC; RESET ROLE;"
        "REVOKE DELETE ON t FROM postgres; REVOKE ALL ON FUNCTION f() FROM PUBLIC;"
        "GRANT EXECUTE ON FUNCTION f() TO app_one",
    )
    rights = {grant.grantee: grant.privileges for grant in granted.tables[0].grants}
    newer = {"MAINTAIN"} if granted.server_major >= 17 else set()
    held = {"SELECT", "INSERT", "UPDATE", "TRUNCATE", "REFERENCES", "TRIGGER"} | newer
    assert rights == {
        "PUBLIC": ("SELECT",),
        "app_one": ("ALL",),
        "app_two": ("INSERT", "SELECT WITH GRANT OPTION"),
        "postgres": tuple(sorted(held)),
    }
    assert granted.of(Function)[0].grants == (Grant("PUBLIC", ()), Grant("app_one", ("ALL",)))
    back = read(
        connection,
        "REVOKE ALL ON t FROM app_one, app_two CASCADE; GRANT ALL ON t TO postgres;"
        "REVOKE ALL ON FUNCTION f() FROM app_one; GRANT EXECUTE ON FUNCTION f() TO PUBLIC",
    )
    assert tuple(back.objects()) == tuple(untouched.objects())
