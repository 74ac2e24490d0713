"""A query that fails while others are under way on the same connection."""

from __future__ import annotations

import logging
from typing import Any

import psycopg
import pytest

from pgassay.facts.catalog import Catalog
from pgassay.facts.unavailable import Unavailable
from pgassay.sources import catalog_reading
from pgassay.sources.catalog import read_catalog
from pgassay.sources.catalog_kinds import QUERIES
from pgassay.sources.queries import gated, query

Connection = psycopg.Connection[Any]

GONE = b"SELECT pg_get_constraintdef(1), 'gone'::regclass"
BROKEN = b"SELECT 1 / 0"


def fails(monkeypatch: pytest.MonkeyPatch, kind: str, text: bytes, times: int) -> list[str]:
    """That kind's query does so often."""
    asked: list[str] = []

    def instead(name: str, major: int | None = None) -> bytes:
        if name == f"catalog/{kind}" and len(asked) < times:
            asked.append(name)
            return text
        return query(name, major)

    monkeypatch.setattr(catalog_reading, "query", instead)
    return asked


def is_idle(connection: Connection) -> bool:
    pipeline = connection.pgconn.pipeline_status == psycopg.pq.PipelineStatus.OFF
    return pipeline and connection.execute("SELECT 1").fetchone() == (1,)


@pytest.mark.parametrize("kind", [of.sql for of in QUERIES if of.catalog in ("pg_class", "")])
def test_what_is_gone_is_read_again(
    connection: Connection,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    kind: str,
) -> None:
    connection.execute("CREATE TABLE t (a int PRIMARY KEY, b int DEFAULT 1)")
    want = read_catalog(connection)
    # How far the other answers have come by then is a matter of luck.
    for _ in range(5):
        asked = fails(monkeypatch, kind, GONE, 1)
        with caplog.at_level(logging.DEBUG, "psycopg"):
            assert read_catalog(connection) == want
        assert asked == [f"catalog/{kind}"]
        assert caplog.messages == []
        assert is_idle(connection)
    assert isinstance(want, Catalog)


# Its definition is gone, as of an object that another session drops.
NO_DEFINITION = b"""
SELECT s.oid::int8 AS oid, s.stxnamespace::int8 AS namespace, s.stxname::text AS name,
       s.stxowner::int8 AS owner, 'public.t' AS "table", s.stxrelid::int8 AS hangs_on,
       NULL::text AS definition
FROM pg_statistic_ext s
"""


def test_what_keeps_changing_is_called_by_its_name(
    connection: Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    connection.execute("CREATE TABLE t (a int, b int); CREATE STATISTICS s ON a, b FROM t")
    fails(monkeypatch, "statistics", NO_DEFINITION, 9)
    read = read_catalog(connection)
    assert isinstance(read, Unavailable)
    assert read.reason == (
        "its schema kept changing while it was read (statistics public.s was altered or dropped)"
    )


def test_a_field_that_no_query_gives_is_no_fact(
    connection: Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    connection.execute("CREATE TABLE t (a int); CREATE INDEX i ON t (a)")
    text = query("catalog/indexes").decode()
    without = "\n".join(line for line in text.splitlines() if not line.endswith(' AS "unique",'))
    major = connection.info.server_version // 10000
    monkeypatch.setattr(
        catalog_reading,
        "query",
        lambda name, of=None: (
            gated(without, major).encode() if name == "catalog/indexes" else query(name, of)
        ),
    )
    with pytest.raises(TypeError, match="Index has no value for unique"):
        read_catalog(connection)


@pytest.mark.parametrize("kind", ["tables", "columns", "indexes", "database"])
def test_another_failure_is_told_as_it_is(
    connection: Connection,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    kind: str,
) -> None:
    connection.execute("CREATE TABLE t (a int)")
    fails(monkeypatch, kind, BROKEN, 9)
    with caplog.at_level(logging.DEBUG, "psycopg"):
        read = read_catalog(connection)
    assert isinstance(read, Unavailable)
    assert read.reason == "its catalogs could not be read: division by zero"
    assert caplog.messages == []
    assert is_idle(connection)
