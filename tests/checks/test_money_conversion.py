"""The conversions that fixes tell are run on a real server."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

import psycopg
import pytest

from pgassay.analysis.money_conversion import misfits_query, only_widens, quoted, using
from pgassay.facts.money import MoneyColumn
from pgassay.postgres.binaries import find_binaries
from pgassay.postgres.scratch_server import ScratchServer

WANTED = (12, 2)
COLUMN = MoneyColumn("public", "order", "limit", "the name says 'limit'", ())


@pytest.fixture(scope="module")
def connection() -> Iterator[psycopg.Connection[tuple[object, ...]]]:
    with ScratchServer(find_binaries()) as server:
        database = server.create_database("money")
        with database.connect(autocommit=True) as opened:
            yield opened


def table_of(
    connection: psycopg.Connection[tuple[object, ...]], type_: str, values: list[str]
) -> None:
    connection.execute('DROP TABLE IF EXISTS "order"')
    connection.execute(f'CREATE TABLE "order" ("limit" {type_})'.encode())
    for value in values:
        connection.execute('INSERT INTO "order" VALUES (%s)', (value,), prepare=False)


@pytest.mark.parametrize(
    ("type_", "value", "kept"),
    [
        ("real", "123456.78", Decimal("123456.78")),
        ("double precision", "1234567890.67", Decimal("1234567890.67")),
        ("numeric", "3.3333333333333333", Decimal("3.33")),
        ("numeric(10,2)", "12.34", Decimal("12.34")),
        ("numeric(12,4)", "12.3450", Decimal("12.35")),
        ("money", "1234.56", Decimal("1234.56")),
        ("real[]", "{123456.78,NULL}", [Decimal("123456.78"), None]),
    ],
)
def test_values_are_kept(
    connection: psycopg.Connection[tuple[object, ...]], type_: str, value: str, kept: object
) -> None:
    table_of(connection, type_, [value])
    brackets = "[]" if type_.endswith("[]") else ""
    alter = f'ALTER TABLE "order" ALTER "limit" TYPE numeric(12,2){brackets}'
    before = connection.execute("SELECT pg_relation_filenode('\"order\"')").fetchone()
    if only_widens(type_, WANTED):
        connection.execute(alter.encode())
        after = connection.execute("SELECT pg_relation_filenode('\"order\"')").fetchone()
        assert before == after
    else:
        connection.execute(f"{alter} USING {using('limit', type_, WANTED)}".encode())
    assert connection.execute('SELECT "limit" FROM "order"').fetchone() == (kept,)


@pytest.mark.parametrize("type_", ["double precision", "numeric"])
def test_misfits_are_those_that_the_conversion_refuses_and_nan(
    connection: psycopg.Connection[tuple[object, ...]], type_: str
) -> None:
    values = [
        "9999999999.99",
        "9999999999.994",
        "9999999999.996",
        "1e11",
        "-1e11",
        "NaN",
        "Infinity",
    ]
    table_of(connection, type_, values)
    counted = connection.execute(misfits_query(COLUMN, type_, WANTED).encode()).fetchone()
    refused = 0
    for value in values:
        try:
            cast = using("v", type_, WANTED)
            fits = connection.execute(
                f"SELECT {cast} = 'NaN' FROM (SELECT %s::{type_} AS v) AS t".encode(),
                (value,),
                prepare=False,
            ).fetchone()
            refused += fits == (True,)
        except psycopg.errors.NumericValueOutOfRange:
            refused += 1
    assert counted == (refused,)
    assert refused == 5


def test_reserved_words_are_those_of_the_server(
    connection: psycopg.Connection[tuple[object, ...]],
) -> None:
    words = "SELECT word FROM pg_get_keywords() WHERE catcode IN ('R', 'T')"
    for (word,) in connection.execute(words).fetchall():
        assert quoted(str(word)) == f'"{word}"'
