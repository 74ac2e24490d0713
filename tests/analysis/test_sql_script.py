"""Splitting SQL as psql does, and reading its variables and commands."""

from __future__ import annotations

import pytest

from pgassay.analysis.psql_command import psql_command, truth
from pgassay.analysis.psql_variables import substitute, variables_in
from pgassay.analysis.sql_script import pieces


def split(text: str, *, psql: bool = True) -> list[tuple[str, str, int]]:
    return [(p.kind, p.text, p.line) for p in pieces(text, psql=psql)]


def test_statements_and_their_lines() -> None:
    text = "-- c;\n\nSELECT 1;\n  SELECT\n 2 ; ;\nSELECT 3"
    assert split(text) == [("sql", "SELECT 1", 3), ("sql", "SELECT\n 2", 4), ("sql", "SELECT 3", 6)]


@pytest.mark.parametrize(
    "one",
    [
        "SELECT ';'",
        "SELECT 'it''s; so'",
        r"SELECT E'\'; \\'",
        'SELECT ";" FROM "a"";b"',
        "SELECT $$;$$, $a$ $$ ; $b$ ; $a$",
        "SELECT /* ; /* ; */ ; */ 1",
        "SELECT 1 -- ;\n + 2",
        "CREATE RULE r AS ON INSERT TO t DO ALSO (SELECT 1; SELECT 2)",
        "CREATE FUNCTION f() RETURNS int BEGIN ATOMIC SELECT CASE WHEN true THEN 1 END; END",
        "CREATE OR REPLACE PROCEDURE p() BEGIN ATOMIC INSERT INTO t VALUES (1); SELECT 2; END",
        "SELECT a$b, c$d FROM e",
        "SELECT U&'\\0061;'",
    ],
)
def test_a_semicolon_that_ends_nothing(one: str) -> None:
    assert split(f"{one};\nSELECT 9") == [("sql", one, 1), ("sql", "SELECT 9", 2 + one.count("\n"))]


def test_a_transaction_is_no_body() -> None:
    found = [text for _, text, _ in split("BEGIN; SELECT CASE WHEN a THEN 1 END; END; SELECT 1;")]
    assert found == ["BEGIN", "SELECT CASE WHEN a THEN 1 END", "END", "SELECT 1"]


def test_the_data_of_a_copy() -> None:
    text = "COPY t (a) FROM stdin;\n1;\n'\n\\.\nSELECT 1;"
    assert split(text) == [
        ("sql", "COPY t (a) FROM stdin", 1),
        ("data", "1;\n'\n", 2),
        ("sql", "SELECT 1", 5),
    ]


def test_psqls_commands() -> None:
    text = "\\set a 1\nSELECT 'x'\n\\gexec\nSELECT 2 \\g\nSELECT 3;"
    assert [(kind, said) for kind, said, _ in split(text)] == [
        ("meta", "\\set a 1"),
        ("sql", "SELECT 'x'"),
        ("meta", "\\gexec"),
        ("sql", "SELECT 2"),
        ("meta", "\\g"),
        ("sql", "SELECT 3"),
    ]
    assert split("\\set a 1\nSELECT 1;", psql=False) == [("sql", "\\set a 1\nSELECT 1", 1)]


def test_a_byte_order_mark_is_no_sign() -> None:
    assert split("\ufeffSELECT 1;") == [("sql", "SELECT 1", 1)]


def test_what_is_not_closed_ends_with_the_text() -> None:
    assert split("SELECT 'a; b") == [("sql", "SELECT 'a; b", 1)]
    assert split("/* never") == []


def test_variables() -> None:
    known = {"a": "x", "q": "it's"}
    assert substitute("SELECT :a, :'q', :\"a\", ':a', $$:a$$, b::a, :z", known) == (
        "SELECT x, 'it''s', \"x\", ':a', $$:a$$, b::a, :z"
    )
    assert substitute(":{?a} :{?z}", known) == "TRUE FALSE"
    assert variables_in("SELECT :z, a[1:2], ':y', b::int") == ("z",)


def test_commands() -> None:
    assert psql_command("\\i 'a b.sql'").arguments == ("a b.sql",)
    assert psql_command("\\! rm -rf x").name == "!"
    assert psql_command("\\dt+").name == "dt+"
    assert [truth(t) for t in ("on", " FALSE", "1", ":x", "2 > 1")] == [
        *(True, False, True, None, None)
    ]
