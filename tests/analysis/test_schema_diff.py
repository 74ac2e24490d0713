"""The comparison of schemas, on hand-written catalogs."""

from __future__ import annotations

from dataclasses import replace

import pytest

from pgassay.analysis import schema_diff
from pgassay.analysis.side_scope import MODELS
from pgassay.analysis.type_change import keeps_every_value
from pgassay.facts.catalog import (
    Catalog,
    Column,
    Constraint,
    ConstraintKind,
    Domain,
    Enum,
    Index,
    Table,
)
from pgassay.facts.comparison import Difference


def compare(sides: dict[str, Catalog], *models: str) -> tuple[Difference, ...]:
    """The differences; `models` are sides that are models."""
    return schema_diff.compare(sides, scopes=dict.fromkeys(models, MODELS)).differences


def column(name: str, type_: str = "integer", *, table: str = "t", position: int = 1) -> Column:
    return Column("public", table, name, position, type_)


def constraint(
    name: str, definition: str, *columns: str, kind: ConstraintKind = "check"
) -> Constraint:
    return Constraint("public", "t", name, kind, columns, definition)


def index(name: str, *columns: str, unique: bool = False) -> Index:
    definition = f"USING btree ({', '.join(columns)})"
    return Index("public", "t", name, unique, columns, definition)


def catalog(*parts: Column | Constraint | Index, tables: tuple[str, ...] = ("t",)) -> Catalog:
    return Catalog(
        180000,
        tuple(Table("public", t) for t in tables),
        tuple(p for p in parts if isinstance(p, Column)),
        tuple(p for p in parts if isinstance(p, Constraint)),
        tuple(p for p in parts if isinstance(p, Index)),
    )


def shown(*differences: Difference) -> list[tuple[str, str, str, dict[str, str]]]:
    return [(d.kind, d.subject, d.property, dict(d.values)) for d in differences]


A, B = column("a"), column("b")


def test_equal_schemas_do_not_differ() -> None:
    whole = catalog(A, B, constraint("ck", "CHECK ((a > b))", "a", "b"), index("ix", "a"))
    assert compare({"x": whole, "y": whole, "z": whole}) == ()
    assert compare({"x": whole}) == ()
    assert compare({}) == ()


def test_order_and_position_do_not_matter() -> None:
    one = catalog(A, B, index("i", "a"), index("j", "b"))
    other = catalog(replace(B, position=9), A, index("j", "b"), index("i", "a"))
    assert compare({"x": one, "y": other}) == ()


def test_a_missing_column() -> None:
    found = compare({"live": catalog(A), "history": catalog(A, B), "models": catalog(A, B)})
    assert shown(*found) == [
        (
            "column",
            "public.t.b",
            "presence",
            {"live": "absent", "history": "present", "models": "present"},
        )
    ]
    assert found[0].objects == (("history", B), ("models", B))


def test_what_stands_on_a_missing_column_goes_with_it() -> None:
    foreign_key = constraint("fk", "FOREIGN KEY (b) REFERENCES public.u(id)", "b")
    expression = replace(index("ix", "lower(b)"), definition="USING btree (lower(b))")
    with_b = catalog(A, B, foreign_key, expression, index("ix2", "a"))
    (found,) = compare({"live": catalog(A, index("ix2", "a")), "history": with_b})
    assert found.subject == "public.t.b"
    assert found.also == ("constraint fk", "index ix")


def test_a_side_without_the_column_is_not_asked_for_its_constraint() -> None:
    check = constraint("ck", "CHECK ((b > 0))", "b")
    column_found, constraint_found = compare(
        {"live": catalog(A, B), "history": catalog(A), "models": catalog(A, B, check)}
    )
    assert column_found.also == ("constraint ck",)
    assert constraint_found.values == (("live", "absent"), ("models", "present"))


