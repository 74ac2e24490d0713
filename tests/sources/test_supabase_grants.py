"""What Supabase grants in every database of its own is no drift; what anybody else grants is."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import psycopg
import pytest

from pgassay.analysis.schema_diff import compare
from pgassay.analysis.side_scope import EVERYTHING, HISTORY
from pgassay.facts.catalog import Catalog, DefaultPrivileges, Grant, Schema
from pgassay.facts.comparison import Comparison
from pgassay.postgres.scratch import Database
from pgassay.postgres.scratch_server import ScratchServer
from pgassay.sources.catalog import read_catalog

Connection = psycopg.Connection[Any]

ROLES = ("anon", "authenticated", "service_role", "data_reader")
THEIRS = "postgres, anon, authenticated, service_role"
OWN = f"""
GRANT USAGE ON SCHEMA public TO {THEIRS};
ALTER DEFAULT PRIVILEGES FOR ROLE postgres IN SCHEMA public GRANT ALL ON TABLES TO {THEIRS};
ALTER DEFAULT PRIVILEGES FOR ROLE postgres IN SCHEMA public GRANT ALL ON FUNCTIONS TO {THEIRS};
ALTER DEFAULT PRIVILEGES FOR ROLE postgres IN SCHEMA public GRANT ALL ON SEQUENCES TO {THEIRS};
"""
# Before any of the above, so that no table has rights by it.
HISTORY_DDL = "CREATE TABLE t (a int); GRANT SELECT ON t TO data_reader;"
REASON = "grants: Supabase makes them itself"


@pytest.fixture
def live(connection: Connection) -> Iterator[Connection]:
    for role in ROLES:
        connection.execute(f"CREATE ROLE {role}".encode())
    yield connection
    for role in ROLES:
        connection.execute(f"DROP OWNED BY {role}; DROP ROLE {role}".encode())
    connection.execute("DROP ROLE IF EXISTS supabase_admin")


@pytest.fixture
def scratch(live: Connection, server: ScratchServer, database: Database) -> Iterator[Connection]:
    assert live.info.dbname == database.name, "which has made the roles"
    made = server.create_database(f"{database.name}_history")
    with made.connect(autocommit=True) as opened:
        yield opened
        for role in ROLES:
            opened.execute(f"DROP OWNED BY {role}".encode())
    server.drop_database(made)


def read(connection: Connection) -> Catalog:
    catalog = read_catalog(connection)
    assert isinstance(catalog, Catalog), catalog
    return catalog


def compared(
    live: Connection, scratch: Connection, on_live: str, history: str = "", *, role: bool = True
) -> Comparison:
    """The role is the service's: a scratch server has none of that name."""
    scratch.execute((HISTORY_DDL + history).encode())
    built = read(scratch)
    live.execute((HISTORY_DDL + history + on_live).encode())
    if role:
        live.execute("CREATE ROLE supabase_admin")
    sides = {"live": read(live), "applied": built, "history": built}
    return compare(sides, scopes={"live": EVERYTHING, "applied": HISTORY, "history": HISTORY})


def said(comparison: Comparison) -> list[tuple[str, str]]:
    return [(d.subject, d.property) for d in comparison.differences]


DEFAULTS = [
    f"postgres for {what} in schema public" for what in ("functions", "sequences", "tables")
]


def test_its_own_are_counted(live: Connection, scratch: Connection) -> None:
    found = compared(live, scratch, OWN)
    assert said(found) == []
    assert dict(found.left_out)[REASON] == 4


def test_without_its_role_they_are_somebody_s(live: Connection, scratch: Connection) -> None:
    found = compared(live, scratch, OWN, role=False)
    assert sorted(said(found)) == sorted(
        [("public", "grants"), *((name, "presence") for name in DEFAULTS)]
    )


