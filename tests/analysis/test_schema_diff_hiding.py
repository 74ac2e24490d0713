"""One difference does not hide another, on hand-written catalogs."""

from __future__ import annotations

from dataclasses import replace

import pytest

from pgassay.analysis.schema_diff import compare
from pgassay.analysis.side_scope import HISTORY
from pgassay.analysis.sql_words import names
from pgassay.facts.catalog import (
    Catalog,
    Column,
    Constraint,
    Domain,
    DomainConstraint,
    Extension,
    Index,
    Policy,
    Schema,
    SchemaObject,
    Sequence,
    Table,
    View,
)

T = Table("public", "t")
A = Column("public", "t", "a", 1, "integer")


def catalog(*things: SchemaObject, tables: tuple[Table, ...] = (T,)) -> Catalog:
    found = Catalog(
        180000,
        tables,
        tuple(thing for thing in things if isinstance(thing, Column)),
        tuple(thing for thing in things if isinstance(thing, Constraint)),
        tuple(thing for thing in things if isinstance(thing, Index)),
    )
    known = set(found.objects())
    return replace(found, others=tuple(thing for thing in things if thing not in known))


def said(one: Catalog, other: Catalog) -> list[tuple[str, ...]]:
    found = compare({"x": one, "y": other}).differences
    return [(d.subject, d.property, *(value for _, value in d.values)) for d in found]


def properties(one: Catalog, other: Catalog) -> list[str]:
    return [f"{d.subject} {d.property}" for d in compare({"x": one, "y": other}).differences]


def test_a_policy_is_named_beside_a_type() -> None:
    before = "((tenant = 1) AND ((owner = CURRENT_USER) OR is_admin))"
    after = "(((tenant = 1) AND (owner = CURRENT_USER)) OR is_admin)"

    def side(type_: str, using: str) -> Catalog:
        return catalog(
            Column("public", "t", "tenant", 1, type_), Policy("public", "t", "p", using=using)
        )

    assert properties(side("integer", before), side("bigint", after)) == [
        "public.t.tenant type",
        "public.t.p using",
    ]
    assert properties(side("integer", before), side("bigint", before)) == ["public.t.tenant type"]


def test_a_text_of_another_table_does_not_follow() -> None:
    def side(type_: str, check: str) -> Catalog:
        return catalog(
            replace(A, type=type_),
            Column("public", "u", "a", 1, "numeric"),
            Constraint("public", "u", "ck", "check", ("a",), check),
            tables=(T, Table("public", "u")),
        )

    found = said(side("integer", "CHECK ((a > 0))"), side("numeric", "CHECK ((a > (0)::numeric))"))
    assert [d[:2] for d in found] == [("public.t.a", "type"), ("public.u.ck", "definition")]


@pytest.mark.parametrize(
    ("query", "follows"),
    [
        ("FROM public.t\n  WHERE (a > {})", True),
        ("FROM public.t t_1\n  WHERE (t_1.a > {})", True),
        ("FROM public.w\n  WHERE (a > {})", False),
        ("FROM public.t,\n    public.u\n  WHERE (u.a > {})", False),
        ("FROM public.t,\n    public.w\n  WHERE (w.a > {})", False),
        ("FROM ( SELECT 1 AS a FROM public.t) q\n  WHERE (a > {})", False),
    ],
)
def test_a_view_follows_the_tables_it_names(query: str, follows: bool) -> None:
    def side(type_: str, literal: str) -> Catalog:
        return catalog(
            replace(A, type=type_),
            Column("public", "u", "a", 1, "integer"),
            View("public", "v", definition=f" SELECT 1 AS one\n   {query.format(literal)}"),
            View("public", "w", definition=" SELECT 1 AS a"),
            tables=(T, Table("public", "u")),
        )

    found = [p for _, p, *_ in said(side("integer", "0"), side("numeric", "(0)::numeric"))]
    assert found == (["type"] if follows else ["type", "definition"])


