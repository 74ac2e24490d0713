"""What a failure on scratch means, and what is not carried out there at all."""

from __future__ import annotations

import pytest

from pgassay.analysis.refused_sql import refusal
from pgassay.analysis.sql_fate import fate
from pgassay.facts.location import Location
from pgassay.facts.sql_run import SqlFailure


def of(
    sqlstate: str,
    error: str = "",
    statement: str = "",
    *,
    before: tuple[SqlFailure, ...] = (),
    incomplete: bool = False,
    on_empty: bool = False,
    managed: tuple[str, ...] = (),
) -> str:
    return fate(
        sqlstate,
        error,
        statement,
        before=before,
        incomplete=incomplete,
        on_empty=on_empty,
        managed=managed,
    )


def failed(statement: str, how: str = "fails") -> SqlFailure:
    return SqlFailure(Location("a.sql", 1), statement, "", "42601", how)  # type: ignore[arg-type]


NO_T = 'relation "t" does not exist'


def test_what_is_there_already() -> None:
    assert of("42P07", 'relation "t" already exists') == "already"
    assert of("42701") == of("42710") == of("23505") == "already"
    assert of("23505", on_empty=True) == "fails"
    assert of("42P07", 'relation "t" already exists', on_empty=True) == "fails"
    assert of("42P06", 'schema "public" already exists', on_empty=True) == "already"


def test_rows_are_no_excuse_on_an_empty_database() -> None:
    for sqlstate in ("23503", "22P02", "P0001", "21000"):
        assert of(sqlstate) == "unknown"
        assert of(sqlstate, on_empty=True) == "fails"


def test_what_scratch_lacks_proves_nothing() -> None:
    for sqlstate in ("42501", "55000", "58P01", "53100", "57014"):
        assert of(sqlstate, on_empty=True) == "unknown"
    assert of("0A000", 'extension "x" is not available', on_empty=True) == "unknown"
    assert of("0A000", "cannot alter type of a column used by a view or rule") == "unknown"
    assert of("0A000", "cannot alter type of a column used by a view", on_empty=True) == "fails"
    unknown = 'unrecognized configuration parameter "app.x"'
    assert of("42704", unknown, on_empty=True) == "unknown"


def test_a_missing_object_fails_unless_something_before_would_have_made_it() -> None:
    assert of("42P01", NO_T) == "fails"
    assert of("42P01", NO_T, incomplete=True) == "unknown"
    assert of("42P01", NO_T, before=(failed("CREATE TABLE t (a nosuch)"),)) == "follows"
    assert of("42P01", NO_T, before=(failed("CREATE TABLE u (a nosuch)"),)) == "fails"
    assert of("42P01", NO_T, before=(failed("CREATE TABLE t ()", "unknown"),)) == "unknown"
    column = 'column "a" of relation "t" does not exist'
    assert of("42703", column, before=(failed("ALTER TABLE t ADD COLUMN a nosuch"),)) == "follows"


def test_what_a_service_fills_is_not_known() -> None:
    error = 'relation "auth.sessions" does not exist'
    assert of("42P01", error, managed=("auth",)) == "unknown"
    assert of("42P01", error) == "fails"


@pytest.mark.parametrize(
    ("statement", "matters"),
    [
        ("CREATE DATABASE other", False),
        ("ALTER SYSTEM SET fsync = off", False),
        ("ALTER ROLE app PASSWORD 'x'", False),
        ("DROP USER app", False),
        ("CREATE SUBSCRIPTION s CONNECTION 'host=x' PUBLICATION p", False),
        ("COPY t FROM '/etc/passwd'", True),
        ("COPY (SELECT 1) TO PROGRAM 'sh'", True),
        ("COPY t (a, b) TO E'/tmp/x'", True),
        ("SELECT pg_read_file('/etc/passwd')", True),
        ("DO $$ BEGIN EXECUTE 'COPY t TO PROGRAM ''sh'''; END $$", True),
        ("SELECT '--', $$--$$, pg_read_file('x')", True),
        ("SELECT * FROM dblink('host=prod', 'SELECT 1') AS t (a int)", True),
        ("IMPORT FOREIGN SCHEMA s FROM SERVER x INTO y", True),
    ],
)
def test_what_reaches_past_the_database_is_refused(statement: str, matters: bool) -> None:
    refused = refusal(f"-- why\n{statement}")
    assert refused is not None
    assert refused.matters is matters


@pytest.mark.parametrize(
    "statement",
    [
        "COPY t (a) FROM stdin",
        "CREATE ROLE app",
        "CREATE USER MAPPING FOR app SERVER s",
        "ALTER USER MAPPING FOR app SERVER s OPTIONS (SET user 'x')",
        "CREATE FUNCTION f() RETURNS text LANGUAGE sql AS $$ SELECT pg_read_file('x') $$",
        "INSERT INTO t VALUES ('COPY u FROM stdin')",
        "ALTER TABLE t OWNER TO app",
    ],
)
def test_what_stays_inside_is_not(statement: str) -> None:
    assert refusal(statement) is None
