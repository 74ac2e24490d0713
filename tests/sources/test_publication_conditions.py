"""The WHERE of a publication's table, as two servers write it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import psycopg
import pytest

from pgassay.analysis.schema_diff import compare, unsettled
from pgassay.facts.catalog import Catalog, Publication
from pgassay.facts.comparison import Comparison
from pgassay.flows.scratch_once import ScratchOnce
from pgassay.flows.sides import compare_sides
from pgassay.postgres.binaries import all_binaries
from pgassay.postgres.scratch_server import ScratchServer
from pgassay.sources.catalog import read_catalog

Connection = psycopg.Connection[Any]

_NEWEST = max(all_binaries(), key=lambda binaries: binaries.major)

TABLES = """
CREATE TABLE "Odd (Name" (id int PRIMARY KEY, kind varchar(9) NOT NULL);
CREATE TABLE plain (id int PRIMARY KEY, kind varchar(9) NOT NULL, at date);
ALTER TABLE "Odd (Name" REPLICA IDENTITY FULL;
"""
# PostgreSQL refuses an IN list of varchar there, whose cast of an array is not built in.
WRITTEN = """
CREATE PUBLICATION p FOR TABLE "Odd (Name" (id, kind) WHERE (id BETWEEN 1 AND 5 AND kind <> 'b, c'),
  plain WHERE (kind <> 'x' AND id BETWEEN 1 AND 9);
"""
# As a restored dump has it: PostgreSQL has parsed its own text once more.
RESTORED = """
CREATE PUBLICATION p FOR TABLE "Odd (Name" (id, kind)
    WHERE ((((id >= 1) AND (id <= 5)) AND ((kind)::text <> 'b, c'::text))),
  plain WHERE ((((kind)::text <> 'x'::text) AND ((id >= 1) AND (id <= 9))));
"""


@pytest.fixture(scope="module")
def scratch() -> Iterator[ScratchOnce]:
    with ScratchOnce() as once:
        yield once


@pytest.fixture(scope="module")
def newest() -> Iterator[ScratchServer]:
    with ScratchServer(_NEWEST) as started:
        yield started


@pytest.fixture
def other(newest: ScratchServer) -> Iterator[Connection]:
    made = newest.create_database("other")
    with made.connect(autocommit=True) as opened:
        yield opened
    newest.drop_database(made)


def read(connection: Connection, publication: str) -> Catalog:
    connection.execute(TABLES.encode())
    connection.execute(publication.encode())
    catalog = read_catalog(connection)
    assert isinstance(catalog, Catalog), catalog
    return catalog


def compared(one: Catalog, other: Catalog, scratch: ScratchOnce) -> Comparison:
    return compare_sides({"one": one, "other": other}, {}, scratch, lambda _: None)


@pytest.mark.parametrize("theirs", [WRITTEN, RESTORED], ids=["the same DDL", "restored"])
def test_the_same_condition_is_no_difference(
    connection: Connection, other: Connection, scratch: ScratchOnce, theirs: str
) -> None:
    one, two = read(connection, WRITTEN), read(other, theirs)
    found = compared(one, two, scratch)
    assert found.differences == ()
    [ours], [others] = one.of(Publication), two.of(Publication)
    if theirs == RESTORED:
        assert ours.tables != others.tables
        assert [(t.kind, t.property, t.rung) for t in found.settled] == [
            ("publication", "tables", "reparsed")
        ]


@pytest.mark.parametrize(
    ("ours", "theirs", "said"),
    [
        (
            "CREATE PUBLICATION p FOR TABLE plain WHERE (kind <> 'y')",
            "CREATE PUBLICATION p FOR TABLE plain WHERE (kind <> 'z')",
            ("'y'", "'z'"),
        ),
        (
            "CREATE PUBLICATION p FOR TABLE plain WHERE (id > 5)",
            "CREATE PUBLICATION p FOR TABLE plain",
            ("public.plain WHERE ((id > 5))", "public.plain"),
        ),
        (
            "CREATE PUBLICATION p FOR TABLE plain (id) WHERE (id > 5)",
            "CREATE PUBLICATION p FOR TABLE plain (id, kind) WHERE (id > 5)",
            ("public.plain (id) WHERE", "public.plain (id, kind) WHERE"),
        ),
    ],
    ids=["another constant", "none", "other columns"],
)
def test_another_condition_is_one(
    connection: Connection,
    other: Connection,
    scratch: ScratchOnce,
    ours: str,
    theirs: str,
    said: tuple[str, str],
) -> None:
    found = compared(read(connection, ours), read(other, theirs), scratch)
    [difference] = found.differences
    assert (difference.kind, difference.property) == ("publication", "tables")
    assert [text in value for text, (_, value) in zip(said, difference.values, strict=True)] == [
        True,
        True,
    ]
    assert difference.undecided == ""


def test_only_the_table_that_differs_is_written_otherwise(
    connection: Connection, other: Connection, scratch: ScratchOnce
) -> None:
    more = RESTORED.replace("<= 9", "<= 8")
    [difference] = compared(read(connection, WRITTEN), read(other, more), scratch).differences
    (_, ours), (_, theirs) = difference.values
    same, apart = ours.rpartition(", public.plain ")[0], theirs.rpartition(", public.plain ")[0]
    assert same == apart != ""
    assert ours != theirs


def test_tables_without_a_condition_need_no_scratch(
    connection: Connection, other: Connection
) -> None:
    sides = {
        "one": read(connection, "CREATE PUBLICATION p FOR TABLE plain"),
        "other": read(other, 'CREATE PUBLICATION p FOR TABLE plain, "Odd (Name"'),
    }
    comparison = compare(sides)
    assert [d.property for d in comparison.differences] == ["tables"]
    assert unsettled(sides, comparison) == {}
