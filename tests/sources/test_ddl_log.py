"""What the log says of statements, on every server version."""

from __future__ import annotations

from typing import Any

import psycopg

from pgassay.facts.catalog import Catalog
from pgassay.facts.touch import Touch
from pgassay.sources.catalog import read_catalog
from pgassay.sources.ddl_log import install, name_revision, take

Connection = psycopg.Connection[Any]
T = ("public", "t")


def touched(connection: Connection, *statements: str) -> list[Touch]:
    assert install(connection)
    for number, statement in enumerate(statements):
        name_revision(connection, f"r{number}")
        connection.execute(statement.encode())
    return list(take(connection))


def test_names_each_object_with_its_revision_and_table(connection: Connection) -> None:
    connection.execute("CREATE SCHEMA s")
    log = touched(
        connection,
        "CREATE TABLE t (id serial PRIMARY KEY, a int)",
        'CREATE INDEX "Odd" ON t (a); CREATE VIEW v AS SELECT a FROM t',
        "ALTER TABLE t ADD b text; ALTER TABLE t RENAME b TO c",
        "CREATE TABLE s.u (t_id int REFERENCES t)",
        "DROP VIEW v; ALTER TABLE t ALTER a TYPE bigint USING a",
        "ALTER TABLE t DROP COLUMN a; DROP TABLE s.u",
    )
    said = [(t.revision, t.action, t.kind, t.name, t.table) for t in log]
    assert said[:5] == [
        ("r0", "create", "sequence", "public.t_id_seq", None),
        ("r0", "create", "table", "public.t", T),
        ("r0", "create", "index", "public.t_pkey", T),
        ("r0", "alter", "sequence", "public.t_id_seq", None),
        ("r1", "create", "index", 'public."Odd"', T),
    ]
    assert ("r1", "create", "view", "public.v", None) in said
    assert ("r2", "alter", "table", "public.t", T) in said
    assert ("r2", "alter", "table column", "public.t.c", T) in said
    assert ("r3", "create", "table", "s.u", ("s", "u")) in said
    assert [t.reason for t in log if t.action == "rewrite"] == [4]
    dropped = [(t.revision, t.kind, t.name, t.table) for t in log if t.action == "drop"]
    assert ("r4", "view", "public.v", None) in dropped
    assert ("r5", "table column", "public.t.a", T) in dropped
    assert ("r5", "table", "s.u", ("s", "u")) in dropped


def test_extensions_and_temporary_tables_are_not_named(connection: Connection) -> None:
    log = touched(
        connection,
        "CREATE TEMPORARY TABLE x (a int); ALTER TABLE x ADD b int; DROP TABLE x",
        "CREATE EXTENSION pg_trgm",
    )
    assert [(t.action, t.kind, t.name) for t in log] == [("create", "extension", "pg_trgm")]


def test_leaves_nothing_behind(connection: Connection) -> None:
    connection.execute("CREATE TABLE t (a int)")
    before = read_catalog(connection)
    assert touched(connection, "CREATE TABLE u (a int)", "DROP TABLE u") != []
    after = read_catalog(connection)
    assert isinstance(before, Catalog)
    assert isinstance(after, Catalog)
    assert list(after.objects()) == list(before.objects())
    assert after.left_out == before.left_out


def test_a_role_that_may_not_says_so_and_changes_nothing(connection: Connection) -> None:
    connection.execute("CREATE ROLE nobody_here; SET ROLE nobody_here")
    try:
        assert not install(connection)
    finally:
        connection.execute("RESET ROLE; DROP ROLE nobody_here")
    schemas = connection.execute("SELECT 1 FROM pg_namespace WHERE nspname = 'pgassay'")
    assert schemas.fetchall() == []
