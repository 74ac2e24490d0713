"""Rights on what the server and its extensions made, where somebody changed them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import psycopg
import pytest

from pgassay.analysis.creation import drop, make
from pgassay.facts.catalog import Catalog, Extension, Grant, Language, SystemGrants
from pgassay.sources.catalog import read_catalog

Connection = psycopg.Connection[Any]


@pytest.fixture
def system_reader(connection: Connection) -> Iterator[None]:
    connection.execute("CREATE ROLE system_reader")
    yield
    connection.execute("DROP OWNED BY system_reader; DROP ROLE system_reader")


def read(connection: Connection) -> Catalog:
    catalog = read_catalog(connection)
    assert isinstance(catalog, Catalog)
    return catalog


RIGHTS = (
    (
        "GRANT EXECUTE ON FUNCTION pg_read_file(text) TO system_reader",
        "function pg_catalog.pg_read_file(pg_catalog.text)",
        Grant("system_reader", ("ALL",)),
    ),
    (
        "GRANT SELECT ON pg_authid TO system_reader",
        "table pg_catalog.pg_authid",
        Grant("system_reader", ("SELECT",)),
    ),
    (
        "GRANT SELECT (rolpassword) ON pg_authid TO system_reader",
        "column pg_catalog.pg_authid.rolpassword",
        Grant("system_reader", ("SELECT",)),
    ),
    (
        "REVOKE EXECUTE ON FUNCTION pg_sleep(double precision) FROM PUBLIC",
        "function pg_catalog.pg_sleep(double precision)",
        Grant("PUBLIC", ()),
    ),
    ("REVOKE USAGE ON SCHEMA pg_catalog FROM PUBLIC", "schema pg_catalog", Grant("PUBLIC", ())),
    ("REVOKE USAGE ON LANGUAGE plpgsql FROM PUBLIC", "language plpgsql", Grant("PUBLIC", ())),
    (
        "REVOKE SELECT ON information_schema.columns FROM PUBLIC",
        "table information_schema.columns",
        Grant("PUBLIC", ()),
    ),
    ("REVOKE USAGE ON TYPE int4 FROM PUBLIC", "type pg_catalog.int4", Grant("PUBLIC", ())),
    (
        "GRANT SELECT ON pg_stats TO system_reader WITH GRANT OPTION",
        "table pg_catalog.pg_stats",
        Grant("system_reader", ("SELECT WITH GRANT OPTION",)),
    ),
)


@pytest.mark.usefixtures("system_reader")
@pytest.mark.parametrize(("ddl", "name", "grant"), RIGHTS, ids=[name for _, name, _ in RIGHTS])
def test_changed_rights(connection: Connection, ddl: str, name: str, grant: Grant) -> None:
    before = read(connection)
    assert before.of(SystemGrants) == ()
    connection.execute(ddl.encode())
    catalog = read(connection)
    assert catalog.fingerprint != before.fingerprint
    (found,) = catalog.of(SystemGrants)
    assert found.grants == (grant,)
    assert found.name.replace("pg_catalog.text", "text") == name.replace("pg_catalog.text", "text")
    connection.execute(drop(found).encode())
    assert read(connection).of(SystemGrants) == ()
    connection.execute("\n".join(make(found, catalog)).encode())
    assert read(connection).of(SystemGrants) == (found,)
    connection.execute(drop(found).encode())


def test_rights_on_an_extensions_objects(connection: Connection) -> None:
    connection.execute(
        "CREATE FUNCTION f() RETURNS int LANGUAGE sql AS 'SELECT 1';"
        "ALTER EXTENSION plpgsql ADD FUNCTION f()"
    )
    assert read(connection).of(SystemGrants) == ()
    connection.execute("REVOKE EXECUTE ON FUNCTION f() FROM PUBLIC")
    assert read(connection).of(SystemGrants) == (
        SystemGrants(
            "function public.f()",
            grants=(Grant("PUBLIC", ()),),
            initial=(Grant("PUBLIC", ("ALL",)),),
        ),
    )


def test_plpgsql_is_an_extension_as_any_other(connection: Connection) -> None:
    assert read(connection).of(Extension) == (Extension("plpgsql", "1.0", "pg_catalog"),)
    connection.execute("DROP EXTENSION plpgsql")
    assert read(connection).of(Extension) == ()
    connection.execute("CREATE EXTENSION plpgsql")
    assert [e.name for e in read(connection).of(Extension)] == ["plpgsql"]
    assert read(connection).of(Language) == ()
