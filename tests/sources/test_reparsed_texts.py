"""What a scratch server makes of the texts of another server's catalog."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import psycopg
import pytest

from pgassay.analysis.text_equality import SQL_TEXTS
from pgassay.facts.catalog import Catalog, Column, Extension, Function, View
from pgassay.facts.reparsed import ReparsedText, TextKey
from pgassay.postgres.binaries import all_binaries
from pgassay.postgres.scratch import Database
from pgassay.postgres.scratch_server import ScratchServer
from pgassay.sources.catalog import read_catalog
from pgassay.sources.reparse_context import context
from pgassay.sources.reparsed_texts import reparse
from tests.sources.test_creation_runs import BASE, EVERY_KIND, REWRITTEN, ROLES

Connection = psycopg.Connection[Any]

_NEWEST = max(all_binaries(), key=lambda binaries: binaries.major)


@pytest.fixture(scope="module")
def newest() -> Iterator[ScratchServer]:
    with ScratchServer(_NEWEST) as started:
        yield started


@pytest.fixture
def scratch(server: ScratchServer, database: Database) -> Iterator[Database]:
    made = server.create_database(f"{database.name}_scratch")
    yield made
    server.drop_database(made)


def read(connection: Connection) -> Catalog:
    catalog = read_catalog(connection)
    assert isinstance(catalog, Catalog), catalog
    return catalog


def texts(catalog: Catalog) -> dict[TextKey, str]:
    """Every text that PostgreSQL deparsed."""
    return {
        (kind, thing.identity, prop): getattr(thing, prop)
        for thing in catalog.objects()
        for kind, prop in SQL_TEXTS
        if kind == thing.KIND and getattr(thing, prop)
        if prop != "body" or (isinstance(thing, Function) and thing.sql_body)
    }


def default(table: str, column: str) -> TextKey:
    return ("column", ("public", table, column), "default")


def check(table: str, name: str) -> TextKey:
    return ("constraint", ("public", table, name), "definition")


def test_what_the_same_version_wrote_stays(connection: Connection, scratch: Database) -> None:
    connection.execute(ROLES)
    connection.execute(BASE.encode())
    connection.execute(EVERY_KIND.encode())
    catalog = read(connection)
    wanted = texts(catalog)
    found = reparse(scratch, catalog, wanted)
    assert {key: text.failed for key, text in found.items() if text.failed} == {}
    changed = {key[:2] for key, text in found.items() if text.reparsed != wanted[key]}
    assert changed == REWRITTEN
    assert {key[0] for key in wanted} == {kind for kind, _ in SQL_TEXTS}


def test_texts_of_two_versions_become_equal(
    connection: Connection, newest: ScratchServer, database: Database
) -> None:
    sides: list[dict[TextKey, ReparsedText]] = []
    there = newest.create_database(f"{database.name}_there")
    with there.connect(autocommit=True) as other:
        for each in (connection, other):
            each.execute(ROLES)
            each.execute(BASE.encode())
            each.execute(EVERY_KIND.encode())
            catalog = read(each)
            scratch = newest.create_database(f"{database.name}_{len(sides)}")
            sides.append(reparse(scratch, catalog, texts(catalog)))
            newest.drop_database(scratch)
    newest.drop_database(there)
    assert sides[0] == sides[1]


SPELLINGS = """
CREATE FUNCTION secret() RETURNS int LANGUAGE plpgsql IMMUTABLE AS 'BEGIN RETURN 7; END';
CREATE TABLE a (
  id int, n numeric(10,2) DEFAULT 0, short varchar(3) DEFAULT 'abc', at timestamptz DEFAULT now(),
  clock timestamptz DEFAULT clock_timestamp(), own int DEFAULT secret(),
  CONSTRAINT c1 CHECK (id > 1 + 1), CONSTRAINT c2 CHECK (id > secret()) NO INHERIT,
  made int GENERATED ALWAYS AS (id + (2 * 3)) STORED
);
CREATE TABLE b (
  id int, n numeric(10,2) DEFAULT '0'::numeric, short varchar(3) DEFAULT 'ab' || 'c',
  at timestamptz, clock timestamptz, own int DEFAULT 1,
  CONSTRAINT c1 CHECK (id > 2), CONSTRAINT c2 CHECK (id > 3),
  made int GENERATED ALWAYS AS (id + 6) STORED
);
CREATE POLICY p ON a USING (id IN (SELECT id FROM b)); CREATE INDEX i ON a ((id + secret()));
CREATE OR REPLACE FUNCTION secret() RETURNS int LANGUAGE plpgsql IMMUTABLE
  AS 'BEGIN RAISE ''ran''; END';
