"""Running SQL systems as their tools do, on every server version."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from pgassay.analysis.sql_systems import Surroundings, sql_systems
from pgassay.facts.migration_system import MigrationSystem
from pgassay.facts.sql_run import SqlRun
from pgassay.facts.sql_text import SqlText
from pgassay.facts.unavailable import Unavailable
from pgassay.postgres.scratch import Database
from pgassay.sources.system_runs import run_system
from tests.systems.system_projects import write

FILE = "it reads or writes a file, or starts a program, on the server's machine"


def system(files: dict[str, str], around: Surroundings | None = None) -> MigrationSystem:
    texts = [SqlText(path, sql) for path, sql in files.items()]
    (only,) = sql_systems(texts, around or Surroundings())
    return only


def run(database: Database, files: dict[str, str], root: Path = Path("/nowhere")) -> SqlRun:
    found = run_system(root, system(files), database, 30)
    assert isinstance(found, SqlRun), found
    return found


def failures(found: SqlRun) -> list[tuple[str, str, str]]:
    return [(str(f.location), f.error, f.fate) for f in found.failures]


def not_run(found: SqlRun) -> list[tuple[str, str]]:
    return [(str(n.location), n.reason) for n in found.not_run]


def tables(database: Database) -> list[str]:
    with database.connect() as connection:
        rows = connection.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
        return sorted(row[0] for row in rows)


def test_the_server_names_what_each_file_touches(database: Database) -> None:
    found = run(
        database,
        {
            "migrations/001_a.sql": "CREATE TABLE a (x int);\nCREATE VIEW v AS SELECT x FROM a;",
            "migrations/002_b.sql": "ALTER TABLE a ADD y int;",
        },
    )
    said = [(t.revision, t.action, t.kind, t.name) for t in found.touches]
    assert said == [
        ("migrations/001_a.sql", "create", "table", "public.a"),
        ("migrations/001_a.sql", "create", "view", "public.v"),
        ("migrations/002_b.sql", "alter", "table", "public.a"),
    ]
    assert (found.logged, found.failures, found.tables, found.statements) == (True, (), 1, 3)


def test_goes_on_after_failures_and_names_each(database: Database) -> None:
    found = run(
        database,
        {
            "migrations/001_a.sql": "CREATE TABLE a (x nosuch);\n\nCREATE TABLE b (x int);",
            "migrations/002_b.sql": "ALTER TABLE a ADD y int;\nALTER TABLE c ADD y int;\n"
            "BEGIN;\nSELECT 1/0;\nCREATE TABLE d (x int);\nCOMMIT;",
        },
    )
    assert failures(found) == [
        ("migrations/001_a.sql:1", 'type "nosuch" does not exist', "fails"),
        ("migrations/002_b.sql:1", 'relation "a" does not exist', "follows"),
        ("migrations/002_b.sql:2", 'relation "c" does not exist', "fails"),
        ("migrations/002_b.sql:4", "division by zero", "fails"),
    ]
    assert tables(database) == ["b", "d"]


def test_only_what_applies_is_run(database: Database) -> None:
    goose = "-- +goose Up\nCREATE TABLE a (x int);\n-- +goose Down\nDROP TABLE a;\n"
    assert run(database, {"m/1_a.sql": goose}).failures == ()
    assert tables(database) == ["a"]


def test_a_body_that_goose_tears_apart_fails_here_too(database: Database) -> None:
    body = "CREATE FUNCTION f() RETURNS void LANGUAGE plpgsql AS $$\nBEGIN\n  NULL;\nEND $$;\n"
    found = run(database, {"m/1_a.sql": f"-- +goose Up\n{body}"})
    assert failures(found)[0][0] == "m/1_a.sql:2"
    assert "unterminated dollar-quoted string" in failures(found)[0][1]


def test_transactions_are_the_tools(database: Database) -> None:
    """golang-migrate sends a file at once: several statements are one transaction."""
    index = "CREATE INDEX CONCURRENTLY ON a (x);"
    found = run(
        database,
        {
            "m/1_a.up.sql": "CREATE TABLE a (x int);",
            "m/2_b.up.sql": index,
            "m/3_c.up.sql": f"SELECT 1;\n{index}",
        },
    )
    assert failures(found) == [
        (
            "m/3_c.up.sql:2",
            "CREATE INDEX CONCURRENTLY cannot run inside a transaction block",
            "fails",
        )
    ]


def test_what_is_put_off_until_commit(database: Database) -> None:
    make = "CREATE TABLE a (x int PRIMARY KEY, y int REFERENCES a DEFERRABLE INITIALLY DEFERRED);"
    text = f"-- migrate:up\n{make}\nINSERT INTO a VALUES (1, 2);\n"
    ((at, error, fate),) = failures(run(database, {"m/1_a.sql": text}))
    assert (at, fate) == ("m/1_a.sql", "fails")
    assert "violates foreign key constraint" in error


def test_session_state_lasts_as_long_as_the_tools_session(database: Database) -> None:
    """golang-migrate has one session for all; psql has one for each file."""
    first, second = "CREATE SCHEMA s; SET search_path = s;", "CREATE TABLE t (x int);"
    leaked = run(database, {"m/1_a.up.sql": first, "m/2_b.up.sql": second})
    assert [t.name for t in leaked.touches if t.kind == "table"] == ["s.t"]
    with database.connect(autocommit=True) as connection:
        connection.execute("DROP SCHEMA s CASCADE")
    apart = run(database, {"migrations/1_a.sql": first, "migrations/2_b.sql": second})
    assert [t.name for t in apart.touches if t.kind == "table"] == ["public.t"]


def test_a_reset_does_not_lose_the_file(database: Database) -> None:
    found = run(database, {"m/1_a.up.sql": "RESET ALL;\nCREATE TABLE t (x int);"})
    assert [t.revision for t in found.touches] == ["m/1_a.up.sql"]


def test_roles_are_assumed_and_act(database: Database) -> None:
    text = (
        "CREATE ROLE pgassay_owner LOGIN PASSWORD 'x';\nCREATE TABLE a (x int);\n"
        "GRANT SELECT ON a TO pgassay_reader;\nALTER TABLE a OWNER TO pgassay_owner;"
    )
    found = run(database, {"migrations/1_a.sql": text})
    assert (failures(found), not_run(found)) == ([], [])
    assert found.assumed == ("pgassay_owner", "pgassay_reader")
    with database.connect(autocommit=True) as connection:
        connection.execute("DROP OWNED BY pgassay_owner, pgassay_reader")
        connection.execute("DROP ROLE pgassay_owner, pgassay_reader")


def test_what_reaches_outside_is_named_and_not_done(database: Database, tmp_path: Path) -> None:
    written = tmp_path / "written"
    (tmp_path / "secret.sql").write_text("CREATE TABLE secret (x int);")
    root = tmp_path / "project"
    write(root, "parts/inside.sql", "CREATE TABLE inside (x int);\n\\ir beside.sql\n")
    write(root, "parts/beside.sql", "CREATE TABLE beside (x int);\n")
    text = (
        f"CREATE TABLE a (x text);\nCOPY a TO '{written}';\n\\! touch {written}\n"
        f"\\copy a FROM '{written}'\n\\i {tmp_path / 'secret.sql'}\n\\i ../secret.sql\n"
        "\\i parts/inside.sql\nCREATE DATABASE x;\n\\connect other\nCREATE TABLE never (x int);\n"
    )
    found = run(database, {"migrations/1_a.sql": text}, root)
    assert not_run(found) == [
        (
            "migrations/1_a.sql:2",
            "it reads or writes a file, or starts a program, on the server's machine",
        ),
        ("migrations/1_a.sql:3", "it starts a program"),
        ("migrations/1_a.sql:4", "it reads or writes a file of whoever runs it"),
        ("migrations/1_a.sql:5", "no such file of the project"),
        ("migrations/1_a.sql:6", "no such file of the project"),
        ("migrations/1_a.sql:8", "it is for the whole server, not for one database"),
        ("migrations/1_a.sql:9", "what follows is for another database"),
    ]
    assert tables(database) == ["a", "beside", "inside"]
    assert not written.exists()


def test_what_a_query_fetches_is_held_to_the_same(database: Database) -> None:
    text = (
        "SELECT pg_read_file('PG_VERSION') AS v \\gset\n"
        "SELECT $$COPY (SELECT 1) TO '/tmp/never'$$ \\gexec\n"
        "SELECT 'CREATE TABLE made (x int)' \\gexec\n"
    )
    found = run(database, {"migrations/1_a.sql": text})
    assert not_run(found) == [("migrations/1_a.sql:1", FILE), ("migrations/1_a.sql:2", FILE)]
    assert tables(database) == ["made"]


def test_what_follows_something_left_out_is_not_judged(database: Database) -> None:
    found = run(database, {"migrations/1_a.sql": "\\i lost.sql\nALTER TABLE a ADD x int;"})
    assert [f.fate for f in found.failures] == ["unknown"]
    assert (found.defects, len(found.unknowns), len(found.lacking)) == ((), 1, 1)


def test_psqls_own_language(database: Database) -> None:
    text = (
        '\\set t ledger\n\\set ON_ERROR_STOP on\n\\if :{?t}\nCREATE TABLE :"t" (x int);\n\\else\n'
        "CREATE TABLE wrong (x int);\n\\endif\n"
        "\\if :unknown\nCREATE TABLE wrong (x int);\n\\endif\n"
        "SELECT format('CREATE TABLE g%s (x int)', n) FROM generate_series(1, 2) n \\gexec\n"
        "SELECT 'made' AS name \\gset\nCREATE TABLE :name (x int);\n\\echo done\n"
        "COPY ledger FROM stdin;\n1\n2\n\\.\n\\q\nCREATE TABLE wrong (x int);"
    )
    found = run(database, {"migrations/1_a.sql": text})
    assert failures(found) == []
    assert not_run(found) == [("migrations/1_a.sql:8", "what it asks for is not known here")]
    assert tables(database) == ["g1", "g2", "ledger", "made"]
    with database.connect() as connection:
        assert connection.execute("SELECT sum(x) FROM ledger").fetchone() == (3,)


def test_a_file_that_includes_itself_ends(database: Database, tmp_path: Path) -> None:
    write(tmp_path, "migrations/1_a.sql", "\\ir 1_a.sql\n")
    found = run(database, {"migrations/1_a.sql": "\\ir 1_a.sql\n"}, tmp_path)
    assert not_run(found) == [("migrations/1_a.sql:1", "it includes without end")]


def test_flyways_placeholders(database: Database) -> None:
    around = Surroundings(flyway_placeholders={"": (("p", "my_"),)})
    found = run_system(
        Path("/nowhere"),
        system({"m/V1__a.sql": "CREATE TABLE ${p}a (x int);\nCREATE TABLE ${q}b (x int);"}, around),
        database,
        30,
    )
    assert isinstance(found, SqlRun)
    assert not_run(found) == [("m/V1__a.sql:2", "the placeholder ${q} has no value here")]
    assert tables(database) == ["my_a"]


def test_flyways_callbacks_run_around_each_file(database: Database) -> None:
    found = run(
        database,
        {
            "m/beforeMigrate.sql": "CREATE TABLE log (n serial, said text);",
            "m/beforeEachMigrate.sql": "INSERT INTO log (said) VALUES ('each');",
            "m/V1__a.sql": "INSERT INTO log (said) VALUES ('a');",
            "m/R__b.sql": "INSERT INTO log (said) VALUES ('b');",
            "m/afterMigrate.sql": "INSERT INTO log (said) VALUES ('end');",
            "m/beforeClean.sql": "DROP TABLE log;",
        },
    )
    assert failures(found) == []
    with database.connect() as connection:
        said = connection.execute("SELECT string_agg(said, ' ' ORDER BY n) FROM log").fetchone()
    assert said == ("each a each b end",)


def test_an_extension_that_is_not_here_is_no_failure_of_the_files(database: Database) -> None:
    text = "CREATE EXTENSION nosuch;\nCREATE TABLE a (x nosuch_type);\nCREATE TABLE b (x int;"
    found = run(database, {"migrations/1_a.sql": text})
    assert [f.fate for f in found.failures] == ["unknown", "fails"]
    assert [str(n.location) for n in found.lacking] == ["migrations/1_a.sql:1"]


def test_what_is_named_otherwise_here_is_passed_over(database: Database) -> None:
    text = (
        "GRANT CONNECT ON DATABASE app TO pg_monitor;\nSET nosuch_setting = 1;\n"
        "CREATE TABLE a (x int) TABLESPACE fast;\nSELECT 1;"
    )
    found = run(database, {"migrations/1_a.sql": text})
    assert [(str(n.location), n.matters) for n in found.not_run] == [
        ("migrations/1_a.sql:1", False),
        ("migrations/1_a.sql:2", False),
    ]
    assert [f.fate for f in found.failures] == ["unknown"]


@pytest.mark.parametrize(
    "sql", ["SELECT pg_sleep(60);", "DO $$ BEGIN LOOP PERFORM 1; END LOOP; END $$;"]
)
def test_what_never_ends_is_stopped(database: Database, sql: str) -> None:
    began = time.monotonic()
    text = f"SET statement_timeout = 0;\n{sql}\nSELECT 1;"
    found = run_system(Path("/nowhere"), system({"m/1_a.up.sql": text}), database, 1)
    assert isinstance(found, Unavailable)
    assert found.reason == "m/ did not end within 1 s, and was stopped."
    assert time.monotonic() - began < 10


def test_a_thousand_statements(database: Database) -> None:
    text = "\n".join(f"CREATE TABLE t{n} (x int);" for n in range(1000))
    found = run(database, {"migrations/1_a.sql": text})
    assert (found.statements, found.tables, found.failures) == (1000, 1000, ())