def test_a_column_is_compared_before_the_one_whose_type_it_follows() -> None:
    def side(type_: str, expression: str) -> Catalog:
        return catalog(
            Column("public", "t", "g", 1, type_, default=expression, generated="stored"),
            Column("public", "t", "z", 2, type_),
        )

    one, other = side("integer", "(z + 1)"), side("numeric", "(z + (1)::numeric)")
    assert properties(one, other) == ["public.t.g type", "public.t.z type"]
    other = side("numeric", "(z + (2)::numeric)")
    assert properties(one, other) == ["public.t.g type", "public.t.g default", "public.t.z type"]


def test_a_domain_with_its_check_and_default() -> None:
    def side(type_: str, literal: str, check: str) -> Catalog:
        return catalog(
            Domain("public", "d", type_, default=literal),
            DomainConstraint("public", "d", "ck", f"CHECK ({check})"),
        )

    one = side("integer", "0", "(VALUE > 0)")
    follows = side("numeric", "(0)::numeric", "(VALUE > (0)::numeric)")
    assert properties(one, follows) == ["public.d base_type"]
    other = side("numeric", "(1)::numeric", "(VALUE > (1)::numeric)")
    assert sorted(properties(one, other)) == [
        "public.d base_type",
        "public.d default",
        "public.d.ck definition",
    ]


@pytest.mark.parametrize(
    ("constraint", "index", "same"),
    [
        ("UNIQUE (a)", "USING btree (a)", True),
        ("UNIQUE (a, b)", "USING btree (a, b)", True),
        ("PRIMARY KEY (a)", "USING btree (a)", True),
        ("UNIQUE (a) DEFERRABLE", "USING btree (a)", True),
        ("UNIQUE (a) INCLUDE (b)", "USING btree (a) INCLUDE (b)", True),
        ("UNIQUE NULLS NOT DISTINCT (a)", "USING btree (a) NULLS NOT DISTINCT", True),
        ("UNIQUE NULLS NOT DISTINCT (a)", "USING btree (a)", False),
        ("UNIQUE (a)", "USING btree (a) INCLUDE (b)", False),
        ("UNIQUE (a)", "USING btree (b)", False),
        ("UNIQUE (a)", "USING btree (a) WHERE (b > 0)", False),
        ("UNIQUE (a)", "USING btree (lower(a))", False),
        ("EXCLUDE USING gist (a WITH =)", "USING gist (a)", False),
    ],
)
def test_an_index_in_a_constraints_place(constraint: str, index: str, same: bool) -> None:
    one = catalog(A, Constraint("public", "t", "u", "unique", ("a",), constraint))
    other = catalog(A, Index("public", "t", "u", True, ("a",), index))
    wanted = ["kind"] if same else ["presence", "presence"]
    assert [p for _, p, *_ in said(one, other)] == wanted
    broken = catalog(A, Index("public", "t", "u", True, ("a",), index, valid=False))
    assert [p for _, p, *_ in said(one, broken)] == ["presence", "presence"]


def generated(kind: str, default: str | None) -> Catalog:
    return catalog(replace(A, generated=kind, default=default))


_NEXTVAL = "nextval('public.s'::regclass)"


@pytest.mark.parametrize(
    ("one", "other", "default"),
    [
        (("stored", "(b + 1)"), ("virtual", "(b + 2)"), ("(b + 1)", "(b + 2)")),
        (("stored", "(b + 1)"), ("", "7"), ("(b + 1)", "7")),
        (("always as identity", None), ("", "5"), ("none", "5")),
        (("stored", "(b + 1)"), ("", _NEXTVAL), ("(b + 1)", _NEXTVAL)),
        (("stored", "(b + 1)"), ("virtual", "(b + 1)"), None),
        (("stored", "(b + 1)"), ("", None), None),
        (("always as identity", None), ("", _NEXTVAL), None),
    ],
)
def test_a_default_beside_how_it_is_generated(
    one: tuple[str, str | None], other: tuple[str, str | None], default: tuple[str, str] | None
) -> None:
    found = said(generated(*one), generated(*other))
    assert [d[1] for d in found] == (["default"] if default else []) + ["generated"]
    assert [d[2:] for d in found[:-1]] == ([default] if default else [])


def test_a_default_from_a_sequence_that_is_not_the_columns_own() -> None:
    draws = replace(A, default=_NEXTVAL)
    own = Sequence("public", "s", owned_by=("public", "t", "a"))
    identity = replace(A, generated="by default as identity")
    assert properties(catalog(draws, own), catalog(identity, own)) == ["public.t.a generated"]
    free = replace(own, owned_by=())
    assert properties(catalog(draws, free), catalog(identity, free)) == [
        "public.t.a default",
        "public.t.a generated",
    ]


