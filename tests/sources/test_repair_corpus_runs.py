"""The SQL that findings offer undoes, and repeats, each drift of the corpus on a real server."""

from __future__ import annotations

import itertools
import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest

from pgassay.analysis import drift_repair
from pgassay.analysis.schema_diff import compare
from pgassay.facts.catalog import Catalog
from pgassay.facts.comparison import Difference
from pgassay.postgres.binaries import find_binaries
from pgassay.postgres.scratch import Database
from pgassay.postgres.scratch_server import ScratchServer
from pgassay.sources.catalog import read_catalog

Connection = psycopg.Connection[Any]
Copy = Callable[[], Database]

CORPUS = Path(__file__).parents[1] / "drift_corpus"
DRIFTS: dict[str, str] = {
    case["name"]: case["sql"] for case in json.loads((CORPUS / "cases.json").read_text())["drifts"]
}


@pytest.fixture(scope="module")
def corpus() -> Iterator[ScratchServer]:
    with ScratchServer(find_binaries()) as server:
        base = server.create_database("base")
        with base.connect(autocommit=True) as connection:
            connection.execute(b"CREATE ROLE app_ro; CREATE ROLE app_rw")
            connection.execute((CORPUS / "base.sql").read_bytes())
        yield server


_NUMBER = itertools.count()


@pytest.fixture(scope="module")
def base(corpus: ScratchServer) -> Catalog:
    database = corpus.create_database("base_read", template="base")
    with database.connect(autocommit=True) as connection:
        return catalog(connection)


@pytest.fixture
def copy(corpus: ScratchServer) -> Iterator[Copy]:
    """Makes copies of the corpus' database."""
    made: list[Database] = []

    def make() -> Database:
        made.append(corpus.create_database(f"copy_{next(_NUMBER)}", template="base"))
        return made[-1]

    yield make
    for database in made:
        corpus.drop_database(database)


def catalog(connection: Connection) -> Catalog:
    read = read_catalog(connection)
    assert isinstance(read, Catalog)
    return read


def differences(live: Catalog, wanted: Catalog) -> list[Difference]:
    return list(compare({"live": live, "history": wanted}).differences)


def offered(found: list[Difference], wanted: Catalog) -> list[str]:
    """What the findings say to run on live."""
    statements = []
    together: dict[tuple[str, str], list[Difference]] = {}
    for difference in found:
        thing = drift_repair.part_on(difference, "history")
        extra = drift_repair.part_on(difference, "live")
        if difference.property != "presence":
            together.setdefault((difference.kind, difference.subject), []).append(difference)
        elif thing is not None:
            statements += drift_repair.create_by_hand(thing, wanted)
        elif extra is not None:
            statements.append(drift_repair.drop(extra))
    for same in together.values():
        statements += drift_repair.make_alike(same, "live", "history", wanted)
    return statements


REFUSED = r"^-- Only where PostgreSQL refuses it, as columns differ: DROP (VIEW \S+); and"


def run(connection: Connection, statements: list[str]) -> None:
    """All of them, those again that need a later one first. A view that cannot be replaced is
    dropped first, as the comment before it says."""
    waiting = statements
    drops = {v: f"DROP {v};" for s in statements for v in re.findall(REFUSED, s)}
    while waiting:
        failed = []
        for statement in waiting:
            try:
                connection.execute(statement.encode())
            except psycopg.errors.InvalidTableDefinition:
                [view] = [view for view in drops if f"REPLACE {view} " in statement]
                connection.execute(drops[view].encode())
                connection.execute(statement.encode())
            except psycopg.Error as error:
                failed.append((statement, error))
        assert len(failed) < len(waiting), failed
        waiting = [statement for statement, _ in failed]


def repair(connection: Connection, wanted: Catalog) -> list[tuple[str, str]]:
    """Runs what is offered, and offers again what that brings to light; gives what is left."""
    left = differences(catalog(connection), wanted)
    for _ in range(3):
        statements = offered(left, wanted)
        if not statements:
            break
        run(connection, statements)
        left = differences(catalog(connection), wanted)
    return [(difference.kind, difference.property) for difference in left]


# What no statement changes in place: the finding says so in words.
NO_WAY_BACK = {
    "col rename": [("table", "column order")],
    "enum order": [("enum", "labels")],
    "extension version": [("extension", "version")],
}
NO_WAY_THERE = {
    "col rename": [("table", "column order")],
    "enum order": [("enum", "labels")],
    "FK NOT VALID": [("constraint", "validated")],
}


@pytest.mark.parametrize("name", DRIFTS)
def test_a_drift_is_undone_and_repeated(copy: Copy, base: Catalog, name: str) -> None:
    with copy().connect(autocommit=True) as connection:
        connection.execute(DRIFTS[name].encode())
        drifted = catalog(connection)
        assert differences(drifted, base) != []
        assert repair(connection, base) == NO_WAY_BACK.get(name, [])
    with copy().connect(autocommit=True) as connection:
        assert repair(connection, drifted) == NO_WAY_THERE.get(name, [])
