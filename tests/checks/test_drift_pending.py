"""What stands in the way of pending revisions, on hand-written facts."""

from __future__ import annotations

from dataclasses import replace

import pytest

from pgassay.analysis.schema_diff import compare
from pgassay.analysis.side_scope import HISTORY
from pgassay.check import run_checks
from pgassay.checks.drift import CHECKS
from pgassay.facts.assay import Assay
from pgassay.facts.catalog import (
    Catalog,
    Column,
    Composite,
    Constraint,
    Enum,
    Function,
    Index,
    Policy,
    SchemaObject,
    Table,
    Trigger,
    View,
)
from pgassay.facts.history import Build, History, Revision, Stamp, Statement
from pgassay.facts.location import Location
from pgassay.facts.project import Project
from pgassay.facts.settings import Settings
from pgassay.findings import Finding

USERS = Table("public", "users")
ID = Column("public", "users", "id", 1, "integer", True)
PHONE = Column("public", "users", "phone", 2, "text")
HOT = Index("public", "users", "hotx", False, ("id",), "USING btree (id)")
UNIQUE = Constraint("public", "users", "uq", "unique", ("id",), "UNIQUE (id)")
CHECK = Constraint("public", "users", "ck", "check", ("id",), "CHECK ((id > 0))")
TOTAL = Function(
    "public", "total(integer)", arguments="a integer", returns="integer", language="sql", body="x"
)
ADULTS = View("public", "adults", definition="SELECT users.id FROM public.users")
LOG = Trigger("public", "users", "log_it", "BEFORE UPDATE ON public.users EXECUTE FUNCTION f()")
OWN = Policy("public", "users", "own_rows", using="(id = 1)")
MOOD = Enum("public", "mood", ("ok",))
POINT = Composite("public", "point", ("x integer",))

MAIN = History(
    "alembic",
    "alembic",
    ("alembic/versions",),
    (
        Revision("r1", (), Location("alembic/versions/r1.py", 9)),
        Revision("r2", ("r1",), Location("alembic/versions/r2.py", 9)),
    ),
    ini=Location("alembic.ini"),
)


def catalog(*things: SchemaObject) -> Catalog:
    tables = tuple(t for t in things if isinstance(t, Table))
    columns = tuple(t for t in things if isinstance(t, Column) and t.name != "id")
    given = next((t for t in things if isinstance(t, Column) and t.name == "id"), ID)
    return Catalog(
        180000,
        (USERS, *tables),
        (given, *columns),
        tuple(t for t in things if isinstance(t, Constraint)),
        tuple(t for t in things if isinstance(t, Index)),
        tuple(t for t in things if not isinstance(t, Table | Column | Constraint | Index)),
    )


def found(live: Catalog, applied: Catalog, history: Catalog, *sql: str) -> list[Finding]:
    sides = {"live": live, "applied": applied, "history": history}
    facts = Assay(
        Settings(),
        Project("/p", (MAIN,)),
        main=MAIN,
        builds=(Build("alembic", statements=tuple(Statement("r2", s) for s in sql)),),
        live=live,
        applied=applied,
        history=history,
        stamps=(Stamp("public.alembic_version", ("r1",)),),
        comparison=compare(sides, scopes={"applied": HISTORY, "history": HISTORY}),
        maxima=(),
    )
    outcome = run_checks(CHECKS, facts)
    assert outcome.crashes == ()
    return list(outcome.findings)


def collision(thing: SchemaObject, *sql: str, pending: SchemaObject | None = None) -> Finding:
    """Of a thing that live has and the pending revision makes."""
    made = catalog(pending or thing)
    return next(f for f in found(catalog(thing), catalog(), made, *sql) if f.code == "DRF006")


def test_a_guard_of_another_object_is_none() -> None:
    sql = "CREATE TABLE IF NOT EXISTS zz (id int); CREATE INDEX hotx ON users (id)"
    assert collision(HOT, sql).severity == "blocker"
    assert collision(HOT, sql.replace("INDEX hotx", "INDEX IF NOT EXISTS hotx")).severity == (
        "warning"
    )


RETURNS = "CREATE OR REPLACE FUNCTION total(a int) RETURNS int LANGUAGE sql AS 'x; y'"
CAUGHT = "DO $$ BEGIN {}; EXCEPTION WHEN {} THEN NULL; END $$"
TYPE = "CREATE TYPE mood AS ENUM ('ok')"


