"""How rewrites read statements and definitions, and write SQL as Python."""

from __future__ import annotations

import ast
from typing import Any

import pytest

from pgassay.analysis.other_column import (
    foreign_key_of_other_column,
    key_of_other_column,
    of_other_column,
    referenced_columns,
)
from pgassay.analysis.revision_code import in_a_revision, in_batches, outside_a_transaction
from pgassay.analysis.using_clause import using
from pgassay.facts.catalog import Constraint, ConstraintKind


@pytest.mark.parametrize(
    ("sql", "expression"),
    [
        ("ALTER TABLE t ALTER a TYPE int", ""),
        ("ALTER TABLE t ALTER COLUMN a SET DATA TYPE int", ""),
        ("alter table only s.t alter a type int using a::int", "a::int"),
        ("ALTER TABLE t ALTER A TYPE int USING f(a, 'x, y') /* , */, ADD b int", "f(a, 'x, y')"),
        ("ALTER TABLE t ADD b int, ALTER a TYPE x USING (a ->> 'k')::x", "(a ->> 'k')::x"),
        ('ALTER TABLE t ALTER "a" TYPE int USING "A b"[1]', '"A b"[1]'),
        ("ALTER TABLE t ALTER b TYPE int USING a, ALTER a TYPE int", ""),
        ("DO $$ BEGIN ALTER TABLE t ALTER a TYPE int; END $$", ""),
        # What a block, a function or a second statement does the text does not tell.
        ("DO $$ BEGIN ALTER TABLE t ALTER a TYPE int USING 1; END $$", None),
        ("DO $$ BEGIN EXECUTE 'ALTER ' || b; END $$", None),
        ("DO $$ BEGIN PERFORM f(); END $$", None),
        ("DO $$ DECLARE x int := f(); BEGIN NULL; END $$", None),
        ("SELECT f()", None),
        ("ALTER TABLE t ALTER b TYPE int", None),
        ("ALTER TABLE t ALTER a TYPE int; ALTER TABLE t ALTER a TYPE text", None),
        ("", None),
    ],
)
def test_how_values_become_the_new_types(sql: str, expression: str | None) -> None:
    assert using(sql, "a") == expression


@pytest.mark.parametrize(
    ("text", "column", "written"),
    [
        ("btree (a, b) WHERE (a > 5)", "a", "btree (a_new, b) WHERE (a_new > 5)"),
        ("btree (ab, \"a\", 'a')", "a", "btree (ab, \"a\", 'a')"),
        ('btree ("When?" DESC)', "When?", 'btree ("When?_new" DESC)'),
        ("CHECK (((a)::text ~ 'a'::text))", "a", "CHECK (((a_new)::text ~ 'a'::text))"),
        # A word that may be something else.
        ("btree (lower(lower))", "lower", None),
        ("btree (((x)::date))", "date", None),
        ("btree (date, x)", "date", "btree (date_new, x)"),
        ("btree (first NULLS FIRST)", "first", None),
        ("CHECK ((public.a(b) > 1))", "a", None),
    ],
)
def test_a_definition_for_another_column(text: str, column: str, written: str | None) -> None:
    assert of_other_column(text, column, f"{column}_new") == written


def key(kind: ConstraintKind, columns: tuple[str, ...], definition: str) -> Constraint:
    return Constraint("public", "t", "k", kind, columns, definition)


@pytest.mark.parametrize(
    ("columns", "definition", "written"),
    [
        (("a",), "PRIMARY KEY (a)", ("PRIMARY KEY", "(z)", "")),
        (
            ("b", "a"),
            "UNIQUE NULLS NOT DISTINCT (b, a) INCLUDE (c, a) DEFERRABLE INITIALLY DEFERRED",
            (
                "UNIQUE",
                "(b, z) INCLUDE (c, z) NULLS NOT DISTINCT",
                " DEFERRABLE INITIALLY DEFERRED",
            ),
        ),
        (("a", "b"), "PRIMARY KEY (a, b WITHOUT OVERLAPS)", None),
        (("a",), "EXCLUDE USING gist (a WITH =)", None),
    ],
)
def test_a_key_for_another_column(columns: Any, definition: str, written: Any) -> None:
    assert key_of_other_column(key("unique", columns, definition), "a", "z") == written


def test_a_foreign_key_for_another_column() -> None:
    plain = key(
        "foreign key", ("b", "a"), 'FOREIGN KEY (b, a) REFERENCES s."T"(a, "c, d") MATCH FULL'
    )
    written = 'FOREIGN KEY (b, z) REFERENCES s."T"(a, "c, d") MATCH FULL'
    assert foreign_key_of_other_column(plain, "a", "z") == written
    assert referenced_columns(plain, 's."T"') == ("a", '"c, d"')
    assert referenced_columns(plain, "s.t") == ()
    nulls = key("foreign key", ("a",), "FOREIGN KEY (a) REFERENCES s.u(a) ON DELETE SET NULL (a)")
    assert foreign_key_of_other_column(nulls, "a", "z") is None


@pytest.mark.parametrize(
    "sql",
    [
        "SELECT 1",
        "SELECT '{}' || \"a\"\"\" || ':x \\y'",
        'SELECT """"',
        "SELECT 'a\nb' ",
        f"SELECT {', '.join(['a_long_name'] * 30)}",
        f"SELECT '{'long text ' * 30}', {'x' * 100}, 1",
        "CREATE FUNCTION f() AS $$\nBEGIN\n  RETURN NEW;\nEND $$",
    ],
)
def test_sql_as_python_is_that_sql(sql: str) -> None:
    """But for white space outside of quotes, and what text() takes from it."""
    for code in (in_a_revision(sql), outside_a_transaction(sql)):
        calls = [n for n in ast.walk(ast.parse(f"def f():\n{code}")) if isinstance(n, ast.Call)]
        [said] = [ast.literal_eval(c.args[0]) for c in calls if c.args]
        assert said.replace("\\:", ":").split() == sql.split()
        quoted = sql.count("'")
        assert all(len(line) <= 75 for line in code.split("\n") if not quoted and "xx" not in line)


def test_braces_stay_in_batches() -> None:
    code = in_batches(("public", "t"), "UPDATE public.t\nSET a = '{b}'", ["c = '{}'"])
    tree = ast.parse(f"def f():\n{code}")
    [text] = [n for n in ast.walk(tree) if isinstance(n, ast.JoinedStr)]
    made = eval(compile(ast.Expression(text), "", "eval"), {"block": 200})
    assert made.split("\n")[1:-1] == [
        f"{' ' * 16}{line}"
        for line in (
            "UPDATE public.t",
            "SET a = '{b}'",
            "WHERE ctid >= '(200,0)'",
            "AND ctid < '(300,0)'",
            "AND c = '{}'",
        )
    ]
