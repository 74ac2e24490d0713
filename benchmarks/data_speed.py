"""Ten typical checks on 2 M transactions of 7 columns, 100 k users, measured in one run; medians.

    python -m benchmarks.data_speed [--rows N] [--large]

- All ten by `run_data_rules`, with the keys of the rows that fail, on two connections, the default;
  what it takes on one is said too;
- against Great Expectations and Soda, each in a virtual environment of its own, which this makes
  (aims: 2.5 x as fast as GX's default, 1.2 x as fast as Soda, which brings no keys);
- against ten queries that count (aim: 1 / 1.6);
- and against `count(*)`, for the record;
- `--large`: ten times as many rows (limit: 12 x, since they do not fit the server's buffers), which
  takes minutes and 5 GB.

No parallel workers; everything is in memory. The peers are timed inside their own process, from the
call that validates to its end, so that starting Python counts for nobody. Exits 1 when an aim is
missed.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
import venv
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from pathlib import Path

from benchmarks.inspect_speed import Figure, tell
from pgassay.facts.catalog import Catalog
from pgassay.facts.settings import DataSettings
from pgassay.postgres.binaries import find_binaries
from pgassay.postgres.connection import open_readonly
from pgassay.postgres.connection_target import ConnectionTarget
from pgassay.postgres.scratch import Database
from pgassay.postgres.scratch_server import ScratchServer
from pgassay.sources.catalog import read_catalog
from pgassay.sources.data_rule_file import read_data_rules
from pgassay.sources.data_run import Asked, run_data_rules

_USERS = 100_000
_RUNS = 3
_TABLES = """
CREATE TABLE users (id bigint PRIMARY KEY, email text);
INSERT INTO users SELECT n, 'user' || n || '@example.com' FROM generate_series(1, {users}) n;
CREATE TABLE transactions (
    id bigint PRIMARY KEY, user_id bigint, reference text, category text, amount numeric(12,2),
    currency text, spent_at timestamptz
);
INSERT INTO transactions
SELECT n, CASE WHEN n % 100000 = 7 THEN 0 ELSE 1 + n * 7919 % {users} END,
       'ref' || CASE WHEN n % 200000 = 9 THEN 1 ELSE n END,
       (ARRAY['food', 'rent', 'fun', 'travel', 'health'])[1 + n % 5],
       CASE WHEN n % 150000 = 3 THEN -5 ELSE (n * 37 % 100000) / 100.0 END,
       CASE WHEN n % 180000 = 5 THEN 'usd' ELSE (ARRAY['USD', 'EUR', 'GBP', 'JPY'])[1 + n % 4] END,
       timestamptz '2024-01-01' + n % 600 * interval '1 day'
FROM generate_series(1, {rows}::bigint) n;
VACUUM (ANALYZE, FREEZE) users;
VACUUM (ANALYZE, FREEZE) transactions;
"""
_RULES = """
tables:
  public.transactions:
    - not_null: [user_id, amount]
    - range: {column: amount, min: 0}
    - range: {column: amount, max: 1000000}
    - one_of: {column: currency, values: [USD, EUR, GBP, JPY, CHF, KWD]}
    - matches: {column: currency, pattern: "^[A-Z]{3}$"}
    - in_time: spent_at
    - one_of: {column: category, values: [food, rent, fun, travel, health]}
    - unique: reference
    - references: {columns: user_id, parent: public.users, key: id}
