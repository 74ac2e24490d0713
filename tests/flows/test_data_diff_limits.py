"""A comparison of more rows than are kept in memory, and of what is only counted."""

from __future__ import annotations

import os
import signal
import threading
import time
from collections.abc import Iterator
from typing import Any

import psycopg
import pytest

from pgassay.facts.data_diff import DataDiff, RowDifferences
from pgassay.facts.server import Server
from pgassay.flows import row_search
from pgassay.flows.data_diff import DataDiffRequest, data_diff
from pgassay.postgres.binaries import find_binaries
from pgassay.postgres.scratch_server import ScratchServer
from pgassay.render.data_diff import render_data_diff
from pgassay.sources.server import read_server
from tests.cli.schema_server import database

ROWS = """
CREATE TABLE payments (id int PRIMARY KEY, amount numeric(12,2), currency text, note text);
INSERT INTO payments SELECT n, n, CASE WHEN n % 2 = 0 THEN 'EUR' END, 'x'
    FROM generate_series(1, 20000) n;
"""


@pytest.fixture(scope="module")
def server() -> Iterator[ScratchServer]:
    with ScratchServer(find_binaries()) as running:
        yield running


@pytest.fixture
def compared(server: ScratchServer, monkeypatch: pytest.MonkeyPatch) -> DataDiffRequest:
    """Every tenth row has another amount."""
    a = database(server, ROWS)
    b = database(server, ROWS, "UPDATE payments SET amount = amount + 1 WHERE id % 10 = 0")
    monkeypatch.setenv("A", a.url())
    monkeypatch.setenv("B", b.url())
    return DataDiffRequest("env:A", "env:B")


def run(request: DataDiffRequest) -> DataDiff:
    return data_diff(request, lambda _: None)


def found(diff: DataDiff) -> RowDifferences:
    (table,) = diff.tables
    assert table.found is not None
    return table.found


def test_what_exceeds_the_memory_is_at_least_so_much(
    compared: DataDiffRequest, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(row_search, "_PAIRS", 5000)
    monkeypatch.setattr(row_search, "_AT_ONCE", 100)
    diff = run(compared)
    some = found(diff)
    assert not some.exact
    assert 0 < some.changed < 2000
    assert 0 < some.buckets_read < some.buckets_differing <= some.buckets
    assert [(c.name, c.rows) for c in some.columns] == [("amount", None)]
    assert len(some.rows) == 10
    # Of money all is known: every row that may differ was summed.
    assert [(m.currency, m.difference) for m in diff.tables[0].money] == [("EUR", "2000.00")]
    said = render_data_diff(diff, width=80)
    assert "rows: at least " in said
    assert "columns, so far: amount" in said


def test_a_row_that_is_there_thousands_of_times(
    server: ScratchServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One bucket holds nearly all; the others' money is not all there is."""
    rows = "CREATE TABLE payments (amount numeric, note text)"
    same = "INSERT INTO payments SELECT 5, 'same' FROM generate_series(1, {}) n"
    few = "INSERT INTO payments VALUES (1, 'few')"
    monkeypatch.setenv("A", database(server, rows, same.format(3000), few).url())
    monkeypatch.setenv("B", database(server, rows, same.format(3001)).url())
    monkeypatch.setattr(row_search, "_PAIRS", 100)
    diff = run(DataDiffRequest("env:A", "env:B"))
    assert (found(diff).only_a, found(diff).only_b, found(diff).exact) == (1, 0, False)
    assert [m.difference for m in diff.tables[0].money] == ["4"]
    monkeypatch.setattr(row_search, "_PAIRS", 10**6)
    diff = run(DataDiffRequest("env:A", "env:B"))
    assert (found(diff).only_a, found(diff).only_b, found(diff).exact) == (1, 1, True)


@pytest.mark.parametrize("at_once", [0, 10**9])
def test_both_ways_of_reading_find_the_same(
    compared: DataDiffRequest, monkeypatch: pytest.MonkeyPatch, at_once: int
) -> None:
    monkeypatch.setattr(row_search, "_AT_ONCE", at_once)
    diff = run(compared)
    every = found(diff)
    assert (every.changed, every.only_a, every.only_b, every.exact) == (2000, 0, 0, True)
    assert [(c.name, c.rows) for c in every.columns] == [("amount", 2000)]
    assert [(m.currency, m.difference) for m in diff.tables[0].money] == [("EUR", "2000.00")]


def test_a_connection_that_is_lost_is_unknown(
    compared: DataDiffRequest, server: ScratchServer
) -> None:
    """What was compared before stays; what comes after is not known."""
    name = os.environ["B"].partition("@/")[2].partition("?")[0]
    with psycopg.connect(server.url(name), autocommit=True) as admin:
        admin.execute("CREATE TABLE earlier (a int)")
        step = "Comparing public.payments"

        def kill(said: str) -> None:
            if said.startswith(step):
                admin.execute(
                    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                    "WHERE datname = current_database() AND pid <> pg_backend_pid()"
                )

        diff = data_diff(compared, kill)
    assert [(t.table, t.status) for t in diff.tables] == [
        ("earlier", "only in B"),
        ("payments", "unknown"),
    ]
    (lost,) = diff.unavailable
    assert "a connection was lost while reading" in lost.reason
    assert diff.exit_status == 1


def test_a_schema_that_changes_before_the_snapshot_is_unknown(
    compared: DataDiffRequest, server: ScratchServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A column that came after its definitions were read would not be compared."""
    a = database(server, ROWS)
    b = database(server, ROWS)
    monkeypatch.setenv("A", a.url())
    monkeypatch.setenv("B", b.url())

    one_at_a_time = threading.Lock()

    def altered(connection: Any, url: str) -> Server:
        for made in (a, b):
            # Both sides are read at once, and IF NOT EXISTS does not wait for the other.
            with one_at_a_time, made.connect(autocommit=True) as admin:
                admin.execute("CREATE SEQUENCE IF NOT EXISTS later")
        return read_server(connection, url)

    assert run(compared).exit_status == 0
    monkeypatch.setattr("pgassay.flows.data_sides.read_server", altered)
    diff = run(compared)
    assert diff.exit_status == 3
    assert "was changed between reading it and reading rows" in diff.unavailable[0].reason
    # What was made is there from the start now.
    assert run(compared).exit_status == 0


def test_who_interrupts_does_not_wait_for_the_queries(
    compared: DataDiffRequest, server: ScratchServer
) -> None:
    name = os.environ["B"].partition("@/")[2].partition("?")[0]
    # To the thread that waits, as a terminal's Ctrl-C comes.
    stop = threading.Timer(0.3, signal.pthread_kill, [threading.get_ident(), signal.SIGINT])
    with psycopg.connect(server.url(name)) as admin:
        began = 0.0

        def lock(said: str) -> None:
            nonlocal began
            if said.startswith("Comparing"):
                # The digest waits for it, two seconds at most.
                admin.execute("LOCK TABLE payments")
                began = time.monotonic()
                stop.start()

        with pytest.raises(KeyboardInterrupt):
            data_diff(compared, lock)
        assert time.monotonic() - began < 1.5


def test_columns_are_said_to_be_counted_only_where_they_are(
    compared: DataDiffRequest, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(row_search, "_AT_ONCE", 0)
    monkeypatch.setattr(row_search, "_CELLS", 300)
    assert [(c.name, c.rows) for c in found(run(compared)).columns] == [("amount", None)]
