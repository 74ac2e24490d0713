"""A row's hash on real servers: what differs hashes differently, and what is the same alike."""

from __future__ import annotations

import itertools
import random
import re
from collections.abc import Sequence
from typing import Any

import psycopg
import pytest

from pgassay.analysis.digest_expression import HashedColumn, row_hash
from pgassay.analysis.digest_query import DigestPlan, digest_query
from pgassay.analysis.digest_self_test import KNOWN, self_test_query
from pgassay.facts.catalog import Column
from pgassay.facts.table_digest import CHAIN, MD5, Algorithm

Connection = psycopg.Connection[Any]

# Values of each type, no two of them the same; with what PostgreSQL's own hashes call the same.
DIFFERENT = {
    "smallint": ["0", "1", "-1"],
    "integer": ["0", "5", "-5", "1", "2147483647", "-2147483648"],
    "bigint": ["0", "5", "-5", "-6", "4294967301", "4294967300", "9223372036854775807"],
    "numeric": ["0", "1", "-1", "10000", "-10000", "0.0001", "5", "NaN", "Infinity", "-Infinity"],
    "numeric(12,2)": ["0", "1", "-1", "1.01", "10000", "-10000", "NaN"],
    "real": ["0", "-0", "1", "-1", "NaN", "Infinity", "16777216", "16777217e1"],
    "double precision": ["0", "-0", "0.1", "0.30000000000000004", "0.3", "NaN", "-Infinity"],
    "money": ["0", "1", "-1", "0.01"],
    "text": ["", " ", "a", "A", "ä", "a\u0308", "0", "NULL"],
    "character varying(5)": ["", "a", "a "],
    "character(3)": ["", "a", "A", "ab"],
    '"char"': ["a", "b"],
    "name": ["a", "b"],
    "boolean": ["true", "false"],
    "date": ["2000-01-01", "1999-12-31", "2024-02-29", "infinity", "-infinity", "0044-03-15 BC"],
    "timestamp without time zone": [
        "2000-01-01",
        "2000-01-01 00:00:00.000001",
        # Where lo ^ hi of the microseconds is the same: a fold to 32 bits has one hash for these.
        "2000-01-01 01:11:34.967297",
        "1999-12-31 23:59:59.999999",
        "infinity",
        "-infinity",
    ],
    "timestamp with time zone": ["2000-01-01 00:00+00", "2000-01-01 00:00+01", "infinity"],
    "time without time zone": ["00:00", "01:11:34.967297", "00:00:00.000001", "24:00"],
    "time with time zone": ["00:00+00", "01:00+01", "00:00-01"],
    "interval": ["0", "1 month", "30 days", "720 hours", "-1 day"],
    "bytea": ["", "\\x00", "\\x0000", "\\x30"],
    "uuid": ["00000000-0000-0000-0000-000000000000", "6b9f0d3c-0001-4002-8003-00000000000a"],
    "json": ["null", "1", "1.0", '{"a":1,"b":2}', '{"b":2,"a":1}'],
    "jsonb": ["null", "1", "-1", "1.0", '{"a":1}', '{"a":-1}', "[]"],
    "integer[]": ["{}", "{0}", "{NULL}", "{1,2}", "{2,1}", "{{1},{2}}", "[0:1]={1,2}"],
    "text[]": ["{}", "{NULL}", '{"NULL"}', '{""}', '{"a,b"}', "{a,b}"],
    "int4range": ["empty", "[1,2)", "[1,3)", "(,1)", "(,)"],
    "nummultirange": ["{}", "{[1,2)}", "{[1,2]}", "{[-1,2]}"],
    "bit(3)": ["000", "001", "100"],
    "bit varying": ["", "0", "00", "1"],
    "inet": ["1.2.3.4", "1.2.3.4/24", "1.2.3.5"],
    "point": ["(0,0)", "(-0,0)", "(0,1)", "(1,0)"],
    "tsvector": ["", "'a':1", "'a'", "'a':1A"],
    "oid": ["0", "1"],
    "regclass": ["pg_class", "pg_proc", "0"],
    "pg_lsn": ["0/0", "0/1"],
    "public.mood": ["sad", "happy"],
    "public.pair": ["(,)", "(1,)", "(,1)", '("1","")'],
    "public.cents": ["0", "1", "-1"],
    "public.mail": ["a@b", "A@b"],
}
SAME = [
    ("numeric", "1.0", "1.00"),
    ("numeric", "-0", "0"),
    ("numeric", "100", "1e2"),
    ("character(3)", "a", "a  "),
    ("timestamp with time zone", "2000-01-01 00:00+00", "2000-01-01 01:00+01"),
    ("uuid", "6B9F0D3C-0001-4002-8003-00000000000A", "6b9f0d3c-0001-4002-8003-00000000000a"),
    ("jsonb", '{"a":1,"b":2}', '{"b":2, "a":1}'),
]
USERS = """
CREATE TYPE public.mood AS ENUM ('sad', 'happy');
CREATE TYPE public.pair AS (a int, b text);
CREATE DOMAIN public.cents AS bigint CHECK (VALUE < 1000);
CREATE DOMAIN public.mail AS text CHECK (VALUE LIKE '%@%');
"""