"""
_QUERIES = (
    "SELECT count(*) FROM transactions WHERE user_id IS NULL",
    "SELECT count(*) FROM transactions WHERE amount IS NULL",
    "SELECT count(*) FROM transactions WHERE amount < 0",
    "SELECT count(*) FROM transactions WHERE amount > 1000000",
    "SELECT count(*) FROM transactions "
    "WHERE currency NOT IN ('USD', 'EUR', 'GBP', 'JPY', 'CHF', 'KWD')",
    "SELECT count(*) FROM transactions WHERE currency !~ '^[A-Z]{3}$'",
    "SELECT count(*) FROM transactions WHERE spent_at < '1970-01-01' OR spent_at > now()",
    "SELECT count(*) FROM transactions "
    "WHERE category NOT IN ('food', 'rent', 'fun', 'travel', 'health')",
    "SELECT count(*) FROM (SELECT FROM transactions GROUP BY reference HAVING count(*) > 1) d",
    "SELECT count(*) FROM transactions t "
    "WHERE NOT EXISTS (SELECT FROM users u WHERE u.id = t.user_id)",
)
_GX = """
import json, sys, time
import great_expectations as gx
from great_expectations import expectations as e
context = gx.get_context(mode="ephemeral")
source = context.data_sources.add_postgres("pg", connection_string=sys.argv[1])
batch = source.add_table_asset("t", table_name="transactions").add_batch_definition_whole_table("b")
orphans = "SELECT * FROM {batch} t WHERE NOT EXISTS (SELECT FROM users u WHERE u.id = t.user_id)"
suite = context.suites.add(gx.ExpectationSuite("s", expectations=[
    e.ExpectColumnValuesToNotBeNull(column="user_id"),
    e.ExpectColumnValuesToNotBeNull(column="amount"),
    e.ExpectColumnValuesToBeBetween(column="amount", min_value=0),
    e.ExpectColumnValuesToBeBetween(column="amount", max_value=1000000),
    e.ExpectColumnValuesToBeInSet(
        column="currency", value_set=["USD", "EUR", "GBP", "JPY", "CHF", "KWD"]),
    e.ExpectColumnValuesToMatchRegex(column="currency", regex="^[A-Z]{3}$"),
    e.ExpectColumnValuesToBeBetween(
        column="spent_at", min_value="1970-01-01", max_value="2100-01-01"),
    e.ExpectColumnValuesToBeInSet(
        column="category", value_set=["food", "rent", "fun", "travel", "health"]),
    e.ExpectColumnValuesToBeUnique(column="reference"),
    e.UnexpectedRowsExpectation(unexpected_rows_query=orphans),
]))
validation = context.validation_definitions.add(
    gx.ValidationDefinition(name="v", data=batch, suite=suite))
took = []
for _ in range(int(sys.argv[2])):
    began = time.perf_counter()
    result = validation.run()
    took.append(time.perf_counter() - began)
failed = sorted(r.expectation_config.type for r in result.results if not r.success)
raised = [r for r in result.results if (r.exception_info or {}).get("raised_exception")]
print(json.dumps([took, len(failed), len(raised), gx.__version__]))
"""
_SODA = """
import json, sys, time
from importlib.metadata import version
from soda_core.contracts.api.verify_api import verify_contract_locally
took = []
for _ in range(int(sys.argv[2])):
    began = time.perf_counter()
    result = verify_contract_locally(
        data_source_file_path=sys.argv[1] + "/source.yml",
        contract_file_path=sys.argv[1] + "/contract.yml",
    )
    took.append(time.perf_counter() - began)
checks = [c for r in result.contract_verification_results for c in r.check_results]
failed = [c for c in checks if c.outcome.name == "FAILED"]
open_ = [c for c in checks if c.outcome.name not in ("FAILED", "PASSED")]
print(json.dumps([took, len(failed), len(open_), version("soda-core")]))
"""
_SODA_SOURCE = """
type: postgres
name: pg
connection:
  host: {host}
  port: {port}
  user: postgres
  password: none
  database: {database}
"""
_SODA_CONTRACT = """
dataset: pg/{database}/public/transactions
checks:
  - failed_rows:
      name: impossible times
      qualifier: times
      expression: spent_at < '1970-01-01' OR spent_at > now()
  - failed_rows:
      name: orphans
      query: |
        SELECT t.* FROM transactions t
        WHERE NOT EXISTS (SELECT FROM users u WHERE u.id = t.user_id)
columns:
  - name: user_id
    checks:
      - missing:
  - name: amount
    checks:
      - missing:
      - invalid:
          qualifier: low
          valid_min: 0
      - invalid:
          qualifier: high
          valid_max: 1000000
  - name: currency
    checks:
      - invalid:
          qualifier: known
          valid_values: [USD, EUR, GBP, JPY, CHF, KWD]
      - invalid:
          qualifier: written
          valid_format:
            regex: ^[A-Z]{{3}}$
            name: three capitals
  - name: spent_at
  - name: category
    checks:
      - invalid:
          valid_values: [food, rent, fun, travel, health]
  - name: reference
    checks:
      - duplicate:
"""


def main() -> int:
    """Print each figure beside its aim; 1 when one is missed."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--rows", type=int, default=2_000_000)
    parser.add_argument("--large", action="store_true")
    given = parser.parse_args()
    missed = [not tell(*figure) for figure in _figures(given.rows, large=given.large)]
    return int(any(missed))


