"""Objects of many kinds are brought over, and what two histories say of one object is joined."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from pgassay.analysis.consolidation.precedence import precedence
from pgassay.analysis.schema_diff import compare
from pgassay.facts.catalog import Catalog, Column, Enum, SchemaObject, Table
from pgassay.flows.consolidate import ConsolidateRequest, consolidate
from pgassay.flows.schema_sides import World
from tests.flows.two_histories import write_project

_USERS = (
    "CREATE TABLE users (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, email text NOT NULL, "
    "born date)",
    "DROP TABLE users",
)
_MINE = [
    [_USERS],
    [
        (
            "CREATE TABLE accounts (id serial PRIMARY KEY, user_id bigint REFERENCES users (id), "
            "balance numeric(12,2) NOT NULL DEFAULT 0)",
            "DROP TABLE accounts",
        ),
        ("CREATE TYPE status AS ENUM ('a', 'b')", "DROP TYPE status"),
    ],
]
_THEIRS = [
    [_USERS],
    [
        ("CREATE SCHEMA audit", "DROP SCHEMA audit"),
        ("CREATE TYPE status AS ENUM ('a', 'b', 'c')", "DROP TYPE status"),
        (
            "CREATE DOMAIN cents AS numeric(14,2) CHECK (VALUE >= 0)",
            "DROP DOMAIN cents",
        ),
        (
            "CREATE TABLE audit.log (id uuid PRIMARY KEY DEFAULT gen_random_uuid(), "
            "at timestamptz NOT NULL DEFAULT now(), amount cents, st status DEFAULT 'a') "
            "PARTITION BY HASH (id)",
            "DROP TABLE audit.log",
        ),
        (
            "CREATE TABLE audit.log_0 PARTITION OF audit.log "
            "FOR VALUES WITH (MODULUS 1, REMAINDER 0)",
            "DROP TABLE audit.log_0",
        ),
    ],
    [
        (
            "CREATE FUNCTION touch() RETURNS trigger LANGUAGE plpgsql AS "
            "$$ BEGIN NEW.email = lower(NEW.email); RETURN NEW; END $$",
            "DROP FUNCTION touch()",
        ),
        (
            "CREATE TRIGGER touching BEFORE INSERT ON users FOR EACH ROW EXECUTE FUNCTION touch()",
            "DROP TRIGGER touching ON users",
        ),
        ("CREATE VIEW active AS SELECT id, email FROM users", "DROP VIEW active"),
        (
            "CREATE MATERIALIZED VIEW days AS "
            "SELECT date_trunc('day', at) AS day, count(*) AS n FROM audit.log GROUP BY 1",
            "DROP MATERIALIZED VIEW days",
        ),
        ("CREATE UNIQUE INDEX days_day ON days (day)", "DROP INDEX days_day"),
        ("ALTER TABLE users ENABLE ROW LEVEL SECURITY", "SELECT 1"),
        ("CREATE POLICY own ON users USING (email = current_user)", "DROP POLICY own ON users"),
        (r"COMMENT ON COLUMN users.email IS 'it''s %(x)s \:name'", "SELECT 1"),
        ("ALTER TABLE users ALTER COLUMN born SET NOT NULL", "SELECT 1"),
        ("CREATE INDEX ix_low ON users (lower(email)) WHERE email <> ''", "DROP INDEX ix_low"),
        ("CREATE SEQUENCE invoice_no START 1000", "DROP SEQUENCE invoice_no"),
        (
            "ALTER TABLE users ADD COLUMN words tsvector "
            "GENERATED ALWAYS AS (to_tsvector('simple', email)) STORED",
            "ALTER TABLE users DROP words",
        ),
        (
            "ALTER TABLE users ADD CONSTRAINT at CHECK (email LIKE '%@%') NOT VALID",
            "ALTER TABLE users DROP CONSTRAINT at",
        ),
    ],
    [
        # A key that others count on: making it anew would fail where it is there already.
        ("ALTER TABLE users ADD CONSTRAINT users_email_key UNIQUE (email)", "SELECT 1"),
        ("CREATE TABLE letters (email text REFERENCES users (email))", "DROP TABLE letters"),
    ],
]


@pytest.mark.timeout(120)
def test_many_kinds_from_every_state(tmp_path: Path) -> None:
    root = write_project(tmp_path, alembic=_MINE, migrations=_THEIRS)
    world = World(root, None, None, sys.executable)
    request = ConsolidateRequest(world, "alembic", "migrations", write=True)
    done = consolidate(request, lambda _: None)
    made = done.consolidation
    assert made is not None
    assert [f"{p.state}: {p.failed}" for p in made.proofs if p.failed] == []
    assert done.written
    decided = {(d.subject, d.property): (d.kept, d.why) for d in made.plan.decisions}
    unsaid = "the other says nothing of it"
    assert decided == {
        ("public.status", "labels"): ("a, b, c", "it has all labels of the other"),
        ("public.users", "row_security"): ("yes", unsaid),
        ("public.users.email", "comment"): ("it's %(x)s :name", unsaid),
        ("public.users.born", "not_null"): ("yes", "what one forbids stays forbidden"),
    }
    assert "public.users.born becomes NOT NULL" in made.plan.by_hand[0]
    subjects = [o.subject for r in made.plan.revisions for o in r.operations]
    assert len(subjects) == len(set(subjects))


_PLAIN = ("CREATE TABLE t (id int, a int)", "DROP TABLE t")


@pytest.mark.parametrize(
    ("mine", "theirs"),
    [
        ("CREATE UNIQUE INDEX i ON t (a)", "CREATE INDEX i ON t (a)"),
        ("CREATE INDEX i ON t (a)", "CREATE INDEX i ON t (a, id)"),
    ],
)
def test_an_index_that_differs(tmp_path: Path, mine: str, theirs: str) -> None:
    """converge.sql runs in one transaction, where no index is dropped CONCURRENTLY."""
    gone = "DROP INDEX i"
    root = write_project(
        tmp_path, alembic=[[_PLAIN, (mine, gone)]], migrations=[[_PLAIN, (theirs, gone)]]
    )
    world = World(root, None, None, sys.executable)
    made = consolidate(ConsolidateRequest(world, "alembic", "migrations"), lambda _: None)
    assert made.consolidation is not None
    assert [f"{p.state}: {p.failed}" for p in made.consolidation.proofs if p.failed] == []
    assert "DROP INDEX IF EXISTS public.i;" in made.consolidation.converge


@pytest.mark.parametrize(
    "table",
    [
        "CREATE TABLE made (id serial PRIMARY KEY) WITH (fillfactor = 70)",
        "CREATE TABLE old (id serial PRIMARY KEY); ALTER TABLE old RENAME TO made",
    ],
)
def test_a_table_with_a_sequence_and_more(tmp_path: Path, table: str) -> None:
    brought = [[_PLAIN, (table, "DROP TABLE made")]]
    root = write_project(tmp_path, alembic=[[_PLAIN]], migrations=brought)
    world = World(root, None, None, sys.executable)
    made = consolidate(ConsolidateRequest(world, "alembic", "migrations"), lambda _: None)
    assert made.consolidation is not None
    assert [f"{p.state}: {p.failed}" for p in made.consolidation.proofs if p.failed] == []


@pytest.mark.parametrize(
    ("theirs", "expected"),
    [
        (  # Foreign keys whose names PostgreSQL gave: where both tables are there.
            [
                ["CREATE TABLE a (id int PRIMARY KEY, up int REFERENCES a)"],
                ["CREATE TABLE b (id int PRIMARY KEY, a_id int REFERENCES a)"],
                ["ALTER TABLE a ADD b_id int REFERENCES b; ALTER TABLE t ADD CHECK (a > 0)"],
                ["CREATE TABLE c ()"],
            ],
            [
                ["table public.a", "constraint public.a.a_up_fkey"],
                ["table public.b", "constraint public.b.b_a_id_fkey"],
                ["constraint public.t.t_a_check", "constraint public.a.a_b_id_fkey"],
                ["table public.c"],
            ],
        ),
        (  # A table comes with all its columns, so what they need comes before it.
            [
                ["CREATE TABLE a (id int)"],
                [
                    "CREATE SCHEMA x",
                    "CREATE TYPE x.st AS ENUM ('a', 'b')",
                    "CREATE DOMAIN dom AS x.st CHECK (VALUE <> 'b')",
                    "ALTER TABLE a ADD s dom",
                ],
                [
                    "CREATE FUNCTION f() RETURNS int LANGUAGE sql AS 'SELECT 1'",
                    "CREATE SEQUENCE n",
                    "ALTER TABLE a ADD f int DEFAULT f(), ADD n int DEFAULT nextval('n')",
                ],
                ["CREATE FUNCTION g(int) RETURNS int IMMUTABLE LANGUAGE sql AS 'SELECT 1'"],
                ["CREATE INDEX i ON a (g(f))"],
            ],
            [
                [
                    "schema x",
                    "enum x.st",
                    "domain public.dom",
                    "function public.f()",
                    "function public.g(integer)",
                    "sequence public.n",
                    "table public.a",
                ],
            ],
        ),
        (  # What a table's triggers and policies call, and what a view reads, comes before.
            [
                [
                    "CREATE FUNCTION z() RETURNS trigger LANGUAGE plpgsql AS "
                    "$$ BEGIN RETURN NEW; END $$",
                    "CREATE FUNCTION who() RETURNS int LANGUAGE sql AS 'SELECT 1'",
                    "CREATE TABLE a (id int)",
                    "CREATE TRIGGER t BEFORE INSERT ON a FOR EACH ROW EXECUTE FUNCTION z()",
                    "CREATE POLICY p ON a USING (id = who())",
                    "CREATE FUNCTION many() RETURNS bigint LANGUAGE sql "
                    "AS 'SELECT count(*) FROM public.a'",
                    "CREATE MATERIALIZED VIEW y AS SELECT id, many() AS n FROM a",
                    "CREATE VIEW x AS SELECT n FROM y",
                ],
            ],
            [
                [
                    "function public.who()",
                    "function public.z()",
                    "table public.a",
                    "function public.many()",
                    "materialized view public.y",
                    "view public.x",
                ],
            ],
        ),
        (  # An index is not made before the column that it is on.
            [
                ["ALTER TABLE t ADD x int"],
                ["CREATE INDEX i ON t (x)"],
                ["ALTER TABLE t ALTER COLUMN x TYPE bigint"],
            ],
            [["column public.t.x", "index public.t.i"]],
        ),
        (  # A label that a shared enum lacks, before the column that may default to it.
            [
                ["CREATE TYPE mood AS ENUM ('a', 'b')"],
                ["CREATE TABLE a (m mood)"],
                ["CREATE TABLE b ()"],
            ],
            [["enum public.mood"], ["table public.a"], ["table public.b"]],
        ),
    ],
)
def test_each_is_made_where_it_belongs(
    tmp_path: Path, theirs: list[list[str]], expected: list[list[str]]
) -> None:
    mine = [[_PLAIN, ("CREATE TYPE mood AS ENUM ('a')", "DROP TYPE mood")]]
    brought = [[(up, "SELECT 1") for up in revision] for revision in theirs]
    write_project(tmp_path, alembic=mine, migrations=[[_PLAIN], *brought])
    world = World(tmp_path, None, None, sys.executable)
    made = consolidate(ConsolidateRequest(world, "alembic", "migrations"), lambda _: None)
    assert made.consolidation is not None
    subjects = [[o.subject for o in r.operations] for r in made.consolidation.plan.revisions]
    assert subjects == expected
    assert [f"{p.state}: {p.failed}" for p in made.consolidation.proofs if p.failed] == []


_T = Table("public", "t")
_C = Column("public", "t", "c", 1, "text")
_E = Enum("public", "e", labels=("a", "b"))


@pytest.mark.parametrize(
    ("mine", "theirs", "side"),
    [
        (_C, Column("public", "t", "c", 1, "text", default="'x'::text"), "other"),
        (Column("public", "t", "c", 1, "text", default="'x'::text"), _C, "into"),
        (_C, Column("public", "t", "c", 1, "text", not_null=True), "other"),
        (Column("public", "t", "c", 1, "text", not_null=True), _C, "into"),
        (_C, Column("public", "t", "c", 1, "character varying(4)"), "into"),
        (Column("public", "t", "c", 1, "character varying(4)"), _C, "other"),
        (_C, Column("public", "t", "c", 1, "integer"), ""),
        (_E, Enum("public", "e", labels=("a", "x", "b")), "other"),
        (_E, Enum("public", "e", labels=("a",)), "into"),
        (_E, Enum("public", "e", labels=("b", "a", "c")), ""),
        (_E, Enum("public", "e", labels=("a", "c")), ""),
        (_E, Enum("public", "e", labels=("b", "a")), ""),
    ],
)
def test_precedence(mine: SchemaObject, theirs: SchemaObject, side: str) -> None:
    def catalog(thing: SchemaObject) -> Catalog:
        if isinstance(thing, Column):
            return Catalog(180000, tables=(_T,), columns=(thing,))
        return Catalog(180000, others=(thing,))

    (difference,) = compare({"into": catalog(mine), "other": catalog(theirs)}).differences
    assert precedence(difference)[0] == side