@pytest.mark.parametrize(
    ("thing", "sql", "severity"),
    [
        (PHONE, "ALTER TABLE users ADD phone text", "blocker"),
        (PHONE, "ALTER TABLE IF EXISTS users ADD COLUMN phone text", "blocker"),
        (PHONE, "ALTER TABLE users ADD COLUMN IF NOT EXISTS phone text", "warning"),
        (PHONE, "ALTER TABLE users ADD COLUMN IF NOT EXISTS x int, ADD phone text", "blocker"),
        (PHONE, "ALTER TABLE users ADD COLUMN IF NOT EXISTS phone text, ADD x int", "warning"),
        (PHONE, "ALTER TABLE users RENAME COLUMN tel TO phone", "blocker"),
        (PHONE, "-- IF NOT EXISTS\nALTER TABLE users ADD COLUMN phone text", "blocker"),
        (PHONE, "/* mine */ ALTER TABLE users ADD COLUMN IF NOT EXISTS phone text", "warning"),
        (HOT, 'CREATE INDEX CONCURRENTLY IF NOT EXISTS "hotx" ON users (id)', "warning"),
        (HOT, "SELECT 'CREATE INDEX IF NOT EXISTS hotx'", "blocker"),
        (HOT, "DROP INDEX IF EXISTS hotx; CREATE INDEX hotx ON users (id)", "warning"),
        (CHECK, "ALTER TABLE users ADD CONSTRAINT ck CHECK (id > 0)", "blocker"),
        (
            CHECK,
            "ALTER TABLE users DROP CONSTRAINT IF EXISTS ck;"
            "ALTER TABLE users ADD CONSTRAINT ck CHECK (id > 0)",
            "warning",
        ),
        (
            UNIQUE,
            CAUGHT.format("ALTER TABLE users ADD CONSTRAINT uq UNIQUE (id)", "duplicate_object"),
            "blocker",
        ),
        (
            UNIQUE,
            CAUGHT.format("ALTER TABLE users ADD CONSTRAINT uq UNIQUE (id)", "duplicate_table"),
            "warning",
        ),
        (TOTAL, RETURNS, "warning"),
        (TOTAL, RETURNS.replace("OR REPLACE ", ""), "blocker"),
        (ADULTS, "CREATE OR REPLACE VIEW public.adults AS SELECT id FROM users", "warning"),
        (ADULTS, "CREATE OR REPLACE VIEW other.adults AS SELECT id FROM users", "blocker"),
        (ADULTS, "DROP VIEW IF EXISTS adults; CREATE VIEW adults AS SELECT 1", "blocker"),
        (LOG, "CREATE OR REPLACE TRIGGER log_it BEFORE UPDATE ON users EXECUTE ...", "warning"),
        (LOG, "CREATE TRIGGER log_it BEFORE UPDATE ON users EXECUTE FUNCTION f()", "blocker"),
        (OWN, "CREATE POLICY own_rows ON users USING (id = 1)", "blocker"),
        (
            OWN,
            "DROP POLICY IF EXISTS own_rows ON users; CREATE POLICY own_rows ON users",
            "warning",
        ),
        (MOOD, TYPE, "blocker"),
        (MOOD, CAUGHT.format(TYPE, "duplicate_object"), "warning"),
        (MOOD, CAUGHT.format(TYPE, "others"), "warning"),
        (MOOD, CAUGHT.format(TYPE, "division_by_zero"), "blocker"),
        (MOOD, CAUGHT.format(TYPE, "duplicate_object").replace("NULL", "RAISE"), "blocker"),
        (
            MOOD,
            CAUGHT.format("CREATE TYPE x AS ENUM ()", "duplicate_object") + ";" + TYPE,
            "blocker",
        ),
        (
            MOOD,
            "DO $$ BEGIN IF NOT EXISTS (SELECT FROM pg_type WHERE typname = 'mood') THEN "
            f"{TYPE}; END IF; END $$",
            "warning",
        ),
        (
            MOOD,
            "DO $$ BEGIN IF NOT EXISTS (SELECT FROM pg_type WHERE typname = 'x') THEN "
            f"{TYPE}; END IF; END $$",
            "blocker",
        ),
        (MOOD, f"{CAUGHT.format(TYPE, 'duplicate_object')}; {TYPE}", "blocker"),
    ],
)
def test_what_guards_a_statement(thing: SchemaObject, sql: str, severity: str) -> None:
    assert collision(thing, sql).severity == severity


def test_or_replace_cannot_change_what_is_returned() -> None:
    other = replace(TOTAL, returns="text")
    assert collision(other, RETURNS, pending=TOTAL).severity == "blocker"
    body = replace(TOTAL, body="z")
    assert collision(body, RETURNS, pending=TOTAL).severity == "warning"
    view = replace(ADULTS, definition="SELECT users.id, users.phone FROM public.users")
    sql = "CREATE OR REPLACE VIEW adults AS SELECT id FROM users"
    assert collision(view, sql, pending=ADULTS).severity == "blocker"


