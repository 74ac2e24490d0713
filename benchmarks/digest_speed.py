"""How fast tables are digested and compared, measured in one run; medians, warm.

    python -m benchmarks.digest_speed [--large]

2 million transactions of 7 columns, 100,000 users, no parallel workers:

- The digest with the sum of its money against `count(*)` (limit: 8 x).
- `pgassay data diff` of two equal databases (aim: 5 x faster), and of two in which 10 rows are
  changed (4 x), against reladiff in a virtual environment of its own, each without the start of its
  interpreter.
- `--large`: the digest of 20 million against that of 2 million (limit: 12 x, since they do not fit
  the server's buffers), which takes minutes and 5 GB.

Exits 1 when an aim is missed.
"""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from unittest.mock import patch

from benchmarks.inspect_speed import Figure, tell
from pgassay.analysis.digest_plans import plan_of, read_tables
from pgassay.facts.catalog import Catalog
from pgassay.facts.settings import MoneySettings
from pgassay.facts.table_digest import TableDigest
from pgassay.flows.data_diff import DataDiffRequest, data_diff
from pgassay.postgres.binaries import all_binaries
from pgassay.postgres.scratch import Database
from pgassay.postgres.scratch_server import ScratchServer
from pgassay.sources.catalog import read_catalog
from pgassay.sources.table_digests import digest_session

RELADIFF = "reladiff[postgresql]==0.6.0"
_SETTINGS = {"shared_buffers": "1GB", "max_wal_size": "8GB"}
_TABLE = """
CREATE TABLE transactions (
    id bigint PRIMARY KEY, user_id bigint NOT NULL, amount numeric(12,2) NOT NULL,
    currency char(3) NOT NULL, kind varchar(20) NOT NULL, note text,
    created_at timestamptz NOT NULL
)
"""
_ROWS = """
INSERT INTO transactions
SELECT n, 1 + n * 7919 % 100000, (n * 7877 % 2000003 - 500000) / 100.0,
       (ARRAY['EUR', 'USD', 'GBP', 'CHF'])[1 + n % 4],
       (ARRAY['payment', 'refund', 'fee'])[1 + n % 3],
       CASE WHEN n % 5 > 0 THEN 'note number ' || n END,
       timestamptz '2022-01-01' + n * interval '37.123457 s'
FROM generate_series(1, {rows}::bigint) n
"""
_THEIRS = """
import sys, time
from reladiff import connect_to_table, diff_tables
columns = ("user_id", "amount", "currency", "kind", "note", "created_at")
tables = [connect_to_table(url, "transactions", "id") for url in sys.argv[1:]]
for _ in range(4):
    began = time.perf_counter()
    found = list(diff_tables(*tables, extra_columns=columns))
    print(time.perf_counter() - began, len(found))
"""


def main(arguments: list[str]) -> int:
    """Print each figure beside its aim; 1 when one is missed."""
    missed = [not tell(*figure) for figure in _figures(large="--large" in arguments)]
    return int(any(missed))


def _figures(*, large: bool) -> Iterator[Figure]:
    newest = max(all_binaries(), key=lambda binaries: binaries.major)
    with ScratchServer(newest, settings=_SETTINGS) as server:
        first = server.create_database("first")
        make_transactions(first, 2_000_000)
        count, digest = _seconds(first)
        yield ("digest with money / count(*)", digest / count, 8, "x")
        same = server.create_database("same", template="first")
        changed = server.create_database("changed", template="first")
        with changed.connect(autocommit=True) as connection:
            connection.execute("UPDATE transactions SET amount = amount + 1 WHERE id % 200000 = 7")
        with tempfile.TemporaryDirectory(prefix="pgassay-benchmark-") as folder:
            python = _with_reladiff(Path(folder))
            for what, other, rows, times in (
                ("equal", same, 0, 5),
                ("10 changed", changed, 10, 4),
            ):
                ours = _ours(first, other, rows)
                theirs = _theirs(python, server, first, other, rows)
                print(f"{what}: data diff {ours:.2f} s, reladiff {theirs:.2f} s")
                yield (f"data diff / reladiff, {what}", ours / theirs, 1 / times, "x")
        if large:
            twenty = server.create_database("twenty")
            make_transactions(twenty, 20_000_000)
            yield ("digest of 20 M / of 2 M rows", _seconds(twenty)[1] / digest, 12, "x")


def make_transactions(database: Database, rows: int) -> None:
    with database.connect(autocommit=True) as connection:
        connection.execute(_TABLE)
        connection.execute(_ROWS.format(rows=rows).encode())
        connection.execute("VACUUM (FREEZE, ANALYZE)")


def _seconds(database: Database) -> tuple[float, float]:
    """Of count(*), and of the digest; by turns."""
    counts, digests = [], []
    with database.connect(autocommit=True) as connection:
        catalog = read_catalog(connection)
        assert isinstance(catalog, Catalog)
        (table,) = read_tables(catalog, MoneySettings()).values()
        plan = plan_of(table)
        assert [column.name for column in plan.money] == ["amount"]
        with digest_session(connection) as session:
            for _ in range(7):
                began = time.perf_counter()
                session.ask(plan, "SELECT count(*) FROM public.transactions")
                counts.append(time.perf_counter() - began)
                began = time.perf_counter()
                assert isinstance(session.digest(plan), TableDigest)
                digests.append(time.perf_counter() - began)
    return statistics.median(counts), statistics.median(digests)


def _ours(a: Database, b: Database, rows: int) -> float:
    taken = []
    with patch.dict(os.environ, {"A": a.url(), "B": b.url()}):
        for _ in range(4):
            began = time.perf_counter()
            found = data_diff(DataDiffRequest("env:A", "env:B"), lambda _: None)
            taken.append(time.perf_counter() - began)
            differences = found.tables[0].found
            assert (differences.total if differences else 0) == rows
    return statistics.median(taken)


def _theirs(python: Path, server: ScratchServer, a: Database, b: Database, rows: int) -> float:
    urls = [f"postgresql://postgres@/{database.name}" for database in (a, b)]
    done = subprocess.run(
        [python, "-c", _THEIRS, *urls],
        # It takes no socket in a URL, but libpq does.
        env={**os.environ, "PGHOST": str(server.socket_dir), "PGPORT": str(server.port)},
        capture_output=True,
        text=True,
        check=True,
    )
    lines = [line.split() for line in done.stdout.splitlines()]
    assert all(int(found) == 2 * rows for _, found in lines), done.stdout
    return statistics.median(float(seconds) for seconds, _ in lines)


def _with_reladiff(folder: Path) -> Path:
    """The interpreter of a virtual environment that has it."""
    subprocess.run([sys.executable, "-m", "venv", folder / "venv"], check=True)
    python = folder / "venv" / "bin" / "python"
    subprocess.run([python, "-m", "pip", "install", "--quiet", RELADIFF], check=True)
    return python


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
