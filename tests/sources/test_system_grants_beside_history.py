"""Rights on system objects that a database has, and no revision gives."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import psycopg
import pytest

from pgassay.analysis.creation import drop
from pgassay.analysis.schema_diff import compare
from pgassay.analysis.side_scope import EVERYTHING, HISTORY
from pgassay.facts.catalog import Catalog
from pgassay.facts.comparison import Comparison
from pgassay.postgres.scratch import Database
from pgassay.postgres.scratch_server import ScratchServer
from pgassay.sources.catalog import read_catalog

Connection = psycopg.Connection[Any]

ROLES = ("granted_app", "rds_superuser")
BASE = "CREATE TABLE t (a int);"
SETS_GRANTS = f"{BASE} GRANT SELECT ON t TO granted_app;"
READ_FILE = "function pg_catalog.pg_read_file(pg_catalog.text)"
SLEEP = "function pg_catalog.pg_sleep(double precision)"
NOT_THEIRS = "system grants: more for no role of the history"
NO_GRANTS = "grants: the history set none"


@pytest.fixture
def live(connection: Connection) -> Iterator[Connection]:
    for role in ROLES:
        connection.execute(f"CREATE ROLE {role}".encode())
    yield connection
    for role in ROLES:
        connection.execute(f"DROP OWNED BY {role}; DROP ROLE {role}".encode())


@pytest.fixture
def built(live: Connection, server: ScratchServer, database: Database) -> Iterator[Connection]:
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


def compared(live: Connection, built: Connection, on_live: str, history: str) -> Comparison:
    built.execute(history.encode())
    live.execute((SETS_GRANTS + on_live).encode())
    history_read = read(built)
    sides = {"live": read(live), "applied": history_read, "history": history_read}
    return compare(sides, scopes={"live": EVERYTHING, "applied": HISTORY, "history": HISTORY})


def said(comparison: Comparison) -> list[tuple[str, str, dict[str, str]]]:
    return [(d.subject, d.property, dict(d.values)) for d in comparison.differences]


GIVEN = {"live": "present", "applied": "absent", "history": "absent"}


@pytest.mark.parametrize(
    ("statement", "subject", "undone"),
    [
        (
            "GRANT EXECUTE ON FUNCTION pg_read_file(text) TO granted_app",
            READ_FILE,
            "REVOKE ALL ON FUNCTION pg_catalog.pg_read_file(pg_catalog.text) FROM granted_app;",
        ),
        (
            "GRANT EXECUTE ON FUNCTION pg_read_file(text) TO PUBLIC, rds_superuser",
            READ_FILE,
            "REVOKE ALL ON FUNCTION pg_catalog.pg_read_file(pg_catalog.text) FROM PUBLIC;",
        ),
        (
            "GRANT SELECT (rolpassword) ON pg_authid TO granted_app",
            "column pg_catalog.pg_authid.rolpassword",
            "REVOKE ALL (rolpassword) ON TABLE pg_catalog.pg_authid FROM granted_app;",
        ),
        (
            "GRANT EXECUTE ON FUNCTION pg_sleep(float8) TO granted_app WITH GRANT OPTION",
            SLEEP,
            "REVOKE ALL ON FUNCTION pg_catalog.pg_sleep(double precision) FROM granted_app;",
        ),
    ],
)
def test_what_gives_more_is_named(
    live: Connection, built: Connection, statement: str, subject: str, undone: str
) -> None:
    found = compared(live, built, statement, SETS_GRANTS)
    assert said(found) == [(subject, "presence", GIVEN)]
    # And taken back from nobody else.
    assert drop(dict(found.differences[0].objects)["live"]) == undone


@pytest.mark.parametrize(
    "statement",
    [
        "GRANT EXECUTE ON FUNCTION pg_read_file(text) TO rds_superuser",
        "REVOKE EXECUTE ON FUNCTION pg_sleep(float8) FROM PUBLIC",
        "REVOKE SELECT ON pg_roles FROM PUBLIC; GRANT SELECT ON pg_roles TO rds_superuser",
    ],
)
def test_what_a_host_does_is_counted(live: Connection, built: Connection, statement: str) -> None:
    found = compared(live, built, statement, SETS_GRANTS)
    assert said(found) == []
    assert dict(found.left_out) == {NOT_THEIRS: 1}


def test_a_history_without_grants_says_nothing_of_these(
    live: Connection, built: Connection
) -> None:
    found = compared(live, built, "GRANT EXECUTE ON FUNCTION pg_read_file(text) TO PUBLIC", BASE)
    assert said(found) == []
    assert dict(found.left_out)[NO_GRANTS] == 2


@pytest.mark.parametrize(
    "statement",
    [
        "GRANT EXECUTE ON FUNCTION pg_read_file(text) TO granted_app;",
        "REVOKE EXECUTE ON FUNCTION pg_sleep(float8) FROM PUBLIC;",
    ],
)
def test_what_a_revision_does_is_missed_where_it_was_not_done(
    live: Connection, built: Connection, statement: str
) -> None:
    [(_, prop, values)] = said(compared(live, built, "", SETS_GRANTS + statement))
    assert (prop, values) == (
        "presence",
        {"live": "absent", "applied": "present", "history": "present"},
    )


@pytest.mark.parametrize(
    "statement",
    [
        "GRANT EXECUTE ON FUNCTION pg_read_file(text) TO granted_app;",
        "REVOKE EXECUTE ON FUNCTION pg_read_file(text) FROM PUBLIC, granted_app;"
        "GRANT EXECUTE ON FUNCTION pg_read_file(text) TO granted_app;",
    ],
)
def test_a_host_s_role_beside_it_is_no_difference(
    live: Connection, built: Connection, statement: str
) -> None:
    more = f"{statement} GRANT EXECUTE ON FUNCTION pg_read_file(text) TO rds_superuser"
    found = compared(live, built, more, SETS_GRANTS + statement)
    assert said(found) == []
    assert dict(found.left_out) == {NOT_THEIRS: 1}
