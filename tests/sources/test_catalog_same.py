"""What is made by the same DDL, or restored from a dump, reads as equal facts."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest

from pgassay.facts.catalog import Catalog, Extension, SchemaObject
from pgassay.postgres.binaries import all_binaries
from pgassay.postgres.scratch import Database
from pgassay.postgres.scratch_server import ScratchServer
from pgassay.sources.catalog import read_catalog

Connection = psycopg.Connection[Any]

BASE = (Path(__file__).parents[1] / "drift_corpus" / "base.sql").read_text()


def catalog(database: Database) -> Catalog:
    with database.connect(autocommit=True) as connection:
        read = read_catalog(connection)
    assert isinstance(read, Catalog)
    assert read.unread == ()
    return read


def facts(read: Catalog) -> tuple[SchemaObject, ...]:
    return tuple(read.objects())


@pytest.fixture
def base(database: Database) -> Iterator[Database]:
    with database.connect(autocommit=True) as connection:
        connection.execute("CREATE ROLE app_ro; CREATE ROLE app_rw")
        connection.execute(BASE.encode())
    yield database
    with database.connect(autocommit=True) as connection:
        for role in ("app_ro", "app_rw"):
            connection.execute(f"DROP OWNED BY {role}; DROP ROLE {role}".encode())


def test_the_same_ddl_twice(server: ScratchServer, base: Database) -> None:
    again = server.create_database("same_again")
    try:
        with again.connect(autocommit=True) as connection:
            connection.execute("CREATE TABLE shifts_every_oid (a serial PRIMARY KEY)")
            connection.execute("DROP TABLE shifts_every_oid")
            connection.execute(BASE.encode())
        assert facts(catalog(again)) == facts(catalog(base))
        with again.connect(autocommit=True) as connection:
            connection.execute("ALTER TABLE child ALTER x SET NOT NULL")
        assert facts(catalog(again)) != facts(catalog(base))
    finally:
        with again.connect(autocommit=True) as connection:
            connection.execute("DROP OWNED BY app_ro")
        server.drop_database(again)


def test_a_restored_dump(server: ScratchServer, base: Database) -> None:
    major = catalog(base).server_major
    binaries = next(found for found in all_binaries() if found.major == major)
    pg_dump, psql = binaries.program("pg_dump"), binaries.program("psql")
    assert pg_dump is not None
    assert psql is not None
    dump = subprocess.run(
        [os.fspath(pg_dump), base.url()], capture_output=True, check=False, text=True
    )
    assert dump.returncode == 0, dump.stderr
    restored = server.create_database("restored")
    try:
        subprocess.run(
            [os.fspath(psql), "-q", "-v", "ON_ERROR_STOP=1", restored.url()],
            input=dump.stdout,
            capture_output=True,
            check=True,
            text=True,
        )
        # A dump says no version of an extension: what is there now is created.
        have, want = (
            [t for t in facts(catalog(of)) if not isinstance(t, Extension)]
            for of in (restored, base)
        )
        assert [t.subject for t in have] == [t.subject for t in want]
        # PostgreSQL writes an IN list of varchar in another way once it has parsed its own text.
        differing = [one.subject for one, other in zip(have, want, strict=True) if one != other]
        assert differing == ["public.parent.parent_status_ck"]
    finally:
        with restored.connect(autocommit=True) as connection:
            connection.execute("DROP OWNED BY app_ro")
        server.drop_database(restored)


EQUAL = {
    "attached or created partitions": (
        "CREATE TABLE p (a int NOT NULL, b text DEFAULT 'x', CHECK (a > 0), PRIMARY KEY (a))"
        " PARTITION BY RANGE (a); CREATE INDEX ix ON p (b);",
        "CREATE TABLE c PARTITION OF p FOR VALUES FROM (1) TO (9)",
        "CREATE TABLE c (a int NOT NULL, b text DEFAULT 'x', CONSTRAINT p_a_check CHECK (a > 0),"
        " PRIMARY KEY (a)); CREATE INDEX c_b_idx ON c (b);"
        "ALTER TABLE p ATTACH PARTITION c FOR VALUES FROM (1) TO (9)",
    ),
    "options in another order": (
        "CREATE TABLE t (a int);",
        "ALTER TABLE t SET (fillfactor = 70, autovacuum_enabled = off)",
        "ALTER TABLE t SET (autovacuum_enabled = false); ALTER TABLE t SET (fillfactor = 70)",
    ),
    "set and reset": (
        "CREATE TABLE t (a text);",
        "",
        "ALTER TABLE t ALTER a SET STATISTICS 5, ALTER a SET STORAGE EXTERNAL,"
        " SET (fillfactor = 70); ALTER TABLE t ALTER a SET STATISTICS -1,"
        " ALTER a SET STORAGE EXTENDED, RESET (fillfactor); COMMENT ON TABLE t IS 'x';"
        "COMMENT ON TABLE t IS NULL; GRANT SELECT ON t TO PUBLIC; REVOKE SELECT ON t FROM PUBLIC",
    ),
    "serial or a sequence": (
        "",
        "CREATE TABLE t (a serial)",
        "CREATE SEQUENCE t_a_seq AS int; CREATE TABLE t (a int NOT NULL DEFAULT"
        " nextval('t_a_seq')); ALTER SEQUENCE t_a_seq OWNED BY t.a",
    ),
    "default privileges that are usual": (
        "",
        "",
        "ALTER DEFAULT PRIVILEGES GRANT EXECUTE ON FUNCTIONS TO PUBLIC",
    ),
}


@pytest.mark.parametrize("case", EQUAL)
def test_other_ddl_to_the_same_end(
    connection: Connection, second: Connection, server: ScratchServer, case: str
) -> None:
    before, one, other = EQUAL[case]
    connection.execute((before + one).encode())
    twin = server.create_database("twin")
    try:
        with twin.connect(autocommit=True) as opened:
            opened.execute((before + other).encode())
        want = read_catalog(second)
        assert isinstance(want, Catalog)
        assert facts(catalog(twin)) == facts(want)
    finally:
        server.drop_database(twin)
