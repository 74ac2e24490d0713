"""`data diff` against what is known of random changes, without a hash."""

from __future__ import annotations

import itertools
import random
from collections import Counter
from collections.abc import Iterator
from decimal import Decimal

import pytest
from psycopg import sql

from pgassay.flows.data_diff import DataDiffRequest, data_diff
from pgassay.postgres.binaries import all_binaries
from pgassay.postgres.scratch import Database
from pgassay.postgres.scratch_server import ScratchServer

Row = dict[str, object]
_BINARIES = {b.major: b for b in all_binaries() if b.major >= 15}
_NUMBER = itertools.count()
_TYPES = {"k1": "int", "k2": "text", "amount": "numeric", "currency": "text", "n": "bigint"}


@pytest.fixture(scope="module")
def server() -> Iterator[ScratchServer]:
    with ScratchServer(_BINARIES[max(_BINARIES)]) as running:
        yield running


def row(dice: random.Random, key: int) -> Row:
    return {
        "k1": key % 7,
        "k2": f"key {key}",
        "amount": dice.choice([None, Decimal(0), Decimal(dice.randint(-999, 999)) / 100]),
        "currency": dice.choice(["EUR", "USD", None]),
        "n": dice.choice([None, 0, 1, -1, 2**40, dice.randint(-(2**62), 2**62)]),
    }


def changed(dice: random.Random, rows: list[Row]) -> list[Row]:
    """Some rows changed, lost and added, and all in another order."""
    others = [dict(one) for one in rows]
    for one in dice.sample(others, dice.randint(0, 5)):
        name = dice.choice(["amount", "currency", "n"])
        one[name] = row(dice, 0)[name]
    if len(others) > 1 and dice.random() < 0.5:
        a, b = dice.sample(others, 2)
        a["amount"], b["amount"] = b["amount"], a["amount"]
    for _ in range(dice.randint(0, 3)):
        others.pop(dice.randrange(len(others)))
    others += [row(dice, 10_000 + n) for n in range(dice.randint(0, 3))]
    dice.shuffle(others)
    return others


def stored(server: ScratchServer, rows: list[Row], key: str) -> Database:
    made = server.create_database(f"oracle_{next(_NUMBER)}")
    with made.connect(autocommit=True) as connection:
        columns = ", ".join(f"{name} {type_}" for name, type_ in _TYPES.items())
        connection.execute(f"CREATE TABLE t ({columns}{key})".encode())
        with connection.cursor().copy("COPY t FROM STDIN") as copy:
            for one in rows:
                copy.write_row(list(one.values()))
    return made


def money(rows: list[Row]) -> Counter[object]:
    sums: Counter[object] = Counter()
    for one in rows:
        sums[one["currency"]] += one["amount"] or 0  # type: ignore[operator]
    return sums


@pytest.mark.parametrize("keyed", [True, False])
@pytest.mark.parametrize("seed", range(8))
def test_what_is_found_is_what_was_changed(
    server: ScratchServer, monkeypatch: pytest.MonkeyPatch, seed: int, keyed: bool
) -> None:
    dice = random.Random(seed)
    before = [row(dice, key) for key in range(dice.choice([3, 300, 3000]))]
    after = changed(dice, before)
    key = ", PRIMARY KEY (k2, k1)" if keyed else ""
    a, b = stored(server, before, key), stored(server, after, key)
    monkeypatch.setenv("A", a.url())
    monkeypatch.setenv("B", b.url())
    diff = data_diff(DataDiffRequest("env:A", "env:B", rows=100), lambda _: None)
    (table,) = diff.tables

    ours, theirs = ({str(one["k2"]): one for one in rows} for rows in (before, after))
    differing = {k for k in ours.keys() & theirs.keys() if ours[k] != theirs[k]}
    gone, new = ours.keys() - theirs.keys(), theirs.keys() - ours.keys()
    if not (differing or gone or new):
        assert (table.status, table.found) == ("equal", None)
        return
    assert table.found is not None
    found = table.found
    if not keyed:
        gone, new, differing = gone | differing, new | differing, set()
    assert (found.changed, found.only_a, found.only_b) == (len(differing), len(gone), len(new))
    if keyed:
        # The key's columns stand in the order of the constraint.
        assert {(one.status, one.key[0]) for one in found.rows} == {
            *(("changed", k) for k in differing),
            *(("only in A", k) for k in gone),
            *(("only in B", k) for k in new),
        }
        for one in found.rows:
            k = str(one.key[0])
            names = [n for n in sorted(_TYPES) if one.columns and ours[k][n] != theirs[k][n]]
            assert list(one.columns) == names
    sums_a, sums_b = money(before), money(after)
    assert {m.currency: Decimal(str(m.difference)) for m in table.money} == {
        currency: sums_b[currency] - sums_a[currency]
        for currency in sums_a.keys() | sums_b.keys()
        if sums_a[currency] != sums_b[currency]
    }


def test_1600_columns_down_to_the_cell(
    server: ScratchServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    names = ["id", *(f"c{number}" for number in range(1599))]
    columns = sql.SQL(", ").join(sql.SQL("{} int").format(sql.Identifier(name)) for name in names)
    sides = []
    for number in range(2):
        made = server.create_database(f"wide_{number}")
        with made.connect(autocommit=True) as connection:
            connection.execute(sql.SQL("CREATE TABLE wide ({})").format(columns))
            connection.execute("ALTER TABLE wide ADD PRIMARY KEY (id)")
            connection.execute("INSERT INTO wide (id, c7) SELECT n, n FROM generate_series(1, 9) n")
            if number:
                connection.execute("UPDATE wide SET c1598 = 0 WHERE id = 4")
        sides.append(made)
    monkeypatch.setenv("A", sides[0].url())
    monkeypatch.setenv("B", sides[1].url())
    for secret in ("", "a key"):
        request = DataDiffRequest("env:A", "env:B", values=True, secret=secret)
        (table,) = data_diff(request, lambda _: None).tables
        assert table.found is not None, table.unavailable
        (one,) = table.found.rows
        assert (one.key, one.columns) == (("4",), ("c1598",))
        assert (one.a, one.b) == ((("c1598", None),), (("c1598", "0"),))


def test_a_column_that_is_virtual_on_one_side_is_only_on_the_other(
    server: ScratchServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    a, b = (server.create_database(f"virtual_{number}") for number in range(2))
    with a.connect(autocommit=True) as connection:
        connection.execute("CREATE TABLE t (id int PRIMARY KEY, twice int)")
    with b.connect(autocommit=True) as connection:
        virtual = "int GENERATED ALWAYS AS (id * 2) VIRTUAL"
        connection.execute(f"CREATE TABLE t (id int PRIMARY KEY, twice {virtual})".encode())
    monkeypatch.setenv("A", a.url())
    monkeypatch.setenv("B", b.url())
    (table,) = data_diff(DataDiffRequest("env:A", "env:B"), lambda _: None).tables
    assert (table.status, table.columns_only_a) == ("different", ("twice",))
    assert table.not_compared == ("twice",)
