"""Which SQL texts mean the same, and above all which do not."""

from __future__ import annotations

import random

import pytest

from pgassay.analysis.sql_tokens import tokens
from pgassay.analysis.text_equality import settle
from pgassay.analysis.text_equivalence import canonical
from pgassay.facts.comparison import Rung
from pgassay.facts.reparsed import ReparsedText

EXPRESSION = ("policy", "using")
DEFAULT = ("column", "default")
VIEW = ("view", "definition")


def same(one: str, other: str, what: tuple[str, str] = EXPRESSION) -> bool:
    return len({*settle(*what, {"x": one, "y": other}, {}).texts.values()}) == 1


@pytest.mark.parametrize(
    ("one", "other", "what"),
    [
        ("now()", "CURRENT_TIMESTAMP", DEFAULT),
        ("now()", "transaction_timestamp()", DEFAULT),
        ("pg_catalog.now()", "CURRENT_TIMESTAMP", DEFAULT),
        ("(created > now())", "(created > CURRENT_TIMESTAMP)", EXPRESSION),
        ("now() + '1 day'::interval", "CURRENT_TIMESTAMP  +\n '1 day'::interval", EXPRESSION),
        (" SELECT id FROM public.parent parent", " SELECT id FROM public.parent", VIEW),
        ('SELECT 1 FROM "S"."T t" "T t"', 'SELECT 1 FROM "S"."T t"', VIEW),
        (
            "SELECT a.id FROM (public.a a JOIN public.b b ON ((a.id = b.id)))",
            "SELECT a.id FROM (public.a JOIN public.b ON ((a.id = b.id)))",
            VIEW,
        ),
        ("(amount > '0'::numeric)", "(amount > (0)::numeric)", EXPRESSION),
        ("(amount > 1.5)", "(amount > '1.5'::numeric)", EXPRESSION),
        ("(x > 5)", "(x > '5'::integer)", EXPRESSION),
        ("((x > 5))", "(x > 5)", EXPRESSION),
        ("(x > (5))", "(x > 5)", EXPRESSION),
        ("0", "'0'::numeric", DEFAULT),
        ("0", "(0)::numeric", DEFAULT),
        ("(0)::numeric", "'0'::numeric", DEFAULT),
        ("0", "(0)", DEFAULT),
        ("12", "'12'::bigint", DEFAULT),
        ("12", "(12)::double precision", DEFAULT),
        ("SELECT ID", "select id", VIEW),
    ],
)
def test_texts_that_mean_the_same(one: str, other: str, what: tuple[str, str]) -> None:
    assert one != other
    settled = settle(*what, {"x": one, "y": other}, {})
    assert settled.texts == {"x": one, "y": one}
    assert settled.rung == "equivalent"