@pytest.mark.parametrize(
    ("more", "subject", "prop", "theirs"),
    [
        (
            "GRANT CREATE ON SCHEMA public TO anon",
            "public",
            "grants",
            "anon: ALL",
        ),
        (
            "GRANT USAGE ON SCHEMA public TO data_reader",
            "public",
            "grants",
            "data_reader: USAGE",
        ),
        (
            "ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT SELECT ON TABLES TO data_reader",
            "postgres for tables in schema public",
            "presence",
            "present",
        ),
        (
            "ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT ALL ON TYPES TO anon",
            "postgres for types in schema public",
            "presence",
            "present",
        ),
        (
            "ALTER DEFAULT PRIVILEGES IN SCHEMA public"
            " GRANT ALL ON TABLES TO anon WITH GRANT OPTION",
            "postgres for tables in schema public",
            "presence",
            "present",
        ),
    ],
)
def test_a_grant_of_the_user_s_is_named_without_theirs(
    live: Connection, scratch: Connection, more: str, subject: str, prop: str, theirs: str
) -> None:
    found = compared(live, scratch, f"{OWN}; {more}")
    assert said(found) == [(subject, prop)]
    [difference] = found.differences
    value = dict(difference.values)["live"]
    assert theirs in value
    assert "service_role" not in value
    thing = dict(difference.objects)["live"]
    assert isinstance(thing, Schema | DefaultPrivileges)
    assert not [g for g in thing.grants if g.grantee == "service_role"]


@pytest.mark.parametrize(
    ("history", "undone", "subject", "prop"),
    [
        (
            "GRANT USAGE ON SCHEMA public TO anon;",
            "REVOKE USAGE ON SCHEMA public FROM anon",
            "public",
            "grants",
        ),
        (
            "GRANT USAGE ON SCHEMA public TO anon WITH GRANT OPTION;",
            "REVOKE GRANT OPTION FOR USAGE ON SCHEMA public FROM anon",
            "public",
            "grants",
        ),
        (
            "ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT ALL ON TABLES TO anon;",
            "ALTER DEFAULT PRIVILEGES IN SCHEMA public REVOKE ALL ON TABLES FROM anon",
            # Nothing is left of it but what is Supabase's, so it is missing as a whole.
            "postgres for tables in schema public",
            "presence",
        ),
    ],
)
def test_one_that_the_history_makes_may_not_be_missing(
    live: Connection, scratch: Connection, history: str, undone: str, subject: str, prop: str
) -> None:
    found = compared(live, scratch, f"{OWN}; {undone}", history)
    assert said(found) == [(subject, prop)]


@pytest.mark.parametrize(
    "history",
    [
        "GRANT USAGE ON SCHEMA public TO anon;",
        "ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT ALL ON TABLES TO anon;",
        "ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT SELECT ON TABLES TO anon, data_reader;",
    ],
)
def test_one_that_the_history_makes_too_is_there(
    live: Connection, scratch: Connection, history: str
) -> None:
    assert said(compared(live, scratch, OWN, history)) == []


def test_what_a_database_before_17_kept(live: Connection, scratch: Connection) -> None:
    """An upgrade to 17 gives nobody MAINTAIN who had all other rights."""
    older = OWN.replace(
        "GRANT ALL ON TABLES",
        "GRANT SELECT, INSERT, UPDATE, DELETE, TRUNCATE, REFERENCES, TRIGGER ON TABLES",
    )
    assert said(compared(live, scratch, older)) == []


def test_the_mark_is_no_part_of_the_schema(live: Connection) -> None:
    live.execute(OWN.encode())
    before = read(live)
    live.execute("CREATE ROLE supabase_admin")
    after = read(live)
    assert before == after
    [schema] = after.of(Schema)
    assert schema.of_service == tuple(
        Grant(role, ("USAGE",)) for role in ("anon", "authenticated", "postgres", "service_role")
    )
    assert [len(d.of_service) for d in after.of(DefaultPrivileges)] == [4, 4, 4]
    assert [d.of_service for d in before.of(DefaultPrivileges)] == [(), (), ()]
