"""Which revision made an object."""

from __future__ import annotations

import pytest

from pgassay.analysis.attribution import attribute, dropping_statement
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