@pytest.mark.parametrize("what", [EXPRESSION, DEFAULT, VIEW])
@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("now()", "clock_timestamp()"),
        ("now()", "statement_timestamp()"),
        ("now()", "public.now()"),
        ("now()", "CURRENT_TIMESTAMP(3)"),
        ("now()", "LOCALTIMESTAMP"),
        ("now()", "CURRENT_DATE"),
        ("now()", "now(1)"),
        ("'now()'::text", "'CURRENT_TIMESTAMP'::text"),
        ('"now()"', "now()"),
        ('"CURRENT_TIMESTAMP"', "CURRENT_TIMESTAMP"),
        ("'a'", "'A'"),
        ("'a'::text", "'a '::text"),
        ("'a  b'", "'a b'"),
        ("'((x))'", "'(x)'"),
        ("'it''s'", "'its'"),
        ("E'\\\\n'", "E'\\n'"),
        ('"A"', "a"),
        ('"Id"', '"id"'),
        ("'1.0'::numeric", "'1.00'::numeric"),
        ("'1.0'::text", "'1.00'::text"),
        ("'0'::text", "0"),
        ("'5'::text", "'5'::integer"),
        ("(5)::text", "(5)::character(3)"),
        ("(0.1)::real", "0.1"),
        ("(1.5)::integer", "1.5"),
        ("(0)::numeric(10,2)", "(0)::numeric"),
        ("'{5}'::integer[]", "'5'::integer"),
        ("('5'::integer)::text", "'5'::integer"),
        ("x", "x::text"),
        ("(x)::text", "x"),
        ("a < b", "a <= b"),
        ("a < b", "b < a"),
        ("a <> b", "a = b"),
        ("(a - b) - c", "a - (b - c)"),
        ("(a OR b) AND c", "a OR (b AND c)"),
        ("(NOT a) = b", "NOT (a = b)"),
        ("(a).b", "a.b"),
        ("(a)[1]", "a[1]"),
        ("x = ANY ((SELECT y))", "x = ANY (SELECT y)"),
        ("ROW((a, b))", "ROW(a, b)"),
        ("ROW((t.*))", "ROW(t.*)"),
        ("f((a, b))", "f(a, b)"),
        ("SELECT * FROM a.t t(x)", "SELECT * FROM a.t"),
        ("SELECT 1 FROM a.t u", "SELECT 1 FROM a.t"),
        ('SELECT 1 FROM a."T" t', 'SELECT 1 FROM a."T"'),
        ("SELECT t.a AS a", "SELECT t.a AS b"),
        ("count(x)", "count(*)"),
        ("count(DISTINCT x)", "count(x)"),
        ("-1", "1"),
        ("10", "100"),
        ("1e3", "1000"),
        ("B'1'", "X'1'"),
        ("B'1'", "'1'"),
        ("$1", "1"),
        ("a || b", "a | b"),
        ("a", "a\N{COMBINING ACUTE ACCENT}"),
        ("Ä", "ä"),
        ("a -- b", "a -- c"),
        ("a /* b */", "a"),
    ],
)
def test_texts_that_do_not(one: str, other: str, what: tuple[str, str]) -> None:
    assert not same(one, other, what)
    assert settle(*what, {"x": one, "y": other}, {}).rung == "structure"


def test_a_number_s_type_counts_inside_an_expression() -> None:
    assert not same("(a / 2)", "(a / (2)::numeric)")
    assert not same("(a / '2'::bigint)", "(a / 2)")
    assert not same("2", "(2)::numeric")
    assert same("2", "(2)::numeric", DEFAULT)


_LEAVES = [
    *("a", "b", '"A"', "1", "2", "1.5", "'x'::text", "'X'::text", "'1'::text", "'1.50'::text"),
    *("now()", "clock_timestamp()", "'now()'::text", "CURRENT_DATE"),
]


Tree = str | tuple[object, ...]


def _tree(chosen: random.Random, depth: int) -> Tree:
    if depth == 0 or chosen.random() < 0.2:
        return chosen.choice(_LEAVES)
    form = chosen.choice(["+", "-", "<", "<=", "AND", "OR", "f", "ROW", "::text"])
    return (form, _tree(chosen, depth - 1), _tree(chosen, depth - 1))


def _text(tree: object) -> str:
    """The expression as PostgreSQL writes it."""
    if not isinstance(tree, tuple):
        return str(tree)
    form, left, right = tree[0], _text(tree[1]), _text(tree[2])
    if form in ("f", "ROW"):
        return f"{form}({left}, {right})"
    return f"(({left})::text || {right})" if form == "::text" else f"({left} {form} {right})"


def _changed(chosen: random.Random, tree: object) -> object:
    """The same with one leaf, operator or grouping another, or two operands swapped."""
    if not isinstance(tree, tuple):
        return chosen.choice(_LEAVES)
    form, left, right = tree
    how = chosen.choice(["left", "right", "form", "swap", "group"])
    if how == "left":
        return (form, _changed(chosen, left), right)
    if how == "right":
        return (form, left, _changed(chosen, right))
    if how == "form":
        return (chosen.choice(["+", "<", "<=", "AND", "f", "::text"]), left, right)
    if how == "group" and isinstance(left, tuple):
        return (left[0], left[1], (form, left[2], right))
    return (form, right, left)


