"""Who stands out as an owner where the history names none."""

from __future__ import annotations

from dataclasses import replace

import pytest

from pgassay.analysis.drift_consequence import consequence
from pgassay.analysis.schema_diff import compare
from pgassay.analysis.side_scope import EVERYTHING, HISTORY, MODELS
from pgassay.facts.catalog import (
    Catalog,
    Enum,
    Extension,
    Function,
    Owned,
    Schema,
    SchemaObject,
    Sequence,
    Table,
    View,
)
from pgassay.facts.comparison import Comparison

SCOPES = {"live": EVERYTHING, "applied": HISTORY, "history": HISTORY, "models": MODELS}
NUMBER = 9
SILENT = "owners: the history set none"


def tables(number: int, schema: str = "public", owner: str = "app") -> list[SchemaObject]:
    return [Table(schema, f"t{n}", owner=owner) for n in range(number)]


def catalog(*things: SchemaObject, role: str = "") -> Catalog:
    return Catalog(
        180000,
        tuple(t for t in things if isinstance(t, Table)),
        others=tuple(t for t in things if not isinstance(t, Table)),
        role=role,
    )


def built(live: Catalog) -> Catalog:
    """The same objects, as scratch's own role made them."""
    made = [replace(t, owner="me") for t in live.objects() if isinstance(t, Owned)]
    return catalog(*made, role="me")


def compared(*things: SchemaObject, models: bool = False) -> Comparison:
    live = catalog(*things)
    sides = {"live": live, "applied": built(live), "history": built(live)}
    if models:
        said_in_models = (t for t in built(live).objects() if t.KIND in ("table", "enum"))
        sides["models"] = catalog(*said_in_models, role="me")
    return compare(sides, scopes=SCOPES)


def said(comparison: Comparison) -> list[tuple[str, str, dict[str, str]]]:
    return [(d.subject, d.property, dict(d.values)) for d in comparison.differences]


@pytest.mark.parametrize(
    "thing",
    [
        Table("public", "odd", owner="alice"),
        View("public", "odd", owner="alice"),
        Sequence("public", "odd", owner="alice"),
        Enum("public", "odd", ("a",), owner="alice"),
        Function("public", "odd()", owner="alice", language="plpgsql"),
    ],
    ids=lambda thing: thing.KIND,
)
def test_the_odd_one_is_named_and_nothing_else(thing: SchemaObject) -> None:
    found = compared(*tables(NUMBER), thing, models=True)
    assert said(found) == [
        (thing.subject, "owner", {"live": "alice", "applied": "app", "history": "app"})
    ]
    assert consequence(found.differences[0]).severity == "blocker"
    assert dict(found.left_out)[SILENT] == NUMBER


def test_two_odd_ones_among_many() -> None:
    odd = [Table("public", name, owner="alice") for name in ("x", "y")]
    assert [s[0] for s in said(compared(*tables(2 * NUMBER), *odd))] == ["public.x", "public.y"]


def test_too_few_to_tell() -> None:
    found = compared(*tables(NUMBER - 1), Table("public", "odd", owner="alice"))
    assert said(found) == []
    assert found.left_out == ((SILENT, NUMBER),)


def test_owners_that_are_spread() -> None:
    other = [Table("public", f"o{n}", owner="alice") for n in range(3)]
    found = compared(*tables(2 * NUMBER), *other)
    assert said(found) == []
    assert found.left_out == ((SILENT, 2 * NUMBER + 3),)


def test_a_schema_that_is_another_role_s() -> None:
    """Not one table given away by hand, but a place of its own."""
    audit = Table("audit", "log", owner="auditor")
    given = Table("public", "odd", owner="auditor")
    found = compared(*tables(5 * NUMBER), Schema("audit", owner="auditor"), audit, given)
    assert [s[0] for s in said(found)] == ["public.odd"]


@pytest.mark.parametrize(
    "thing",
    [
        Extension("citext", owner="postgres"),
        Schema("sales", owner="postgres"),
        Function("public", "fast()", language="c", owner="postgres"),
        Table("public", "t_2024", partition_of="public.t0", owner="job"),
    ],
    ids=lambda thing: thing.KIND,
)
def test_what_others_make_for_good_reasons(thing: SchemaObject) -> None:
    found = compared(*tables(5 * NUMBER), thing)
    assert said(found) == []
    assert dict(found.left_out)[SILENT] == 5 * NUMBER + 1
