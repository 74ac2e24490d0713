"""Which revision made an object."""

from __future__ import annotations

import pytest

from pgassay.analysis.attribution import (
    aspect_statement,
    attribute,
    dropping_statement,
    object_statement,
)
from pgassay.analysis.sql_identifier import qualified, quoted
from pgassay.analysis.sql_words import mentions, mentions_table, words
from pgassay.facts.history import Statement

STATEMENTS = [
    Statement(
        "1", "CREATE TABLE users (\n\tid SERIAL NOT NULL, \n\temail TEXT, PRIMARY KEY (id)\n)"
    ),
    Statement("1", "CREATE TABLE IF NOT EXISTS app.orders (id int, user_id int)"),
    Statement("2", "ALTER TABLE users ADD COLUMN phone VARCHAR(20)"),
    Statement("2", 'ALTER TABLE public.users ADD "Nick" text'),
    Statement("3", "CREATE UNIQUE INDEX CONCURRENTLY ix_users_email ON users (email)"),
    Statement(
        "3", "ALTER TABLE app.orders ADD CONSTRAINT fk FOREIGN KEY (user_id) REFERENCES users"
    ),
    Statement("4", "UPDATE users SET phone = '', email = lower(email)"),
    Statement("5", "ALTER TABLE users ALTER COLUMN phone TYPE text"),
    Statement("5", "ALTER TABLE users RENAME COLUMN email TO mail"),
    Statement("6", "ALTER TABLE users DROP COLUMN phone"),
    Statement("6", "DO $$ BEGIN EXECUTE 'ALTER TABLE users ADD hidden int'; END $$"),
    Statement("7", "-- ALTER TABLE users ADD COLUMN remark text\nSELECT 1"),
    Statement("8", "CREATE TABLE other.users (secret int)"),
]


@pytest.mark.parametrize(
    ("name", "revision"),
    [
        (None, "1"),
        ("id", "1"),
        ("email", "1"),
        ("mail", "5"),
        ("phone", "5"),
        ("Nick", "2"),
        ("nick", None),
        ("ix_users_email", "3"),
        ("hidden", "6"),
        ("remark", None),
        ("secret", None),
        ("pho", None),
    ],
)
def test_attributes_parts_of_a_table(name: str | None, revision: str | None) -> None:
    assert attribute(STATEMENTS, ("public", "users"), name) == revision


def test_attributes_across_schemas() -> None:
    assert attribute(STATEMENTS, ("app", "orders")) == "1"
    assert attribute(STATEMENTS, ("app", "orders"), "fk") == "3"
    assert attribute(STATEMENTS, ("other", "users")) == "8"
    assert attribute(STATEMENTS, ("public", "absent")) is None
    assert attribute([], ("public", "users")) is None


def test_a_renamed_table_comes_from_the_renaming() -> None:
    statements = [
        Statement("1", "CREATE TABLE a (x int)"),
        Statement("2", "ALTER TABLE a RENAME TO b"),
    ]
    assert attribute(statements, ("public", "b")) == "2"


def test_finds_what_drops() -> None:
    found = dropping_statement(STATEMENTS, ("public", "users"), "phone")
    assert found is not None
    assert found.revision == "6"
    assert dropping_statement(STATEMENTS, ("public", "users"), "email") is None
    index = [Statement("9", "DROP INDEX ix")]
    assert dropping_statement(index, ("public", "users"), "ix") == index[0]


def test_words_fold_and_unquote() -> None:
    assert words('SELECT "A""b", Größe /* no "x" */ FROM S.t -- y') == (
        "select",
        'A"b',
        ",",
        "größe",
        "from",
        "s",
        ".",
        "t",
    )
    assert mentions('ALTER TABLE "Users" ADD x int', "Users")
    assert not mentions("ALTER TABLE Users ADD x int", "Users")


def test_a_column_of_the_tables_name_is_not_the_table() -> None:
    assert not mentions_table("SELECT accounts.users FROM accounts", "public", "users")
    assert mentions_table("SELECT public.users.id", "public", "users")


def test_quotes_what_postgresql_quotes() -> None:
    names = ["users", "user", "Users", "größe", 'a"b', "two words", "1a", "order", "name"]
    assert [quoted(n) for n in names] == [
        "users",
        '"user"',
        '"Users"',
        '"größe"',
        '"a""b"',
        '"two words"',
        '"1a"',
        '"order"',
        "name",
    ]
    assert qualified("App", "order") == '"App"."order"'


OBJECTS = [
    Statement("1", "CREATE TYPE mood AS ENUM ('sad', 'ok')"),
    Statement("1", "CREATE TABLE users (id int, mood mood)"),
    Statement("2", "CREATE OR REPLACE FUNCTION app.total(a int) RETURNS int LANGUAGE sql AS 'x'"),
    Statement("2", "CREATE VIEW adults AS SELECT id FROM users"),
    Statement("3", "ALTER TYPE mood ADD VALUE 'happy'"),
    Statement("3", "CREATE TRIGGER log_it BEFORE UPDATE ON users EXECUTE FUNCTION f()"),
    Statement("4", "CREATE POLICY own_rows ON users USING (true)"),
    Statement("4", "ALTER TABLE users ENABLE ROW LEVEL SECURITY"),
    Statement("5", "SELECT app.total(1) FROM adults"),
    Statement("5", "GRANT SELECT ON users TO app_ro"),
    Statement("6", "COMMENT ON TABLE users IS 'People'"),
    Statement("6", "CREATE CAST (integer AS mood) WITH INOUT"),
    Statement("7", "ALTER TABLE users DISABLE TRIGGER log_it"),
    Statement("8", "CREATE EXTENSION hstore"),
    Statement("9", "DROP VIEW adults"),
]


@pytest.mark.parametrize(
    ("kind", "schema", "name", "revision"),
    [
        ("enum", "public", "mood", "3"),
        ("function", "app", "total", "2"),
        ("function", "public", "total", None),
        ("view", "public", "adults", "2"),
        ("extension", "", "hstore", "8"),
        ("cast", "", "(integer AS public.mood)", None),
        ("cast", "", "(integer AS mood)", "6"),
        ("publication", "", "hstore", None),
    ],
)
def test_attributes_what_hangs_on_no_table(
    kind: str, schema: str, name: str, revision: str | None
) -> None:
    found = object_statement(OBJECTS, kind, schema, name)
    assert (found.revision if found else None) == revision


@pytest.mark.parametrize(
    ("property_", "names", "revision"),
    [
        ("row_security", ["users"], "4"),
        ("grants", ["users"], "5"),
        ("comment", ["users"], "6"),
        ("enabled", ["users", "log_it"], "7"),
        ("labels", ["mood"], "3"),
        ("owner", ["users"], None),
        ("grants", ["adults"], None),
        ("type", ["users"], None),
    ],
)
def test_attributes_a_property_with_words_of_its_own(
    property_: str, names: list[str], revision: str | None
) -> None:
    found = aspect_statement(OBJECTS, property_, names)
    assert (found.revision if found else None) == revision


def test_attributes_triggers_and_policies() -> None:
    assert attribute(OBJECTS, ("public", "users"), "log_it") == "7"
    assert attribute(OBJECTS, ("public", "users"), "own_rows") == "4"
    dropped = dropping_statement(OBJECTS, ("", ""), "adults")
    assert dropped is not None
    assert dropped.revision == "9"
