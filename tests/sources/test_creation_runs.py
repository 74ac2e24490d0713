"""What is written from a schema's facts makes that schema again, on a real server."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest

from pgassay.analysis.creation import drop, make, make_all, make_table
from pgassay.facts.catalog import (
    KINDS,
    BaseType,
    Cast,
    Catalog,
    Column,
    Constraint,
    Domain,
    DomainConstraint,
    Extension,
    Function,
    Identity,
    Index,
    MaterializedView,
    Operator,
    OperatorClass,
    OperatorFamily,
    Policy,
    Rule,
    Schema,
    SchemaObject,
    SecurityLabel,
    Sequence,
    Subscription,
    SystemGrants,
    Table,
    Trigger,
    View,
    ViewColumn,
)
from pgassay.facts.catalog import Database as DatabaseItself
from pgassay.postgres.scratch import Database
from pgassay.postgres.scratch_server import ScratchServer
from pgassay.sources.catalog import read_catalog
from pgassay.sources.queries import query
from pgassay.sources.reparse_context import Unmade, run_all

Connection = psycopg.Connection[Any]

HERE = Path(__file__).parent
BASE = (HERE.parent / "drift_corpus" / "base.sql").read_text("utf-8")
EVERY_KIND = (HERE / "every_kind.sql").read_text("utf-8")
ROLES = """
DO $$ BEGIN
  IF to_regrole('app_ro') IS NULL THEN CREATE ROLE app_ro; END IF;
  IF to_regrole('app_rw') IS NULL THEN CREATE ROLE app_rw; END IF;
END $$
"""
# What only PostgreSQL 18 has.
NEWER = """
CREATE TABLE newer (
  a int CONSTRAINT "a is there" NOT NULL, b int, c int GENERATED ALWAYS AS (a + 1));
ALTER TABLE newer ADD CONSTRAINT b_later NOT NULL b NOT VALID;
ALTER TABLE newer ADD CONSTRAINT unheeded CHECK (a > 0) NOT ENFORCED;
CREATE TABLE newer_cut (
  at daterange, id int4range, CONSTRAINT no_overlap PRIMARY KEY (id, at WITHOUT OVERLAPS));