def _figures(rows: int, *, large: bool) -> Iterator[Figure]:
    if large:
        yield _linear(rows)
    with _filled(rows) as (server, database), tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        asked = _asked(database, home)
        count = _median(lambda: _queries(database, ("SELECT count(*) FROM transactions",)))
        queries = _median(lambda: _queries(database, _QUERIES))
        one = _median(lambda: _ours(database, asked, 1))
        two = _median(lambda: _ours(database, asked, 2))
        print(
            f"count(*) {count:.2f} s, ten queries {queries:.2f} s; ours with keys {one:.2f} s on "
            f"one connection, {two:.2f} s on two"
        )
        yield "ours / ten queries", two / queries, 1 / 1.6, "x"
        gx = _peer(home, "great_expectations[postgresql]", _GX, _gx_url(server, database))
        yield f"ours / Great Expectations ({gx:.2f} s)", two / gx, 1 / 2.5, "x"
        parameters = {**server.parameters(database.name), "database": database.name}
        (home / "source.yml").write_text(_SODA_SOURCE.format(**parameters))
        (home / "contract.yml").write_text(_SODA_CONTRACT.format(**parameters))
        soda = _peer(home, "soda-postgres", _SODA, str(home))
        yield f"ours / Soda ({soda:.2f} s)", two / soda, 1 / 1.2, "x"


def _linear(rows: int) -> Figure:
    took = []
    for size in (rows, 10 * rows):
        with _filled(size) as (_, database), tempfile.TemporaryDirectory() as folder:
            asked = _asked(database, Path(folder))
            took.append(_median(partial(_ours, database, asked, 2)))
    print(f"{rows:,} rows {took[0]:.2f} s, {10 * rows:,} rows {took[1]:.2f} s")
    return "ten times as many rows / these", took[1] / took[0], 12, "x"


@contextmanager
def _filled(rows: int) -> Iterator[tuple[ScratchServer, Database]]:
    settings = {
        "shared_buffers": "1GB",
        "max_wal_size": "8GB",
        "max_parallel_workers_per_gather": "0",
    }
    with ScratchServer(find_binaries(), settings=settings) as server:
        database = server.create_database("data_speed")
        with database.connect(autocommit=True) as connection:
            for statement in _TABLES.format(rows=rows, users=_USERS).split(";"):
                if statement.strip():
                    connection.execute(statement.encode())
        yield server, database


def _asked(database: Database, home: Path) -> Asked:
    (home / "rules.yml").write_text(_RULES)
    with database.connect(autocommit=True) as connection:
        catalog = read_catalog(connection)
    assert isinstance(catalog, Catalog)
    rules = read_data_rules(home / "rules.yml", "rules.yml")
    return Asked(rules, catalog, {("public", "transactions"): ("amount",)}, DataSettings())


def _ours(database: Database, asked: Asked, workers: int) -> float:
    target = ConnectionTarget.parse(database.url())
    began = time.perf_counter()
    with open_readonly(target) as connection:
        run = run_data_rules(
            connection,
            lambda: open_readonly(target),
            replace(asked, settings=replace(asked.settings, workers=workers)),
        )
    took = time.perf_counter() - began
    endings = [outcome.ending for outcome in run.outcomes]
    assert endings.count("failed") == 5, endings
    assert all(o.keys for o in run.outcomes if o.ending == "failed")
    return took


def _queries(database: Database, queries: Sequence[str]) -> float:
    began = time.perf_counter()
    with database.connect(autocommit=True) as connection:
        for query in queries:
            connection.execute(query.encode()).fetchall()
    return time.perf_counter() - began


def _peer(home: Path, package: str, script: str, argument: str) -> float:
    """Seconds that another tool takes for the same, in an environment of its own. It has to find
    the same five checks failed, and none undecided."""
    environment = home / package.partition("[")[0]
    venv.create(environment, with_pip=True)
    python = environment / "bin" / "python"
    install = [str(python), "-m", "pip", "install", "-q", package, "psycopg2-binary"]
    subprocess.run(install, check=True, stderr=subprocess.DEVNULL)
    quiet = {**os.environ, "GX_ANALYTICS_ENABLED": "false", "SODA_TELEMETRY_ENABLED": "false"}
    done = subprocess.run(
        [str(python), "-c", script, argument, str(_RUNS)],
        capture_output=True,
        text=True,
        env=quiet,
        check=True,
    )
    took, failed, undecided, version = json.loads(done.stdout.splitlines()[-1])
    print(f"{package} {version}: {failed} of 10 failed, {undecided} undecided")
    if (failed, undecided) != (5, 0):
        raise SystemExit(f"{package} does not see what the others see: {done.stderr[-2000:]}")
    return float(statistics.median(took))


def _gx_url(server: ScratchServer, database: Database) -> str:
    """It wants a host in the URL; the driver takes the socket beside it."""
    parameters = server.parameters(database.name)
    return (
        f"postgresql+psycopg2://postgres@localhost:{parameters['port']}/{database.name}"
        f"?host={parameters['host']}"
    )


def _median(run: Callable[[], float]) -> float:
    return statistics.median(run() for _ in range(_RUNS))


if __name__ == "__main__":
    sys.exit(main())
