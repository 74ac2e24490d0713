"""How fast a database's schema is read, measured in one run; medians, each on a fresh connection.

    python -m benchmarks.inspect_speed [--small]

- 500 tables of 10 columns with a primary key, a foreign key and two indexes: `read_catalog`
  against the queries it sends, executed bare with psycopg (limit: 1.5 x), and against Alembic's
  `compare_metadata` with models of the same schema (aim: 7 x faster).
- 10,000 such tables: the time against that of 500 (limit: 25 x), and the memory of a process that
  reads them (limit: 600 MB). `--small` leaves these out: making the tables takes minutes.

Exits 1 when an aim is missed.
"""

from __future__ import annotations

import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import MetaData, create_engine

from pgassay.facts.catalog import Catalog
from pgassay.postgres.binaries import all_binaries
from pgassay.postgres.scratch import Database
from pgassay.postgres.scratch_server import ScratchServer
from pgassay.sources.catalog import read_catalog

Figure = tuple[str, float, float, str]
Query = tuple[Any, Any]

_TABLE = """
CREATE TABLE t{n} (id serial PRIMARY KEY, parent_id integer REFERENCES t{parent} (id),
  name varchar(100) NOT NULL, email text NOT NULL, amount numeric(12,2) NOT NULL DEFAULT 0,
  active boolean NOT NULL DEFAULT true, note text, born date,
  created timestamptz NOT NULL DEFAULT now(), kind varchar(10));
CREATE INDEX ix_t{n}_name ON t{n} (name); CREATE UNIQUE INDEX ix_t{n}_email ON t{n} (email);
"""

_CHILD = """
import resource, sys, time, psycopg
from pgassay.sources.catalog import read_catalog
with psycopg.connect(sys.argv[1], autocommit=True) as connection:
    began = time.perf_counter()
    tables = len(read_catalog(connection).tables)
    took = time.perf_counter() - began
print(tables, took, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)
"""


def main(arguments: list[str]) -> int:
    """Print each figure beside its aim; 1 when one is missed."""
    missed = [not tell(*figure) for figure in _figures(large="--small" not in arguments)]
    return int(any(missed))


def _figures(*, large: bool) -> Iterator[Figure]:
    with ScratchServer(max(all_binaries(), key=lambda binaries: binaries.major)) as server:
        small = server.create_database("small")
        make_tables(small, 500)
        yield from of_500_tables(small)
        if large:
            many = server.create_database("large")
            make_tables(many, 10_000)
            yield from of_10000_tables(small, many)


def make_tables(database: Database, number: int) -> None:
    with database.connect(autocommit=True) as connection:
        for first in range(0, number, 100):
            # In batches: a transaction locks every table that it makes.
            texts = (_TABLE.format(n=n, parent=n // 2) for n in range(first, first + 100))
            connection.execute("".join(texts).encode())
        connection.execute("VACUUM ANALYZE")


def of_500_tables(database: Database) -> Iterator[Figure]:
    ours, bare, theirs = [], [], []
    queries = _sent(database)
    _compare_metadata(database)  # once before, for its imports and caches
    # All by turns: a machine that others use too is now faster, now slower.
    for _ in range(5):
        for _ in range(4):
            ours.append(_seconds(database, _read))
            bare.append(_seconds(database, lambda connection: _bare(connection, queries)))
        theirs.append(_compare_metadata(database))
    read = statistics.median(ours)
    print(f"read_catalog, 500 tables: {read * 1000:.0f} ms")
    yield ("read_catalog / its bare queries", read / statistics.median(bare), 1.5, "x")
    yield ("read_catalog / compare_metadata", read / statistics.median(theirs), 1 / 7, "x")


def of_10000_tables(small: Database, large: Database) -> Iterator[Figure]:
    read = [_child(small)[0] for _ in range(5)]
    measured = [_child(large) for _ in range(3)]
    took = statistics.median(seconds for seconds, _ in measured)
    yield ("10,000 tables / 500 tables", took / statistics.median(read), 25, "x")
    yield ("memory for 10,000 tables", max(memory for _, memory in measured), 600, "MB")


def _child(database: Database) -> tuple[float, float]:
    command = [sys.executable, "-c", _CHILD, database.url()]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    _, seconds, memory = done.stdout.split()
    return float(seconds), float(memory)


def _seconds(database: Database, work: Callable[[psycopg.Connection[Any]], object]) -> float:
    with database.connect(autocommit=True) as connection:
        began = time.perf_counter()
        work(connection)
        return time.perf_counter() - began


def _read(connection: psycopg.Connection[Any]) -> None:
    read = read_catalog(connection)
    assert isinstance(read, Catalog)
    assert len(read.tables) == 500


def _bare(connection: psycopg.Connection[Any], queries: list[Query]) -> None:
    cursor = connection.cursor()
    with connection.transaction():
        for text, asked in queries:
            if cursor.execute(text, asked).description:
                cursor.fetchall()


def _sent(database: Database) -> list[Query]:
    """Every query that one reading sends, with its parameters."""
    with database.connect(autocommit=True) as connection, _recorded(connection) as queries:
        _read(connection)
    return queries


@contextmanager
def _recorded(connection: psycopg.Connection[Any]) -> Iterator[list[Query]]:
    queries: list[Query] = []

    class Recording(psycopg.Cursor[Any]):
        def execute(self, query: Any, params: Any = None, **options: Any) -> Any:
            # The transaction is the caller's.
            if not (isinstance(query, str) and query.startswith("SET TRANSACTION")):
                queries.append((query, params))
            return super().execute(query, params, **options)

    connection.cursor_factory = Recording
    yield queries


def _compare_metadata(database: Database) -> float:
    engine = create_engine(database.url("psycopg"))
    models = MetaData()
    models.reflect(engine)
    engine.dispose()  # a fresh connection for them too
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        began = time.perf_counter()
        changes = compare_metadata(context, models)
        took = time.perf_counter() - began
    engine.dispose()
    assert changes == []
    return took


def tell(what: str, measured: float, aim: float, unit: str) -> bool:
    met = measured <= aim
    print(
        f"{what:<36} {measured:7.2f} {unit}   aim {aim:.4g} {unit}   {'met' if met else 'MISSED'}"
    )
    return met


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