def hashed(name: str, type_: str, *, not_null: bool = False) -> HashedColumn:
    base = {"public.cents": "bigint", "public.mail": "text"}.get(type_, "")
    return HashedColumn.of(
        Column("public", "t", name, type=type_, base_type=base, not_null=not_null)
    )


def literal(text: str | None, type_: str) -> str:
    value = "NULL" if text is None else "'" + text.replace("'", "''") + "'"
    cast = f"text::{type_}" if type_ == "money" else type_
    return f"{value}::{cast}"


@pytest.fixture
def pinned(connection: Connection) -> Connection:
    """As `read_only` sets a session."""
    connection.execute(USERS)
    for setting in ("search_path = pg_catalog", "TimeZone = UTC", "lc_monetary = 'C'"):
        connection.execute(f"SET {setting}".encode())
    connection.execute("SET extra_float_digits = 3")
    return connection


def hashes(
    connection: Connection, types: list[str], rows: Sequence[tuple[str | None, ...]], how: Algorithm
) -> list[int]:
    columns = [hashed(f"c{place}", type_) for place, type_ in enumerate(types)]
    values = ", ".join(
        f"({number}, {', '.join(literal(v, t) for v, t in zip(row, types, strict=True))})"
        for number, row in enumerate(rows)
    )
    names = ", ".join(["n", *(column.name for column in columns)])
    query = f"SELECT {row_hash(columns, how)} FROM (VALUES {values}) AS t ({names}) ORDER BY n"
    return [row[0] for row in connection.execute(query.encode())]


@pytest.mark.parametrize("algorithm", [CHAIN, MD5])
def test_no_two_values_hash_alike(pinned: Connection, algorithm: Algorithm) -> None:
    for type_, values in DIFFERENT.items():
        rows: list[tuple[str | None, ...]] = [(None,), *((value,) for value in values)]
        found = hashes(pinned, [type_], rows, algorithm)
        assert None not in found
        assert len(set(found)) == len(rows), type_


def test_no_two_pairs_of_values_hash_alike(pinned: Connection) -> None:
    """What cancels out between two columns, as zeros and NaN do in hash_numeric_extended()."""
    chosen = ["numeric", "bigint", "integer", "text", "timestamp without time zone", "boolean"]
    for first, second in itertools.combinations_with_replacement(chosen, 2):
        rows = list(itertools.product([None, *DIFFERENT[first]], [None, *DIFFERENT[second]]))
        found = hashes(pinned, [first, second], rows, CHAIN)
        assert len(set(found)) == len(rows), (first, second)


@pytest.mark.parametrize("algorithm", [CHAIN, MD5])
def test_what_means_the_same_hashes_alike(pinned: Connection, algorithm: Algorithm) -> None:
    for type_, one, other in SAME:
        first, second = hashes(pinned, [type_], [(one,), (other,)], algorithm)
        assert first == second, (type_, one, other)


def test_widened_columns_hash_alike(pinned: Connection) -> None:
    for types in (
        ("character varying(5)", "text", "character(5)"),
        ("numeric(12,2)", "numeric", "numeric(20,4)"),
        ("smallint", "integer"),
    ):
        value = "-1" if "numeric" in types or "integer" in types else "ab"
        assert len({hashes(pinned, [t], [(value,)], CHAIN)[0] for t in types}) == 1, types


def test_a_column_that_cannot_be_null_hashes_like_one_that_can(pinned: Connection) -> None:
    for type_, values in DIFFERENT.items():
        row = f"(SELECT {literal(values[-1], type_)} AS c, 7::bigint AS d) AS t"
        strict, lax = (
            row_hash([hashed("c", type_, not_null=never), hashed("d", "bigint")], CHAIN)
            for never in (True, False)
        )
        (found,) = pinned.execute(f"SELECT {strict} = {lax} FROM {row}".encode())
        assert found == (True,), type_


def test_the_self_test_passes_here_and_fails_elsewhere(pinned: Connection) -> None:
    """A server with another hash, as a big-endian one is, is found out."""
    query = self_test_query()
    assert tuple(row[0] for row in pinned.execute(query.encode())) == KNOWN
    for function in sorted(set(re.findall(r"\w*hash\w*extended", query))):
        # As if that function knew another seed.
        other = query.replace(f"{function}(", f"1 + {function}(", 1)
        assert tuple(row[0] for row in pinned.execute(other.encode())) != KNOWN, function


