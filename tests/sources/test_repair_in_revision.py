"""The SQL that fixes print for op.execute() means there what it means to PostgreSQL."""

from __future__ import annotations

from typing import Any

import psycopg
import pytest
import sqlalchemy as sa
from alembic.migration import MigrationContext
from alembic.operations import Operations

from pgassay.analysis import drift_repair
from pgassay.analysis.alembic_operations import in_op_execute, sqlalchemy_column
from pgassay.analysis.schema_diff import compare
from pgassay.facts.catalog import Catalog, Column, SchemaObject
from pgassay.postgres.scratch import Database
from pgassay.postgres.scratch_server import ScratchServer
from pgassay.sources.catalog import read_catalog

Connection = psycopg.Connection[Any]

ODD = r"""
CREATE TABLE "T%:a" (
  id int, "c:d" text DEFAULT ':z', CONSTRAINT "k:e" CHECK ("c:d" <> '\:y :x::y'));
CREATE INDEX "i:x" ON "T%:a" ("c:d") WHERE "c:d" <> ':w';
CREATE FUNCTION ":f"() RETURNS text LANGUAGE sql AS
$$ SELECT ':z \:y \\:x a:b :c:'::text || '%s %' $$;
CREATE VIEW "v:w" AS SELECT ' :v'::text AS a;
COMMENT ON TABLE "T%:a" IS 'said :so';
"""


def read(connection: Connection) -> Catalog:
    catalog = read_catalog(connection)
    assert isinstance(catalog, Catalog), catalog
    return catalog


@pytest.mark.parametrize(
    "create", [drift_repair.create_if_missing, drift_repair.create_in_revision]
)
def test_alembic_runs_it(
    server: ScratchServer, database: Database, connection: Connection, create: Any
) -> None:
    connection.execute(ODD.encode())
    wanted = read(connection)
    other = server.create_database(f"{database.name}_revision")
    things: list[SchemaObject] = [*wanted.tables, *(t for t in wanted.others if ":" in t.subject)]
    engine = sa.create_engine("postgresql+psycopg://", creator=other.connect, poolclass=sa.NullPool)
    try:
        with engine.begin() as revision:
            op = Operations(MigrationContext.configure(revision))
            for thing in things:
                for statement in create(thing, wanted):
                    op.execute(statement)
        with other.connect(autocommit=True) as made:
            assert list(read(made).objects()) == list(wanted.objects())
    finally:
        engine.dispose()
        server.drop_database(other)


@pytest.mark.parametrize(
    "sql",
    [
        "':z'",
        "a::text",
        "a:b",
        ":a:b:",
        ":c:",
        r"\:z",
        r"\\:z",
        r"\: ",
        r"\::a",
        r"\:a:b",
        "x = :y",
        "[1:2]",
        "'::a'",
        ":::a",
        ":é",
        "12:30:45",
        "(:z)",
        r"\\\:a",
        "E'\\\\:n'",
        ":",
    ],
)
def test_text_gives_back_the_sql(sql: str) -> None:
    compiled = sa.text(in_op_execute(sql)).compile()
    assert str(compiled) == sql
    assert compiled.params == {}


def test_a_columns_default_is_text_too() -> None:
    column = Column("public", "t", "c", type="text", default="':z'::text")
    written = sqlalchemy_column(column)
    assert written is not None
    made = eval(written, {"sa": sa})
    assert str(made.server_default.arg.compile()) == "':z'::text"


def test_sql_for_live_is_plain(connection: Connection) -> None:
    connection.execute(b"CREATE VIEW v AS SELECT ' :v'::text AS a")
    wanted = read(connection)
    [view] = [thing for thing in wanted.others if thing.subject == "public.v"]
    [by_hand] = drift_repair.create_by_hand(view, wanted)
    [in_revision] = drift_repair.create_in_revision(view, wanted)
    assert "' :v'::text" in by_hand
    assert "' \\:v'::text" in in_revision


@pytest.mark.parametrize(
    "ddl",
    [
        "CREATE TABLE t (id serial PRIMARY KEY) WITH (fillfactor = 70)",
        "CREATE UNLOGGED TABLE t (id bigserial PRIMARY KEY, up int REFERENCES t)",
        "CREATE TABLE t (id serial, n int) PARTITION BY RANGE (n)",
        # A table that was renamed keeps the sequence of its old name.
        "CREATE TABLE o (id serial PRIMARY KEY); ALTER TABLE o RENAME TO t",
        "CREATE TABLE t (id serial); ALTER SEQUENCE t_id_seq INCREMENT 10; "
        "COMMENT ON SEQUENCE t_id_seq IS 'by tens'",
        "CREATE TABLE t (id serial, code text NOT NULL, UNIQUE (code)) WITH (fillfactor = 70); "
        "ALTER TABLE t REPLICA IDENTITY USING INDEX t_code_key",
        "CREATE TABLE t (id int GENERATED ALWAYS AS IDENTITY (START 5)) WITH (fillfactor = 70)",
    ],
)
def test_a_table_with_what_it_is_made_with_runs_twice(
    server: ScratchServer, database: Database, connection: Connection, ddl: str
) -> None:
    connection.execute(ddl.encode())
    wanted = read(connection)
    (table,) = wanted.tables
    other = server.create_database(f"{database.name}_twice")
    try:
        for create in (drift_repair.create_if_missing, drift_repair.create_if_missing):
            with other.connect() as revision:
                for statement in create(table, wanted):
                    revision.execute(statement.encode())
            with other.connect(autocommit=True) as made:
                assert list(read(made).objects()) == list(wanted.objects())
    finally:
        server.drop_database(other)


@pytest.mark.parametrize("wanted", ["UNIQUE INDEX i ON t (a)", "INDEX i ON t (b)"])
def test_an_index_is_made_alike_in_a_transaction(
    server: ScratchServer, database: Database, connection: Connection, wanted: str
) -> None:
    table = b"CREATE TABLE t (a int, b int);"
    connection.execute(table + f"CREATE {wanted}".encode())
    right = read(connection)
    other = server.create_database(f"{database.name}_index")
    try:
        with other.connect(autocommit=True) as wrong:
            wrong.execute(table + b"CREATE INDEX i ON t (a)")
            found = compare({"history": read(wrong), "live": right}).differences
        with other.connect() as revision:
            for statement in drift_repair.make_alike(found, "history", "live", right):
                revision.execute(statement.encode())
        with other.connect(autocommit=True) as made:
            assert list(read(made).objects()) == list(right.objects())
        # By hand it locks nobody out.
        by_hand = drift_repair.make_alike(found, "live", "history", right)
        assert [s.split()[2] for s in by_hand if s.startswith("DROP")] == ["CONCURRENTLY"]
    finally:
        server.drop_database(other)