def test_the_parts_of_a_missing_table_go_with_it() -> None:
    whole = catalog(A, constraint("ck", "CHECK ((a > 0))", "a"), index("ix", "a"))
    (found,) = compare({"live": catalog(tables=()), "history": whole})
    assert (found.kind, found.subject, found.name) == ("table", "public.t", "")
    assert found.values == (("live", "absent"), ("history", "present"))
    assert found.also == ("column a", "constraint ck", "index ix")


def test_sides_that_have_the_table_are_still_compared() -> None:
    found = compare({"x": catalog(A), "y": catalog(tables=()), "z": catalog(A, B)})
    assert [d.property for d in found] == ["presence", "presence"]
    assert found[1].values == (("x", "absent"), ("z", "present"))


def test_column_properties() -> None:
    money = replace(A, type="numeric(12,2)", not_null=True, default="0")
    loose = replace(A, type="double precision", default="1")
    found = compare({"live": catalog(money), "history": catalog(loose)})
    assert shown(*found) == [
        (
            "column",
            "public.t.a",
            "type",
            {"live": "numeric(12,2)", "history": "double precision"},
        ),
        ("column", "public.t.a", "not_null", {"live": "yes", "history": "no"}),
        ("column", "public.t.a", "default", {"live": "0", "history": "1"}),
    ]


def test_the_labels_of_an_enum() -> None:
    def kind(*labels: str) -> Catalog:
        column = replace(A, type="public.kind", labels=labels)
        return replace(catalog(column), others=(Enum("public", "kind", labels),))

    sides = {"live": kind("a", "z"), "history": kind("a"), "models": kind("a", "c, d", "e'\\")}
    assert shown(*compare(sides)) == [
        (
            "enum",
            "public.kind",
            "labels",
            {"live": "a, z", "history": "a", "models": "a, 'c, d', E'e''\\\\'"},
        )
    ]
    assert compare({"x": kind("a"), "y": kind("a")}) == ()
    assert len(compare({"x": kind("a, b"), "y": kind("a", "b")})) == 1
    assert len(compare({"x": kind("b", "a"), "y": kind("a", "b")})) == 1


def test_what_a_domain_rests_on() -> None:
    def eur(base: str) -> Catalog:
        column = replace(A, type="public.eur", base_type=base)
        return replace(catalog(column), others=(Domain("public", "eur", base),))

    (found,) = compare({"live": eur("double precision"), "history": eur("numeric(12,2)")})
    assert (found.subject, found.property, dict(found.values)) == (
        "public.eur",
        "base_type",
        {"live": "double precision", "history": "numeric(12,2)"},
    )


def test_no_domain_and_no_enum_are_another_type_alone() -> None:
    domain = replace(A, type="public.kinds", base_type="public.kind[]", labels=("a",))
    (found,) = compare({"live": catalog(A), "history": catalog(domain)})
    assert found.property == "type"


def test_defaults_of_some_sides_say_nothing() -> None:
    sides = {"live": catalog(replace(A, default="0")), "models": catalog(A)}
    assert compare(sides, "models") == ()
    sides["history"] = catalog(A)
    (found,) = compare(sides, "models")
    assert found.values == (("live", "0"), ("history", "none"))


def test_a_generation_expression_counts_on_every_side() -> None:
    one = replace(A, generated="stored", default="(b * 2)")
    other = replace(A, generated="stored", default="(b * 3)")
    sides = {"history": catalog(one), "models": catalog(other)}
    (found,) = compare(sides, "models")
    assert found.property == "default"


def test_identity_against_a_sequence_is_one_difference() -> None:
    serial = replace(A, default="nextval('public.t_a_seq'::regclass)")
    identity = replace(A, generated="always as identity")
    (found,) = compare({"live": catalog(serial), "history": catalog(identity)})
    assert found.property == "generated"
    assert dict(found.values) == {"live": "no", "history": "always as identity"}


def test_another_name_is_a_difference_of_names_only() -> None:
    found = compare(
        {
            "live": catalog(A, index("ix_t_a", "a"), constraint("t_check", "CHECK ((a > 0))", "a")),
            "history": catalog(A, index("t_a", "a"), constraint("ck_t_a", "CHECK ((a > 0))", "a")),
        }
    )
    assert shown(*found) == [
        ("constraint", "public.t.t_check", "name", {"live": "t_check", "history": "ck_t_a"}),
        ("index", "public.t.ix_t_a", "name", {"live": "ix_t_a", "history": "t_a"}),
    ]


