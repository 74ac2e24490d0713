"""Comparing sides: scratch only where needed, and nothing that fails reads as "the same"."""

from __future__ import annotations

from dataclasses import replace

import pytest

from pgassay.analysis.catalog_share import without_tables
from pgassay.analysis.version_tables import version_tables
from pgassay.facts.catalog import (
    Catalog,
    Column,
    Constraint,
    Policy,
    SecurityLabel,
    Sequence,
    Statistics,
    Table,
    Trigger,
)
from pgassay.facts.comparison import Comparison
from pgassay.facts.unavailable import Unavailable
from pgassay.flows import sides as flow
from pgassay.flows.scratch_once import ScratchOnce
from pgassay.flows.sides import compare_or_say_why, compare_sides, unread

NOWHERE = "postgresql://somebody@127.0.0.1:1/nothing"


def catalog(default: str, type_: str = "timestamp with time zone") -> Catalog:
    return Catalog(
        180006,
        (Table("public", "t"),),
        (Column("public", "t", "at", 1, type_, default=default),),
    )


def quiet(_: str) -> None:
    pass


def test_scratch_is_not_started_where_every_text_is_the_same() -> None:
    with ScratchOnce(NOWHERE) as scratch:
        same = compare_sides({"a": catalog("now()"), "b": catalog("now()")}, {}, scratch, quiet)
        assert scratch.shown is None
    assert same.differences == ()


def test_texts_that_scratch_finds_to_be_the_same_are_no_difference() -> None:
    sides = {"a": catalog("5", "integer"), "b": catalog("(2 + 3)", "integer")}
    with ScratchOnce() as scratch:
        found = compare_sides(sides, {}, scratch, quiet)
        assert scratch.shown is not None
    assert found.differences == ()
    assert [(t.kind, t.property, t.rung) for t in found.settled] == [
        ("column", "default", "folded")
    ]


def test_texts_that_mean_different_things_stay_different() -> None:
    sides = {"a": catalog("now()"), "b": catalog("clock_timestamp()")}
    with ScratchOnce() as scratch:
        found = compare_sides(sides, {}, scratch, quiet)
    assert [(d.property, d.undecided) for d in found.differences] == [("default", "")]


def test_without_a_scratch_server_a_text_that_differs_stays_undecided() -> None:
    sides = {"a": catalog("now()"), "b": catalog("now() + '00:00:00'::interval")}
    with ScratchOnce(NOWHERE) as scratch:
        found = compare_sides(sides, {}, scratch, quiet)
        assert isinstance(scratch.server(), Unavailable)
    (difference,) = found.differences
    assert difference.undecided.startswith("no scratch server: ")


def test_a_crash_is_said_and_is_no_comparison(monkeypatch: pytest.MonkeyPatch) -> None:
    def crash(*_: object, **__: object) -> Comparison:
        raise ZeroDivisionError("planted")

    monkeypatch.setattr(flow, "compare", crash)
    sides = {"live": catalog("now()"), "models": catalog("now()")}
    with ScratchOnce(NOWHERE) as scratch:
        found = compare_or_say_why(sides, {}, scratch, quiet)
    assert isinstance(found, Unavailable)
    assert found.reason == "Comparing live, models crashed: ZeroDivisionError: planted"
    assert "Traceback" in found.detail


def test_what_a_side_could_not_read_is_unavailable() -> None:
    hidden = replace(catalog("now()"), unread=("PostgreSQL 19 is newer than what is known",))
    assert unread({"live": hidden, "models": catalog("now()")}) == (
        Unavailable(
            "schema of live",
            "Not all of live could be read: PostgreSQL 19 is newer than what is known",
            "Read it as a role that may see all of it; a superuser may.",
        ),
    )


def test_all_that_hangs_on_a_version_table_goes_with_it() -> None:
    def parts(table: str) -> tuple[object, ...]:
        return (
            Sequence("public", f"{table}_seq", owned_by=("public", table, "x")),
            Statistics("public", f"{table}_stat", table=table),
            Trigger("public", table, "log"),
            Policy("public", table, "own"),
            SecurityLabel(f"anon on column public.{table}.x"),
        )

    def whole(*tables: str) -> Catalog:
        typed = {"stamp": ("version_num", "character varying(32)"), "users": ("x", "bigint")}
        return Catalog(
            180006,
            tuple(Table("public", t) for t in tables),
            tuple(Column("public", t, typed[t][0], 1, typed[t][1]) for t in tables),
            tuple(
                Constraint("public", t, f"{t}_pkey", "primary key", ("x",), "PRIMARY KEY (x)")
                for t in tables
            ),
            others=tuple(part for t in tables for part in parts(t)),  # type: ignore[misc]
        )

    both = whole("stamp", "users")
    assert version_tables(both) == (("public", "stamp"),)
    left = without_tables(both, version_tables(both), "version table")
    assert left == replace(whole("users"), left_out=(("version table", 1),))
