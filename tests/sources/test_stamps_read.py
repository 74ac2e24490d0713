"""What is read of version tables on real servers."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import psycopg
import pytest

from pgassay.facts.history import Stamp
from pgassay.facts.unavailable import Unavailable
from pgassay.sources.stamps import read_stamps

Connection = psycopg.Connection[Any]
ANYWHERE = ("", "alembic_version")


@pytest.fixture
def reader(connection: Connection) -> Iterator[str]:
    """A role without rights; the session is not it yet."""
    connection.execute('CREATE ROLE "Reader"')
    yield "Reader"
    connection.execute('RESET ROLE; DROP OWNED BY "Reader"; DROP ROLE "Reader"')


def stamped(connection: Connection, table: str, *revisions: str) -> None:
    connection.execute(f"CREATE TABLE {table} (version_num varchar(32) PRIMARY KEY)".encode())
    for revision in revisions:
        connection.execute(f"INSERT INTO {table} VALUES ('{revision}')".encode())


def test_reads_every_head(connection: Connection) -> None:
    stamped(connection, "alembic_version", "b", "a")
    connection.execute("CREATE SCHEMA app")
    stamped(connection, "app.version", "c")
    tables = [ANYWHERE, ("app", "version"), ("app", "none"), ("", "none")]
    assert read_stamps(connection, tables) == (
        Stamp("public.alembic_version", ("a", "b")),
        Stamp("app.version", ("c",)),
        Stamp("app.none", None),
        Stamp("public.none", None),
    )


def test_an_empty_table_is_not_an_absent_one(connection: Connection) -> None:
    stamped(connection, "alembic_version")
    assert read_stamps(connection, [ANYWHERE]) == (Stamp("public.alembic_version", ()),)


def test_follows_the_search_path(connection: Connection) -> None:
    connection.execute('CREATE SCHEMA "My App"; CREATE SCHEMA other')
    stamped(connection, '"My App".alembic_version', "mine")
    stamped(connection, "other.alembic_version", "other")
    elsewhere = ("My App.alembic_version", "other.alembic_version")
    assert read_stamps(connection, [ANYWHERE]) == (
        Stamp("public.alembic_version", None, elsewhere),
    )
    connection.execute('SET search_path = "$user", "My App", public')
    assert read_stamps(connection, [ANYWHERE]) == (Stamp("My App.alembic_version", ("mine",)),)


def test_permission_denied_names_the_grant(connection: Connection, reader: str) -> None:
    stamped(connection, "alembic_version", "a")
    connection.execute('SET ROLE "Reader"')
    read = read_stamps(connection, [ANYWHERE])
    assert isinstance(read, Unavailable)
    assert f"role {reader}" in read.reason
    assert read.next_step == 'GRANT SELECT ON TABLE "public"."alembic_version" TO "Reader";'


@pytest.mark.usefixtures("reader")
def test_a_closed_schema_in_the_path_is_not_an_absent_table(connection: Connection) -> None:
    connection.execute("CREATE SCHEMA app; SET search_path = app, public")
    stamped(connection, "app.alembic_version", "a")
    connection.execute('SET ROLE "Reader"')
    read = read_stamps(connection, [ANYWHERE])
    assert isinstance(read, Unavailable)
    assert "permission denied for schema app" in read.reason
    assert read.next_step.startswith('GRANT USAGE ON SCHEMA "app" TO "Reader"; GRANT SELECT ON')
    connection.execute("RESET ROLE")
    connection.execute(read.next_step.encode())
    connection.execute('SET ROLE "Reader"')
    assert read_stamps(connection, [ANYWHERE]) == (Stamp("app.alembic_version", ("a",)),)


@pytest.mark.usefixtures("reader")
def test_rows_that_a_policy_hides_are_not_an_empty_stamp(connection: Connection) -> None:
    stamped(connection, "alembic_version", "a")
    connection.execute(
        "ALTER TABLE alembic_version ENABLE ROW LEVEL SECURITY; GRANT SELECT ON alembic_version TO"
        ' "Reader"; SET ROLE "Reader"'
    )
    assert isinstance(read_stamps(connection, [ANYWHERE]), Unavailable)


@pytest.mark.parametrize(
    "definition",
    [
        "CREATE TABLE alembic_version (id int)",
        "CREATE VIEW alembic_version AS SELECT 1 version_num",
    ],
)
def test_something_else_of_that_name_is_unavailable(
    connection: Connection, definition: str
) -> None:
    connection.execute(definition.encode())
    read = read_stamps(connection, [ANYWHERE])
    assert isinstance(read, Unavailable)
    assert "public.alembic_version is a" in read.reason