class Table:
    """Random rows of random columns, one of them an amount. Its rows are made anew for each digest,
    in another order each time."""

    def __init__(self, connection: Connection, seed: int) -> None:
        self.connection, self.dice = connection, random.Random(seed)
        dice = self.dice
        others = dice.sample(sorted(DIFFERENT), dice.randint(1, 6))
        # Names decide a column's place in the chain.
        self.types = {f"{dice.choice('abxyz')}{n}": type_ for n, type_ in enumerate(others)}
        self.types["m"] = dice.choice(["numeric(12,2)", "numeric", "bigint", "double precision"])
        self.plan = DigestPlan("public", "t", tuple(hashed(*one) for one in self.types.items()))

    def row(self) -> dict[str, str | None]:
        row = {n: self.dice.choice([None, *DIFFERENT[t]]) for n, t in self.types.items()}
        amounts = [0, 1, -1, 5, -5, 100, 10000, -10000, 123456]
        return {**row, "m": str(self.dice.choice(amounts))}

    def digests(self, states: list[list[dict[str, str | None]]]) -> list[Any]:
        """The digest of each state of the table, as `digest_query` has it, in one query."""
        cells = []
        for number, rows in enumerate(states):
            for row in self.dice.sample(rows, len(rows)):
                values = ", ".join(literal(text, self.types[name]) for name, text in row.items())
                cells.append(f"({number}, {values})")
        columns = ", ".join(f"{name} {type_}" for name, type_ in self.types.items())
        self.connection.execute(f"CREATE TABLE public.t (state int, {columns})".encode())
        self.connection.execute(f"INSERT INTO public.t VALUES {', '.join(cells)}".encode())
        query = digest_query(self.plan, CHAIN).replace("SELECT ", "SELECT state, ", 1)
        found = self.connection.execute(f"{query} GROUP BY state ORDER BY state".encode())
        return [row[1:] for row in found]


@pytest.mark.parametrize("seed", range(5))
def test_swapping_two_amounts_always_changes_the_digest(pinned: Connection, seed: int) -> None:
    """Hundreds of swaps in random tables; each is seen, and nothing else changes the digest."""
    table = Table(pinned, seed)
    rows = [table.row() for _ in range(8)]
    states, expected = [rows], [True]
    while len(states) < 300:
        a, b = table.dice.sample(range(len(rows)), 2)
        swapped = [dict(row) for row in rows]
        swapped[a]["m"], swapped[b]["m"] = rows[b]["m"], rows[a]["m"]
        states.append(swapped)
        key = lambda row: sorted(row.items(), key=str)  # noqa: E731
        expected.append(sorted(map(key, swapped), key=str) == sorted(map(key, rows), key=str))
    first, *others = table.digests(states)
    assert [digest == first for digest in others] == expected[1:]
    assert expected.count(False) > 150


@pytest.mark.parametrize("seed", range(5, 8))
def test_every_change_of_one_cell_changes_the_digest(pinned: Connection, seed: int) -> None:
    table = Table(pinned, seed)
    rows = [table.row() for _ in range(4)]
    states = [rows]
    for number, row in enumerate(rows):
        for name, type_ in table.types.items():
            for value in [None, *DIFFERENT[type_]]:
                if value != row[name]:
                    changed = [*rows]
                    changed[number] = {**row, name: value}
                    states.append(changed)
    first, *others = table.digests(states)
    assert len(others) > 20
    assert first not in others


def test_1600_columns_are_bound_together(pinned: Connection) -> None:
    """No stack, no list of arguments is too long, and a swap between the first and last is seen."""
    names = [f"c{number:04}" for number in range(1600)]
    columns = ", ".join(f"{name} {'text' if n % 2 else 'int'}" for n, name in enumerate(names))
    pinned.execute(f"CREATE TABLE public.t ({columns})".encode())
    pinned.execute("INSERT INTO public.t (c0000, c0001, c1598) VALUES (1, 'a', 3), (2, 'a', 3)")
    types = ["text" if n % 2 else "integer" for n in range(1600)]
    for algorithm in (CHAIN, MD5):
        plan = DigestPlan("public", "t", tuple(map(hashed, names, types)))
        seen = set()
        for number in range(3):
            seen.add(pinned.execute(digest_query(plan, algorithm).encode()).fetchone())
            change = ("c0000 = 3 - c0000", "c1598 = 3 + c0000", "c1598 = 9 - c1598")[number]
            pinned.execute(f"UPDATE public.t SET {change}".encode())
        # The first update swaps c0000 of two rows that are the same otherwise: nothing changed.
        assert len(seen) == 2
