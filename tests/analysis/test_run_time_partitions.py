"""Partitions made at run time are passed over, and what hangs on them is not."""

from __future__ import annotations

from dataclasses import replace

import pytest

from pgassay.analysis.schema_diff import compare
from pgassay.analysis.side_scope import HISTORY, MODELS
from pgassay.facts.catalog import (
    Catalog,
    Column,
    Constraint,
    DefaultPrivileges,
    Grant,
    Index,
    Policy,
    Schema,
    SchemaObject,
    Table,
)

SCOPES = {"history": HISTORY, "models": MODELS}
PARENT = Table("public", "t", partitioned=True, partition_key="RANGE (day)", owner="app")
OF_2024 = Table("public", "t_2024", partition_of="public.t", bound="FROM 2024", owner="app")
OF_2025 = Table("public", "t_2025", partition_of="public.t", bound="FROM 2025", owner="app")
READS = (Grant("pg_monitor", ("SELECT",)),)


def catalog(*tables: Table, parts: tuple[SchemaObject, ...] = (), role: str = "app") -> Catalog:
    columns = [
        Column("public", table.name, name, place, type_)
        for table in tables
        for place, (name, type_) in enumerate((("id", "integer"), ("day", "date")), 1)
    ]
    own = {p.identity: p for p in parts if isinstance(p, Column)}
    return Catalog(
        180000,
        tables=tables,
        columns=tuple(own.get(c.identity, c) for c in columns),
        constraints=tuple(p for p in parts if isinstance(p, Constraint)),
        indexes=tuple(p for p in parts if isinstance(p, Index)),
        others=(
            Schema("public"),
            *(p for p in parts if not isinstance(p, Column | Constraint | Index)),
        ),
        role=role,
    )


def found(history: Catalog, live: Catalog) -> list[tuple[str, str, dict[str, str]]]:
    compared = compare({"live": live, "history": history}, scopes=SCOPES)
    assert ("partition made at run time", 1) in compared.left_out
    return [(d.subject, d.property, dict(d.values)) for d in compared.differences]


def test_the_partition_itself_is_counted() -> None:
    assert found(catalog(PARENT, OF_2024), catalog(PARENT, OF_2024, OF_2025)) == []


ONLY_LIVE = {"live": "present", "history": "absent"}


@pytest.mark.parametrize(
    "part",
    [
        Index("public", "t_2025", "odd", False, ("id",), "USING btree (id)"),
        Constraint("public", "t_2025", "odd", "check", ("id",), "CHECK ((id > 0))"),
        Policy("public", "t_2025", "odd", using="true"),
    ],
    ids=lambda part: part.KIND,
)
def test_what_it_has_of_its_own_is_named(part: SchemaObject) -> None:
    live = catalog(PARENT, OF_2024, OF_2025, parts=(part,))
    assert found(catalog(PARENT, OF_2024), live) == [("public.t_2025.odd", "presence", ONLY_LIVE)]


def test_rights_of_its_own_are_named() -> None:
    parent = replace(PARENT, grants=READS)
    history = catalog(parent, OF_2024)
    open_to_all = replace(OF_2025, grants=(Grant("PUBLIC", ("ALL",)),))
    values = {"live": "PUBLIC: ALL", "history": "none"}
    assert found(history, catalog(parent, OF_2024, open_to_all)) == [
        ("public.t_2025", "grants", values)
    ]
    as_parent = replace(OF_2025, grants=READS)
    assert found(history, catalog(parent, OF_2024, as_parent)) == []


def test_row_security_and_defaults_of_its_own_are_named() -> None:
    secured = replace(OF_2025, row_security=True)
    five = Column("public", "t_2025", "id", 1, "integer", default="5")
    assert found(catalog(PARENT, OF_2024), catalog(PARENT, OF_2024, secured, parts=(five,))) == [
        ("public.t_2025", "row_security", {"live": "yes", "history": "no"}),
        ("public.t_2025.id", "default", {"live": "5", "history": "none"}),
    ]


def test_one_of_a_partition_made_at_run_time_too() -> None:
    middle = replace(OF_2025, partitioned=True, partition_key="LIST (id)")
    leaf = Table("public", "t_2025_1", partition_of="public.t_2025", bound="IN (1)", owner="app")
    live = catalog(leaf, PARENT, OF_2024, middle)
    compared = compare({"live": live, "history": catalog(PARENT, OF_2024)}, scopes=SCOPES)
    assert compared.differences == ()
    assert compared.left_out == (("partition made at run time", 2),)


def test_a_detached_partition_is_one_difference() -> None:
    alone = replace(OF_2024, partition_of="", bound="")
    key = Constraint("public", "t_2024", "t_2024_pkey", "primary key", ("id",), "PRIMARY KEY (id)")
    live = catalog(PARENT, alone, parts=(key,))
    sides = {"live": live, "history": catalog(PARENT, OF_2024), "models": catalog(PARENT)}
    differences = compare(sides, scopes=SCOPES).differences
    assert [(d.subject, d.property) for d in differences] == [("public.t_2024", "partition_of")]


def test_default_privileges_of_whoever_ran_it() -> None:
    reads = (Grant("reader", ("SELECT",)),)
    built = DefaultPrivileges("postgres for tables in schema public", grants=reads)
    migrated = DefaultPrivileges("app for tables in schema public", grants=reads)
    history = catalog(replace(PARENT, owner="postgres"), parts=(built,), role="postgres")
    live = catalog(PARENT, parts=(migrated,))
    assert compare({"live": live, "history": history}, scopes=SCOPES).differences == ()
    other = DefaultPrivileges("app for tables in schema public", grants=READS)
    live = catalog(PARENT, parts=(other,))
    differences = compare({"live": live, "history": history}, scopes=SCOPES).differences
    assert [(d.subject, d.property) for d in differences] == [
        ("app for tables in schema public", "grants")
    ]