def test_swapped_names_are_differences_of_names_only() -> None:
    def checks(one: str, other: str) -> Catalog:
        return catalog(
            A,
            constraint(one, "CHECK ((a > 0))", "a"),
            constraint(other, "CHECK ((a < 9))", "a"),
        )

    found = compare(
        {"live": checks("t_check", "t_check1"), "history": checks("t_check1", "t_check")}
    )
    assert [d.property for d in found] == ["name", "name"]


def test_the_same_name_with_another_definition() -> None:
    fk = constraint("fk", "FOREIGN KEY (a) REFERENCES public.u(id)", "a", kind="foreign key")
    cascade = replace(fk, definition=fk.definition + " ON DELETE CASCADE")
    (found,) = compare({"live": catalog(A, fk), "history": catalog(A, cascade)})
    assert (found.property, dict(found.values)) == (
        "definition",
        {"live": fk.definition, "history": cascade.definition},
    )


def test_not_valid_is_about_validation_alone() -> None:
    valid = constraint("ck", "CHECK ((a > 0))", "a")
    late = replace(valid, definition=valid.definition + " NOT VALID", validated=False)
    (found,) = compare({"live": catalog(A, late), "history": catalog(A, valid)})
    assert (found.property, dict(found.values)) == (
        "validated",
        {"live": "no", "history": "yes"},
    )


def test_one_primary_key_whatever_its_name_and_columns() -> None:
    one = constraint("t_pkey", "PRIMARY KEY (a)", "a", kind="primary key")
    other = constraint("pk_t", "PRIMARY KEY (a, b)", "a", "b", kind="primary key")
    found = compare({"live": catalog(A, B, one), "history": catalog(A, B, other)})
    assert [d.property for d in found] == ["name", "definition"]


def test_a_duplicate_index_is_not_paired_twice() -> None:
    twice = catalog(A, index("ix", "a"), index("ix_again", "a"))
    (found,) = compare({"live": twice, "history": catalog(A, index("ix", "a"))})
    assert (found.subject, found.property) == ("public.t.ix_again", "presence")


def test_four_sides_make_one_cluster() -> None:
    def named(name: str) -> Catalog:
        return catalog(A, index(name, "a"))

    (found,) = compare(
        {"live": named("x"), "applied": named("y"), "history": named("y"), "models": named("z")}
    )
    assert found.values == (("live", "x"), ("applied", "y"), ("history", "y"), ("models", "z"))


def test_index_properties() -> None:
    found = compare(
        {
            "live": catalog(A, replace(index("ix", "a"), valid=False)),
            "history": catalog(A, index("ix", "a", unique=True)),
        }
    )
    assert [d.property for d in found] == ["unique", "valid"]


@pytest.mark.parametrize(
    ("old", "new", "kept"),
    [
        ("integer", "bigint", True),
        ("bigint", "integer", False),
        ("real", "double precision", True),
        ("numeric(12,2)", "double precision", False),
        ("double precision", "numeric(12,2)", False),
        ("numeric(12,2)", "numeric(14,4)", True),
        ("numeric(12,2)", "numeric(12,4)", False),
        ("numeric(12,2)", "numeric", True),
        ("numeric", "numeric(12,2)", False),
        ("character varying(20)", "character varying(50)", True),
        ("character varying(50)", "character varying(20)", False),
        ("character varying", "text", True),
        ("text", "character varying(50)", False),
        ("character varying(3)", "character(3)", False),
        ("integer[]", "bigint[]", True),
        ("timestamp without time zone", "timestamp with time zone", False),
        ("text", "text", True),
    ],
)
def test_knows_which_types_keep_every_value(old: str, new: str, kept: bool) -> None:
    assert keeps_every_value(old, new) is kept
