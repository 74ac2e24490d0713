"""Whether critical tables hold rows, on real servers."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import psycopg
import pytest

from pgassay.facts.table_rows import TableRows
from pgassay.sources.named_tables import parse_table_name
from pgassay.sources.read_only import parse_search_path
from pgassay.sources.table_rows import read_critical_rows

Connection = psycopg.Connection[Any]


@pytest.fixture
def reader(connection: Connection) -> Iterator[str]:
    """A role without rights; the session is not it yet."""
    connection.execute('CREATE ROLE "Reader"')
    yield "Reader"
    connection.execute('RESET ROLE; DROP OWNED BY "Reader"; DROP ROLE "Reader"')


def test_tells_full_empty_and_absent(connection: Connection) -> None:
    connection.execute(
        'CREATE TABLE full_one (a int); INSERT INTO full_one VALUES (1); CREATE SCHEMA "S x";'
        'CREATE TABLE "S x"."T.t" (a int); CREATE SCHEMA app; CREATE TABLE app.only (a int)'
    )
    names = ["full_one", "public.full_one", '"S x"."T.t"', "only", "absent", "public.only"]
    assert read_critical_rows(connection, names) == (
        TableRows("full_one", True, True),
        TableRows("public.full_one", True, True),
        TableRows('"S x"."T.t"', True, False),
        TableRows("only", True, False),
        TableRows("absent", False, None, "no table absent in any schema"),
        TableRows("public.only", False, None, "no table only in schema public"),
    )


def test_the_search_path_decides_and_else_it_is_ambiguous(connection: Connection) -> None:
    connection.execute(
        "CREATE SCHEMA a; CREATE SCHEMA b; CREATE TABLE a.t (x int); CREATE TABLE b.t (x int);"
        "INSERT INTO b.t VALUES (1)"
    )
    (row,) = read_critical_rows(connection, ["t"])
    assert row.has_rows is None
    assert row.reason == "ambiguous: a.t, b.t; write the schema in critical.tables"
    connection.execute("SET search_path = b, a")
    assert read_critical_rows(connection, ["t"]) == (TableRows("t", True, True),)


def test_one_failure_does_not_spoil_the_others(connection: Connection, reader: str) -> None:
    connection.execute(
        "CREATE TABLE closed (a int); CREATE TABLE hidden (a int); CREATE TABLE open (a int);"
        "INSERT INTO open VALUES (1); INSERT INTO hidden VALUES (1);"
        'ALTER TABLE hidden ENABLE ROW LEVEL SECURITY; GRANT SELECT ON open, hidden TO "Reader";'
        'CREATE VIEW seen AS SELECT 1 AS a; SET ROLE "Reader"'
    )
    closed, hidden, seen, opened = read_critical_rows(
        connection, ["closed", "hidden", "seen", "open"]
    )
    assert closed.has_rows is None
    assert f"role {reader} may not read public.closed" in closed.reason
    assert 'GRANT SELECT ON TABLE "public"."closed" TO "Reader";' in closed.reason
    assert hidden.has_rows is None
    assert "row-level security hides rows of public.hidden" in hidden.reason
    assert (seen.present, seen.has_rows) == (True, None)
    assert "is a view" in seen.reason
    assert opened == TableRows("open", True, True)


def test_a_closed_schema_asks_for_both_grants(connection: Connection, reader: str) -> None:
    connection.execute('CREATE SCHEMA app; CREATE TABLE app.t (a int); SET ROLE "Reader"')
    (row,) = read_critical_rows(connection, ["app.t"])
    assert row.has_rows is None
    assert f'GRANT USAGE ON SCHEMA "app" TO "{reader}"; GRANT SELECT ON TABLE "app"."t"' in (
        row.reason
    )


def test_a_lock_is_not_waited_for_long(connection: Connection, second: Connection) -> None:
    connection.execute("CREATE TABLE t (a int); CREATE TABLE u (a int)")
    with second.transaction():
        second.execute("LOCK TABLE t IN ACCESS EXCLUSIVE MODE")
        locked, free = read_critical_rows(connection, ["t", "u"])
    assert locked.has_rows is None
    assert "lock timeout" in locked.reason
    assert free == TableRows("u", True, False)


def test_a_lost_connection_leaves_all_unknown(connection: Connection, second: Connection) -> None:
    second.execute("SELECT pg_terminate_backend(%s)", [connection.info.backend_pid])
    rows = read_critical_rows(connection, ["a", "b"])
    assert [(r.name, r.has_rows) for r in rows] == [("a", None), ("b", None)]
    assert all(r.reason for r in rows)


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("t", ("", "t")),
        ("s.t", ("s", "t")),
        ('"S.s"."t""t"', ("S.s", 't"t')),
        ('s."T"', ("s", "T")),
        ("with space", ("", "with space")),
        ("a.b.c", ("", "a.b.c")),
    ],
)
def test_parses_names(written: str, meant: tuple[str, str]) -> None:
    assert parse_table_name(written) == meant


def test_parses_search_paths() -> None:
    assert parse_search_path('"$user", Public, "My ""X"""', "app") == ("app", "public", 'My "X"')
    assert parse_search_path("", "app") == ()