def test_expressions_of_two_sides_beside_a_third_without() -> None:
    sides = {
        "x": generated("stored", "(b + 1)"),
        "y": generated("virtual", "(b + 2)"),
        "z": generated("", None),
    }
    (default, _) = compare(sides).differences
    assert default.values == (("x", "(b + 1)"), ("y", "(b + 2)"))


def test_not_null_that_is_not_valid() -> None:
    late = replace(A, not_null=True, not_null_valid=False, not_null_name="nn")
    assert said(catalog(A), catalog(late)) == [
        ("public.t.a", "not_null", "no", "yes"),
        ("public.t.a", "not_null_valid", "yes", "no"),
    ]


def test_the_schema_of_an_extension() -> None:
    one = catalog(Extension("citext", version="1.6", schema="public"))
    other = catalog(Extension("citext", version="1.6", schema="app"))
    assert said(one, other) == [("citext", "schema", "public", "app")]


def test_the_owner_that_initdb_made() -> None:
    one, other = catalog(Schema("public")), catalog(Schema("public", owner="app"))
    assert said(one, other) == [("public", "owner", "default", "app")]
    assert compare({"live": other, "history": one}, scopes={"history": HISTORY}).differences == ()


def test_an_owned_sequences_owner_follows() -> None:
    owned = Sequence("public", "s", owned_by=("public", "t", "a"))
    free = Sequence("public", "s", owner="app")
    assert properties(catalog(A, owned), catalog(A, free)) == ["public.s owned_by"]


@pytest.mark.parametrize(
    ("definition", "column", "named"),
    [
        ("CHECK ((a <> 'note'::text))", "note", False),
        ("CHECK ((a <> $x$note$x$))", "note", False),
        ('CHECK (("Note" > 0))', "Note", True),
        ('CHECK (("Note" > 0))', "note", False),
        ('CHECK (("a""b" > 0))', 'a"b', True),
        ("USING btree (note)", "note", True),
        ("USING btree ((a)::text)", "text", False),
        ("USING btree (lower(a))", "lower", False),
    ],
)
def test_the_name_of_a_column_in_a_text(definition: str, column: str, named: bool) -> None:
    assert names(definition, column) is named


def test_a_string_that_reads_like_a_dropped_column() -> None:
    note = Column("public", "t", "note", 2, "text")
    index = Index("public", "t", "ix", False, ("a",), "USING btree (a) WHERE (b <> 'note'::text)")
    check = Constraint("public", "t", "ck", "check", ("a",), "CHECK ((a <> 'note'::text))")
    foreign = "FOREIGN KEY (a) REFERENCES public.u(note)"
    key = Constraint("public", "t", "fk", "foreign key", ("a",), foreign)
    found = said(catalog(A, note, index, check, key), catalog(A))
    gone = ["public.t.note", "public.t.ck", "public.t.fk", "public.t.ix"]
    assert found == [(name, "presence", "present", "absent") for name in gone]
    on_it = replace(index, definition="USING btree (a) WHERE (note <> 'x'::text)")
    assert properties(catalog(A, note, on_it), catalog(A)) == ["public.t.note presence"]


def test_positions_that_a_role_may_not_see_are_counted() -> None:
    def side(*, readable: bool) -> Catalog:
        free = Sequence("public", "s", readable=readable)
        owner = ("public", "t", "a")
        own = Sequence("public", "t_a_seq", owned_by=owner, identity_column=True, readable=readable)
        return catalog(A, free, own)

    hidden, seen = side(readable=False), side(readable=True)
    reason = "sequence position this role may not see"
    assert compare({"x": hidden, "y": seen}).left_out == ((reason, 2),)
    assert compare({"x": seen, "y": seen}).left_out == ()
    build = compare({"x": hidden, "y": hidden, "b": seen}, scopes={"b": HISTORY})
    assert build.left_out == ((reason, 2),)
    assert compare({"x": hidden, "b": seen}, scopes={"b": HISTORY}).left_out == ()
