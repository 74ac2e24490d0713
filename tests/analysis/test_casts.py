"""Which casts in a deparsed text follow from a column's type, and which are somebody's."""

from __future__ import annotations

import pytest

from pgassay.analysis.casts import same_but_for_casts

VARCHAR = "character varying(10)"
_IN_VARCHAR = (
    "CHECK (((a)::text = ANY ((ARRAY['x'::character varying, 'y'::character varying])::text[])))"
)

FOLLOWS = [
    # (types of column a, text before, text after)
    (("integer", "numeric(10,2)"), "CHECK ((a > 0))", "CHECK ((a > (0)::numeric))"),
    (("integer", "numeric"), "((a >= 1) AND (a <= 5))",
     "((a >= 1::numeric) AND (a <= 5::numeric))"),
    (("integer", "numeric"), "CHECK ((a = ANY (ARRAY[1, 2])))",
     "CHECK ((a = ANY (ARRAY[(1)::numeric, (2)::numeric])))"),
    (("integer", "numeric"), "(COALESCE(a, 0) > 1)", "(COALESCE(a, (0)::numeric) > 1)"),
    (("numeric", "double precision"), "(a <= 0.5)", "(a <= (0.5)::double precision)"),
    (("numeric", "double precision"), "CHECK ((((b >= 1) AND (b <= 5)) AND (a > (0)::numeric)))",
     "CHECK (((b >= 1) AND (b <= 5) AND (a > ((0)::numeric)::double precision)))"),
    ((VARCHAR, "text"), _IN_VARCHAR, "CHECK ((a = ANY (ARRAY['x'::text, 'y'::text])))"),
    ((VARCHAR, "text"), "USING btree (lower((a)::text))", "USING btree (lower(a))"),
    ((VARCHAR, "text"), "((a)::text ~~ 'x%'::text)", "(a ~~ 'x%'::text)"),
    (("public.mood", "public.mood2"), "(a = 'ok'::public.mood)", "(a = 'ok'::public.mood2)"),
]  # fmt: skip

SOMEBODYS = [
    (("integer", "bigint"), "((a = 1) AND ((o = CURRENT_USER) OR adm))",
     "(((a = 1) AND (o = CURRENT_USER)) OR adm)"),
    (("integer", "bigint"), "CHECK ((o = 'admin'::text))", "CHECK ((o = admin))"),
    (("text", VARCHAR), "CHECK ((a = 'admin'::text))", "CHECK ((a = admin))"),
    (("numeric", "integer"), "(((a)::integer >= 1))", "((a >= 1))"),
    (("integer", "bigint"), "((pc)::integer >= 1)", "(pc >= 1)"),
    (("integer", "numeric(3,1)"), "((b)::integer > a)", "((b)::numeric(3,1) > a)"),
    (("integer", "bigint"), "((a + b) * 2)", "(a + (b * 2))"),
    (("text", VARCHAR), "(a = 'a  b'::text)", "(a = 'a b'::text)"),
    (("text", VARCHAR), "(a = '(1)'::text)", "(a = '1'::text)"),
    (("text", VARCHAR), "(a = 'abc'::text)", "(a = 'abc'::character varying(2))"),
    (("integer", "numeric"), "(a > (1.7)::integer)", "(a > 1.7)"),
    (("integer", "numeric"), "(a > (7 / 2))", "(a > ((7)::numeric / (2)::numeric))"),
    (("integer", "numeric"), "(a > f(7))", "(a > f((7)::numeric))"),
    (("integer", "numeric"), "f(a, 7)", "f(a, (7)::numeric)"),
    (("integer", "numeric"), "(a > (b / 2))", "(a > ((b)::numeric / (2)::numeric))"),
    (("integer", "numeric"), "(b > 0)", "(b > (0)::numeric)"),
    (("integer", "bigint"), "(x = (s())::integer)", "(x = (s())::bigint)"),
    (("integer", "real"), "(a > 16777217)", "(a > (16777217)::real)"),
    (("integer", "numeric"), " SELECT a,\n    0 AS z", " SELECT a,\n    (0)::numeric AS z"),
    (("integer", "numeric"), "(a > 0", "(a > (0)::numeric"),
]  # fmt: skip


@pytest.mark.parametrize(("types", "one", "other"), FOLLOWS)
def test_follows_from_the_type(types: tuple[str, str], one: str, other: str) -> None:
    assert same_but_for_casts(one, other, {"a": frozenset(types)})
    assert same_but_for_casts(other, one, {"a": frozenset(types)})
    assert not same_but_for_casts(one, other, {})
    assert not same_but_for_casts(one, other, {"b": frozenset(types)})
    assert not same_but_for_casts(one, other, {"a": frozenset(("uuid", "xml"))})


@pytest.mark.parametrize(("types", "one", "other"), SOMEBODYS)
def test_is_a_change_of_its_own(types: tuple[str, str], one: str, other: str) -> None:
    assert not same_but_for_casts(one, other, {"a": frozenset(types)})
    assert not same_but_for_casts(other, one, {"a": frozenset(types)})


@pytest.mark.parametrize(
    ("types", "one", "other", "same"),
    [
        (("integer", "numeric"), "0", "(0)::numeric", True),
        (("text", VARCHAR), "'x'::text", "'x'::character varying", True),
        (("text", VARCHAR), "NULL::text", "NULL::character varying", True),
        (("public.mood", "public.mood2"), "'sad'::public.mood", "'sad'::public.mood2", True),
        (("public.mood", "public.mood2"), "'sad'::public.mood", "'ok'::public.mood2", False),
        (("text", "timestamp with time zone"), "'now()'::text", "now()", False),
        (("text", VARCHAR), "'(1)'::text", "'1'::character varying", False),
        (("text", VARCHAR), "'a  b'::text", "'a b'::character varying", False),
        (("integer", "numeric"), "(1.7)::integer", "1.7", False),
        (("integer", "bigint"), "((a + b) * 2)", "(a + (b * 2))", False),
        (("integer", "numeric"), "(7 / 2)", "((7)::numeric / (2)::numeric)", False),
        (("integer", "text"), "f(1)", "f('1'::text)", False),
    ],
)
def test_a_default(types: tuple[str, str], one: str, other: str, same: bool) -> None:
    retyped = {"a": frozenset(types)}
    assert same_but_for_casts(one, other, retyped, value_of="a") is same
    assert same_but_for_casts(other, one, retyped, value_of="a") is same


def test_a_literal_alone_is_a_value_only_as_a_default() -> None:
    retyped = {"a": frozenset(("integer", "numeric"))}
    assert not same_but_for_casts("0", "(0)::numeric", retyped)
    assert not same_but_for_casts("0", "(0)::numeric", retyped, value_of="b")


def test_the_bound_of_a_partition() -> None:
    bound = "FOR VALUES FROM ({}) TO (MAXVALUE)"
    retyped = {"a": frozenset(("integer", "bigint"))}
    one, other = bound.format(1), bound.format("'1'")
    assert same_but_for_casts(one, other, retyped, is_bound=True)
    assert not same_but_for_casts(one, other, retyped)
    assert not same_but_for_casts(one, bound.format("'2'"), retyped, is_bound=True)
    texts = {"a": frozenset(("text", "integer"))}
    assert not same_but_for_casts(one, other, texts, is_bound=True)