@pytest.mark.parametrize("seed", range(4))
def test_different_expressions_stay_different(seed: int) -> None:
    chosen = random.Random(seed)
    different = 0
    for _ in range(500):
        tree = _tree(chosen, 3)
        other = _changed(chosen, tree)
        one, two = _text(tree), _text(other)
        assert (canonical(one) == canonical(two)) == (tree == other), (one, two)
        different += tree != other
    assert different > 300


def test_tokens_are_whole() -> None:
    found = tokens("""A."b c" >= 'it''s' || E'\\'' || $t$ '( $t$ || 1.5e-3::numeric(10,2)""")
    assert found is not None
    assert [token.text for token in found] == [
        "a", ".", '"b c"', ">=", "'it''s'", "||", "E'\\''", "||", "$t$ '( $t$", "||", "1.5e-3",
        "::", "numeric", "(", "10", ",", "2", ")",
    ]  # fmt: skip
    assert tokens("'open") is None
    assert tokens("a \\ b") is None


def settled(
    one: str,
    other: str,
    of_one: ReparsedText,
    of_other: ReparsedText,
    what: tuple[str, str] = EXPRESSION,
) -> tuple[bool, Rung, str]:
    result = settle(*what, {"x": one, "y": other}, {"x": of_one, "y": of_other})
    return len({*result.texts.values()}) == 1, result.rung, result.undecided


def test_what_scratch_made_of_them() -> None:
    between = "(x BETWEEN 1 AND 2)", "((x >= 1) AND (x <= 2))"
    parsed = ReparsedText("((x >= 1) AND (x <= 2))")
    assert settled(*between, parsed, parsed) == (True, "reparsed", "")
    other = ReparsedText("((x >= 1) AND (x < 2))")
    assert settled(*between, parsed, other) == (False, "structure", "")


def test_equivalences_after_reparsing() -> None:
    one, other = ReparsedText("(d > now())"), ReparsedText("(d > CURRENT_TIMESTAMP)")
    assert settled("a", "b", one, other) == (True, "equivalent", "")


def test_what_the_planner_computed() -> None:
    one, other = ReparsedText("(1 + 1)", "2"), ReparsedText("2", "2")
    assert settled("(1 + 1)", "2", one, other) == (True, "folded", "")
    assert settled("(1 + 1)", "2", one, other, DEFAULT) == (True, "folded", "")
    # Nothing was folded: that is no answer.
    assert settled("a", "b", ReparsedText("a"), ReparsedText("b")) == (False, "structure", "")


def test_what_the_planner_does_not_see_has_to_be_the_same() -> None:
    check, definition = ("constraint", "definition"), ("index", "definition")
    loose = "CHECK ((1 + x) > 0) NOT ENFORCED"
    one = ReparsedText("CHECK (((1 + x) > 0))", "(x > 0)")
    other = ReparsedText("CHECK ((x > 0))", "(x > 0)")
    assert settled(one.reparsed, other.reparsed, one, other, check) == (True, "folded", "")
    assert settled(loose, other.reparsed, one, other, check) == (False, "structure", "")
    unlike = "USING btree (a)", "USING hash (a)"
    btree, hashed = (ReparsedText(text, "a") for text in unlike)
    assert settled(*unlike, btree, hashed, definition) == (False, "structure", "")


def test_a_text_that_scratch_cannot_parse_is_undecided() -> None:
    failed = ReparsedText(failed='function "gis" does not exist')
    parsed = ReparsedText("b")
    assert settled("a", "b", failed, parsed) == (False, "structure", failed.failed)
    assert settled("a", "a", failed, failed) == (True, "structure", "")
    assert settled("now()", "CURRENT_TIMESTAMP", failed, failed) == (True, "equivalent", "")


def test_several_sides_are_written_as_the_first_of_each_group() -> None:
    texts = {"live": "now()", "history": "clock_timestamp()", "models": "CURRENT_TIMESTAMP"}
    result = settle(*DEFAULT, texts, {})
    assert result.texts == {
        "live": "now()",
        "history": "clock_timestamp()",
        "models": "now()",
    }
    assert result.rung == "equivalent"