"""


def test_computes_what_is_constant(connection: Connection, scratch: Database) -> None:
    connection.execute(SPELLINGS)
    catalog = read(connection)
    found = {key: text.folded for key, text in reparse(scratch, catalog, texts(catalog)).items()}
    for name in ("n", "short", "made"):
        assert found[default("a", name)] == found[default("b", name)] != ""
    assert found[check("a", "c1")] == found[check("b", "c1")] == "(id > 2)"
    assert found[default("b", "own")] == "1"
    # What changes from call to call is not computed, what reads tables has no text.
    assert found[default("a", "at")] == "now()"
    assert found[default("a", "clock")] == "clock_timestamp()"
    assert found[("policy", ("public", "a", "p"), "using")] == ""
    assert check("b", "c2") in found
    assert found[check("b", "c2")] == "(id > 3)"


def test_no_function_of_the_users_runs(connection: Connection, scratch: Database) -> None:
    connection.execute(SPELLINGS)
    catalog = read(connection)
    found = reparse(scratch, catalog, texts(catalog))
    # Read, and not computed: not even to find out that it fails.
    assert found[default("a", "own")] == ReparsedText("public.secret()")
    assert found[check("a", "c2")] == ReparsedText("CHECK ((id > public.secret())) NO INHERIT")
    index = found[("index", ("public", "a", "i"), "definition")]
    assert index == ReparsedText("USING btree (((id + public.secret())))")
    with scratch.connect(autocommit=True) as after:
        bodies = after.execute("SELECT prosrc FROM pg_proc WHERE proname = 'secret'").fetchall()
    assert [("ran" in body) for (body,) in bodies] == [False]


def with_default(catalog: Catalog, text: str) -> Catalog:
    columns = tuple(replace(c, default=text) if c.name == "own" else c for c in catalog.columns)
    return replace(catalog, columns=columns)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("public.gone(1)", "function public.gone(integer) does not exist"),
        ("1 +", "syntax error at end of input"),
        ("'x'::text", 'column "own" is of type integer but default expression is of type text'),
        ("id + 1", "cannot use column reference in DEFAULT expression"),
    ],
)
def test_says_why_a_text_cannot_be_parsed(
    connection: Connection, scratch: Database, text: str, reason: str
) -> None:
    connection.execute(SPELLINGS)
    catalog = with_default(read(connection), text)
    found = reparse(scratch, catalog, [default("b", "own"), check("b", "c1")])
    assert found[default("b", "own")] == ReparsedText(failed=reason)
    # And the next one is none the worse for it.
    assert found[check("b", "c1")] == ReparsedText("CHECK ((id > 2))", "(id > 2)")


def test_names_the_extension_that_scratch_lacks(connection: Connection, scratch: Database) -> None:
    connection.execute(SPELLINGS)
    catalog = with_default(read(connection), "public.far_away(1)")
    catalog = replace(catalog, others=(*catalog.others, Extension("far", schema="public")))
    found = reparse(scratch, catalog, [default("b", "own")])[default("b", "own")]
    assert found.failed == (
        'function public.far_away(integer) does not exist (extension "far" is not available)'
    )


def test_a_text_that_is_not_there(connection: Connection, scratch: Database) -> None:
    missing = default("nowhere", "x")
    found = reparse(scratch, read(connection), [missing])
    assert found == {missing: ReparsedText(failed="there is no such text to parse")}
    assert reparse(scratch, read(connection), []) == {}


NESTED = """
CREATE TYPE inner_type AS ENUM ('a'); CREATE DOMAIN outer_type AS inner_type;
CREATE TABLE "one %s" (id int PRIMARY KEY, kind outer_type); CREATE TABLE two (id int PRIMARY KEY);
CREATE TABLE other (id int); CREATE FUNCTION used(int) RETURNS int LANGUAGE sql AS 'select 1';
CREATE FUNCTION unused(int) RETURNS int LANGUAGE sql AS 'select 1';
CREATE VIEW first AS SELECT used(id) AS id FROM "one %s";
CREATE VIEW second AS SELECT id FROM first;
"""


def test_makes_only_what_a_text_needs(connection: Connection) -> None:
    connection.execute(NESTED.encode())
    catalog = read(connection)
    part = context(catalog, ["SELECT id FROM public.second"], [])
    names = {thing.subject for thing in part.objects() if not isinstance(thing, Column)}
    assert names == {
        "plpgsql",
        "public",
        "public.second",
        "public.first",
        "public.used(integer)",
        "public.one %s",
        "public.outer_type",
        "public.inner_type",
    }
    part = context(catalog, ["FOREIGN KEY (id) REFERENCES public.two(id)"], [])
    assert [c.name for c in part.constraints] == ["two_pkey"]


SEVERAL = "SELECT 1 AS a; CREATE TABLE public.evil(); SELECT 2 AS a"


def tables_of(database: Database) -> list[Any]:
    with database.connect() as opened:
        return opened.execute("SELECT relname FROM pg_class WHERE relname = 'evil'").fetchall()


def test_a_text_with_a_second_statement_is_refused(
    connection: Connection, scratch: Database
) -> None:
    connection.execute(b"CREATE VIEW v AS SELECT 1 AS a; CREATE TABLE t (a int)")
    catalog = read(connection)
    [view] = catalog.of(View)
    others = (*(t for t in catalog.others if t != view), replace(view, definition=SEVERAL))
    key = ("view", view.identity, "definition")
    found = reparse(scratch, replace(catalog, others=others), [key])
    assert found[key].failed.startswith("cannot insert multiple commands into a prepared statement")
    assert tables_of(scratch) == []


def test_nor_does_the_context_run_one(connection: Connection, scratch: Database) -> None:
    connection.execute(b"CREATE VIEW v AS SELECT 1 AS a; CREATE VIEW w AS SELECT a FROM v")
    catalog = read(connection)
    others = tuple(
        replace(t, definition=SEVERAL) if isinstance(t, View) and t.name == "v" else t
        for t in catalog.others
    )
    key = ("view", ("public", "w", ""), "definition")
    found = reparse(scratch, replace(catalog, others=others), [key])
    assert found[key].failed == (
        'relation "public.v" does not exist '
        "(cannot insert multiple commands into a prepared statement)"
    )
    assert tables_of(scratch) == []


def test_nor_does_a_columns_type(connection: Connection, scratch: Database) -> None:
    connection.execute(b"CREATE TABLE t (a int DEFAULT 1)")
    catalog = read(connection)
    column = replace(catalog.columns[0], type="int); CREATE TABLE public.evil(a int")
    key = default("t", "a")
    assert reparse(scratch, replace(catalog, columns=(column,)), [key])[key].failed
    assert tables_of(scratch) == []