CREATE PUBLICATION pub_generated FOR TABLE newer WITH (publish_generated_columns = stored);
"""


def read(connection: Connection) -> Catalog:
    catalog = read_catalog(connection)
    assert isinstance(catalog, Catalog), catalog
    return catalog


def run(database: Database, statements: list[str]) -> list[Unmade]:
    with database.connect(autocommit=True) as connection:
        connection.execute(query("reparse/attempt"))
        return run_all(connection, [s for s in statements if not s.startswith("--")])


@pytest.fixture
def filled(server: ScratchServer, connection: Connection) -> Connection:
    connection.execute(ROLES)
    connection.execute(BASE.encode())
    connection.execute(EVERY_KIND.encode())
    if server.major >= 18:
        connection.execute(NEWER)
    return connection


@pytest.fixture
def empty(server: ScratchServer, database: Database) -> Iterator[Database]:
    made = server.create_database(f"{database.name}_again")
    yield made
    server.drop_database(made)


def by_key(things: Iterable[SchemaObject]) -> dict[tuple[str, Identity], SchemaObject]:
    return {(thing.KIND, thing.identity): thing for thing in things}


def differing(wanted: Catalog, made: Catalog) -> set[tuple[str, Identity]]:
    want, have = by_key(wanted.objects()), by_key(made.objects())
    return {key for key in want.keys() | have.keys() if want.get(key) != have.get(key)}


# PostgreSQL writes these otherwise once it has read what it wrote.
REWRITTEN = {
    ("constraint", ("public", "parent", "parent_status_ck")),
    ("function", ("public", "", "rows of()")),
}


def test_makes_the_same_schema_again(filled: Connection, empty: Database) -> None:
    wanted = read(filled)
    assert run(empty, make_all(wanted)) == []
    with empty.connect(autocommit=True) as connection:
        made = read(connection)
    assert differing(wanted, made) == REWRITTEN
    assert [t.name for t in made.columns] == [t.name for t in wanted.columns]


def test_what_was_made_is_made_again_to_the_letter(
    server: ScratchServer, filled: Connection, empty: Database
) -> None:
    run(empty, make_all(read(filled)))
    with empty.connect(autocommit=True) as connection:
        wanted = read(connection)
    third = server.create_database(f"{empty.name}_third")
    try:
        assert run(third, make_all(wanted)) == []
        with third.connect(autocommit=True) as connection:
            assert differing(wanted, read(connection)) == set()
    finally:
        server.drop_database(third)


def test_every_kind_is_among_them(filled: Connection) -> None:
    kinds = {type(thing) for thing in read(filled).objects()}
    # A label needs a module that gives it a meaning; a subscription needs another server. Rights on
    # the server's own objects have their own tests.
    assert set(KINDS) - kinds == {SecurityLabel, Subscription, SystemGrants}


LEFT_OUT = {
    "ALTER TABLE public.big ALTER COLUMN made SET STATISTICS": (
        "column",
        ("public", "big", "made"),
    ),
    "ALTER TABLE public.points FORCE ROW": ("table", ("public", "points", "")),
    "ALTER SEQUENCE public.child_id_seq OWNED BY": ("sequence", ("public", "child_id_seq", "")),
    "COMMENT ON CAST": ("cast", ("", "", "(integer AS public.pair)")),
    "GRANT USAGE ON SEQUENCE public.down": ("sequence", ("public", "down", "")),
    "REVOKE ALL ON FUNCTION public.no_path()": ("function", ("public", "", "no_path()")),
    "ALTER PROCEDURE public.pay": ("function", ("public", "", "pay(integer, integer)")),
    'CREATE POLICY "may see"': ("policy", ("public", "points", "may see")),
    "ALTER TABLE public.cut_eu DISABLE TRIGGER": ("trigger", ("public", "cut_eu", "on_all")),
    "ALTER EVENT TRIGGER ev2 ENABLE REPLICA": ("event trigger", ("", "", "ev2")),
    "ALTER TABLE public.big CLUSTER ON": ("constraint", ("public", "big", "key once")),
    "ALTER TABLE public.big REPLICA IDENTITY": ("table", ("public", "big", "")),
    "ALTER OPERATOR FAMILY public.loose USING btree ADD": (
        "operator family",
        ("public", "", "loose USING btree"),
    ),
    "CREATE INDEX cut_at ": ("index", ("public", "cut", "cut_at")),
    "ALTER VIEW public.guarded ALTER": ("view column", ("public", "guarded", "region")),
    "CREATE USER MAPPING FOR app_ro": ("user mapping", ("", "", "app_ro for server srv1")),
}


def test_each_statement_counts(filled: Connection, empty: Database) -> None:
    """One left out of each of many kinds: that object differs, and no other."""
    wanted = read(filled)
    statements = make_all(wanted)
    dropped = {start: [s for s in statements if s.startswith(start)] for start in LEFT_OUT}
    assert {start: len(found) for start, found in dropped.items()} == dict.fromkeys(LEFT_OUT, 1)
    gone = {s for found in dropped.values() for s in found}
    refused = run(empty, [s for s in statements if s not in gone])
    assert [unmade.statement for unmade in refused] == []
    with empty.connect(autocommit=True) as connection:
        made = read(connection)
    assert differing(wanted, made) - REWRITTEN == set(LEFT_OUT.values())


def test_drops_all_that_it_makes(filled: Connection, database: Database) -> None:
    kept = (DatabaseItself, Column, ViewColumn, BaseType)
    # What the other statements need to run.
    language = ("", "", "plpgsql")
    things = [
        t for t in read(filled).objects() if not isinstance(t, kept) and t.identity != language
    ]
    refused = run(database, [drop(thing) for thing in reversed(things)])
    left = {(t.KIND, t.identity) for t in read(filled).objects()}
    # A base type and the functions it is made of hold each other.
    assert left == {
        ("database", ("", "", "database")),
        ("extension", ("", "", "plpgsql")),
        ("base type", ("public", "", "mytext")),
        ("base type", ("public", "", "shell_only")),
        ("function", ("public", "", "mytext_in(cstring)")),
        ("function", ("public", "", "mytext_out(public.mytext)")),
        ("schema", ("public", "", "")),
    }
    gone = "does not exist"
    assert [u for u in refused if gone not in u.reason and "depend" not in u.reason] == []


def test_makes_one_object_again(filled: Connection) -> None:
    """Each that nothing else stands on is dropped and made alone."""
    wanted = read(filled)
    # With these goes what hangs on them, and that is made with others.
    kept = (DatabaseItself, Column, Schema, Extension)
    again = set()
    partitioned = {table.table_name for table in wanted.tables if table.partitioned}
    for thing in wanted.objects():
        # These take what is set on the partitions with them, or are their column's.
        of_others = (
            (isinstance(thing, Table) and thing.partitioned)
            or (isinstance(thing, Index | Trigger) and thing.table_name in partitioned)
            or (isinstance(thing, Sequence) and thing.identity_column)
        )
        if isinstance(thing, kept) or of_others:
            continue
        filled.execute("BEGIN")
        filled.execute("SET LOCAL search_path = pg_catalog")
        try:
            filled.execute(drop(thing).encode())
        except (psycopg.errors.DependentObjectsStillExist, psycopg.errors.WrongObjectType):
            filled.execute("ROLLBACK")
            continue
        made = make_table(thing, wanted) if isinstance(thing, Table) else make(thing, wanted)
        if isinstance(thing, View | MaterializedView | Domain):
            parts = (ViewColumn, Index, Trigger, DomainConstraint)
            made += [
                statement
                for part in wanted.objects()
                if isinstance(part, parts) and part.table_name == (thing.schema, thing.name)
                for statement in make(part, wanted)
            ]
        if isinstance(thing, OperatorFamily):
            name = thing.name.partition(" ")[0]
            classes = [c for c in wanted.of(OperatorClass) if c.family == f"public.{name}"]
            made += [statement for part in classes for statement in make(part, wanted)]
        for statement in made:
            filled.execute(statement.encode())
        filled.execute("COMMIT")
        again.add(type(thing))
    assert differing(wanted, read(filled)) - REWRITTEN == set()
    # What nothing else here stands on; the others were made with all else.
    assert {Cast, Constraint, Function, Index, Operator, Policy, Rule, Trigger, View} <= again