def test_what_is_kept_and_is_not_what_was_meant_blocks() -> None:
    sql = "ALTER TABLE users ADD COLUMN IF NOT EXISTS phone text"
    finding = collision(replace(PHONE, type="bytea"), sql, pending=PHONE)
    assert finding.severity == "blocker"
    assert "What live has is not what the revision would make." in finding.message


@pytest.mark.parametrize(
    ("thing", "sql", "severity"),
    [
        (PHONE, "ALTER TABLE IF EXISTS users DROP COLUMN phone", "blocker"),
        (PHONE, "ALTER TABLE users DROP COLUMN IF EXISTS phone", "warning"),
        (HOT, "DROP INDEX IF EXISTS other, hotx", "warning"),
        (HOT, "DROP INDEX IF EXISTS other; DROP INDEX hotx", "blocker"),
        (ADULTS, "DROP VIEW IF EXISTS adults", "warning"),
        (ADULTS, "COMMENT ON VIEW adults IS 'x'; DROP VIEW IF EXISTS adults", "blocker"),
    ],
)
def test_a_pending_drop_of_what_is_gone(thing: SchemaObject, sql: str, severity: str) -> None:
    (finding,) = found(catalog(), catalog(thing), catalog(), sql)
    assert (finding.code, finding.severity) == ("DRF006", severity)


def test_a_revision_that_is_not_known() -> None:
    (finding,) = found(catalog(PHONE), catalog(), catalog(PHONE))
    assert "which a pending revision creates" in finding.message


@pytest.mark.parametrize(
    ("old", "new", "severity"),
    [
        (POINT, replace(POINT, attributes=("x integer", "y text")), "blocker"),
        (replace(PHONE, generated="stored", default="'x'"), PHONE, "blocker"),
        (ID, replace(ID, generated="always as identity"), "blocker"),
        (PHONE, replace(PHONE, type="bigint"), "warning"),
        (PHONE, replace(PHONE, not_null=True), "warning"),
        (PHONE, replace(PHONE, default="'x'::text"), "warning"),
        (TOTAL, replace(TOTAL, body="y"), "warning"),
        (TOTAL, replace(TOTAL, routine="procedure"), "blocker"),
        (ADULTS, replace(ADULTS, definition="SELECT 1"), "warning"),
        (OWN, replace(OWN, using="(id = 2)"), "warning"),
        (CHECK, replace(CHECK, name="other"), "blocker"),
        (PHONE, replace(PHONE, comment="a number"), "info"),
    ],
)
def test_a_change_that_live_has_already(
    old: SchemaObject, new: SchemaObject, severity: str
) -> None:
    (finding,) = found(catalog(new), catalog(old), catalog(new))
    assert (finding.code, finding.severity) == ("DRF005", severity)
    assert ("`alembic upgrade` stops" in finding.why) is (severity == "blocker")
    if severity == "blocker":
        assert "Nothing on live" not in finding.fix


def test_a_default_that_inserts_count_on() -> None:
    kept = replace(ID, default="7")
    (finding,) = found(catalog(), catalog(kept), catalog(kept))
    assert (finding.code, finding.severity) == ("DRF005", "blocker")
    assert "every INSERT that counts on the default fails" in finding.why
    (finding,) = found(catalog(kept), catalog(), catalog())
    assert finding.severity == "warning"


def test_a_pending_revision_is_said_to_be_pending() -> None:
    longer = replace(PHONE, type="bigint")
    sql = "ALTER TABLE users ALTER COLUMN phone TYPE bigint"
    (finding,) = found(catalog(replace(PHONE, type="bytea")), catalog(PHONE), catalog(longer), sql)
    assert "Pending revision r2 makes it what the history has at its heads." in finding.message


def test_the_comment_is_not_all_where_rights_differ() -> None:
    both = replace(PHONE, comment="x", not_null=True)
    (finding,) = found(catalog(both), catalog(PHONE), catalog(PHONE))
    assert "Only the comment differs" not in finding.why


def test_a_message_is_one_word_to_the_shell() -> None:
    odd = Table("public", 'Odd "T%:a')
    (finding,) = found(catalog(odd), catalog(), catalog())
    assert """revision -m 'record public.Odd "T%:a'""" in finding.fix


@pytest.mark.parametrize(
    ("using", "severity"),
    [("", "warning"), (" USING phone::bigint", "warning"), (" USING phone * 100", "blocker")],
)
def test_values_are_not_converted_twice(using: str, severity: str) -> None:
    wide = replace(PHONE, type="bigint")
    sql = f"ALTER TABLE users ALTER COLUMN phone TYPE bigint{using}"
    (finding,) = found(catalog(wide), catalog(PHONE), catalog(wide), sql)
    assert (finding.code, finding.severity) == ("DRF005", severity)
    assert ("a second time" in finding.why) is (severity == "blocker")
