"""A filled database under other names: nothing is lost, and nothing tells the old ones."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any

import psycopg
import pytest

from pgassay.postgres.scratch_server import ScratchServer
from tests.planted.generated_data import Generated, build
from tests.random_names import (
    COLUMNS,
    TABLES,
    Column,
    NewNames,
    meaningless,
    read_columns,
    rename,
    synonyms,
)

Way = Callable[[Sequence[Column], int], NewNames]


@pytest.fixture(scope="module")
def generated(
    planted_server: ScratchServer, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Generated]:
    database = planted_server.create_database("renamed")
    build(database)
    filled = Generated(database, tmp_path_factory.mktemp("truth") / "planted.json")
    filled.fill(100, 1_000, 1)
    yield filled
    planted_server.drop_database(database)


@pytest.fixture
def connection(generated: Generated) -> Iterator[psycopg.Connection[Any]]:
    """Closed without a commit: the next test sees the old names again."""
    with generated.database.connect() as opened:
        yield opened
        opened.rollback()


@pytest.mark.parametrize("seed", [1, 2, 3])
@pytest.mark.parametrize("way", [synonyms, meaningless])
def test_what_is_planted_is_found_under_the_new_names(
    generated: Generated, connection: psycopg.Connection[Any], way: Way, seed: int
) -> None:
    names = way(read_columns(connection), seed)
    rename(connection, names)
    for kind, found in generated.truth["defects"].items():
        for place in found["places"]:
            table = place["table"]
            key = names.column(table, place["key"])
            for column in place["columns"]:
                rows = connection.execute(
                    f"SELECT count({names.column(table, column)}) FROM {names.table(table)} "
                    f"WHERE {key}::text = ANY (%s)",
                    ([str(k) for k in place["keys"]],),
                ).fetchone()
                assert rows is not None
                # A journal that has lost an entry has one or more others.
                least = place["count"]
                assert rows[0] == least if kind != "unbalanced" else rows[0] >= least
    assert set(read_columns(connection)) == {
        (names.schemas[s], names.tables[s, t], new) for (s, t, _), new in names.columns.items()
    }


@pytest.mark.parametrize("way", [synonyms, meaningless])
def test_no_other_name_tells_the_old_ones(connection: psycopg.Connection[Any], way: Way) -> None:
    rename(connection, way(read_columns(connection), 4))
    left = connection.execute(
        "SELECT relname FROM pg_class c JOIN pg_namespace n ON n.oid = relnamespace "
        "WHERE nspname !~ '^(pg_|information_schema)' AND relkind IN ('i', 'S') "
        "AND relname !~ '^[kis]_[0-9]+$' AND relname !~ '^alembic' "
        "UNION ALL SELECT conname FROM pg_constraint c JOIN pg_namespace n ON n.oid = connamespace "
        "WHERE nspname !~ '^(pg_|information_schema)' AND conname !~ '^(k_[0-9]+$|alembic)'"
    ).fetchall()
    assert left == []


def test_synonyms_are_others_for_every_table_and_hold_together(
    connection: psycopg.Connection[Any],
) -> None:
    columns = read_columns(connection)
    assert {table for _, table, _ in columns} == set(TABLES)
    assert {column for _, _, column in columns} >= set(COLUMNS)
    for seed in range(50):
        names = synonyms(columns, seed)
        assert not set(names.tables.values()) & {table for _, table, _ in columns}
        assert len(set(names.tables.values())) == len(names.tables)
        of_table = {(s, t, new) for (s, t, _), new in names.columns.items()}
        assert len(of_table) == len(columns)
        one = names.column("public.transactions", "user_id").removesuffix("_id")
        assert names.table("public.users") == f"public.{one}s"
        assert names.column("ledger.invoice_lines", "invoice_id") in ("bill_id", "statement_id")
        assert names.column("public.users", "id") == "id"


def test_meaningless_names_are_unlike_and_depend_on_the_seed(
    connection: psycopg.Connection[Any],
) -> None:
    columns = read_columns(connection)
    names = meaningless(columns, 1)
    assert len(set(names.columns.values())) == len(columns)
    assert meaningless(columns, 1) == names
    assert meaningless(columns, 2) != names
    assert names.table("ledger.invoices").startswith("n_")
