"""Where a stamp is an id of both histories, a query on the database itself tells which made it."""

from __future__ import annotations

import itertools
import re
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from pgassay.facts.consolidation import Consolidation, SharedStamp
from pgassay.flows.consolidate import ConsolidateRequest, consolidate
from pgassay.flows.schema_sides import World
from pgassay.postgres.binaries import find_binaries
from pgassay.postgres.scratch import Database
from pgassay.postgres.scratch_server import ScratchServer
from pgassay.render.consolidation_markdown import consolidation_markdown
from tests.flows.two_histories import History, write_project

_NUMBERS = itertools.count(1)
_T = ("CREATE TABLE t (id int PRIMARY KEY, a varchar(40))", "DROP TABLE t")
_E = ("CREATE TYPE e AS ENUM ('a', 'b')", "DROP TYPE e")


@pytest.fixture(scope="module")
def server() -> Iterator[ScratchServer]:
    with ScratchServer(find_binaries(None)) as started:
        yield started


def shared_ids(root: Path, mine: History, theirs: History, shared: int) -> Path:
    """The first ids of both are the same."""
    write_project(root, alembic=mine, migrations=theirs)
    for name in ("alembic", "migrations"):
        for path in (root / name / "versions").iterdir():
            text = path.read_text()
            for number in range(1, shared + 1):
                text = text.replace(f'"{name}_{number}"', f'"000{number}"')
            path.write_text(text)
    return root


def consolidated(root: Path) -> Consolidation:
    world = World(root, None, None, sys.executable)
    request = ConsolidateRequest(world, "alembic", "migrations")
    made = consolidate(request, lambda _: None).consolidation
    assert made is not None
    assert [f"{p.state}: {p.failed}" for p in made.proofs if p.failed] == []
    return made


def built(server: ScratchServer, history: History, revisions: int, *more: str) -> Database:
    database = server.create_database(f"shared_{next(_NUMBERS)}")
    with database.connect(autocommit=True) as connection:
        for statements in history[:revisions]:
            for up, _ in statements:
                connection.execute(up.encode())
        for statement in more:
            connection.execute(statement.encode())
    return database


def answer(database: Database, query: str) -> str:
    with database.connect(autocommit=True) as connection:
        connection.execute("SET default_transaction_read_only = on")
        row = connection.execute(query.encode()).fetchone()
    assert row is not None
    return str(row[0])


def one(stamps: Sequence[SharedStamp]) -> SharedStamp:
    (stamp,) = stamps
    return stamp


_PAIRS: dict[str, tuple[History, History]] = {
    "tables": ([[_T]], [[("CREATE TABLE u (id int)", "DROP TABLE u")]]),
    "a table more": ([[_T]], [[_T, ('CREATE TABLE "Ü s" ()', 'DROP TABLE "Ü s"')]]),
    "a column": ([[_T]], [[_T, ("ALTER TABLE t ADD b int", "ALTER TABLE t DROP b")]]),
    "an index": ([[_T, ("CREATE INDEX i ON t (a)", "DROP INDEX i")]], [[_T]]),
    "a check": (
        [
            [
                _T,
                (
                    "ALTER TABLE t ADD CONSTRAINT c CHECK (id > 0)",
                    "ALTER TABLE t DROP CONSTRAINT c",
                ),
            ]
        ],
        [[_T]],
    ),
    "a function": (
        [[_T]],
        [
            [
                _T,
                (
                    "CREATE FUNCTION f(x int) RETURNS int LANGUAGE sql AS 'SELECT 1'",
                    "DROP FUNCTION f",
                ),
            ]
        ],
    ),
    "a policy": ([[_T]], [[_T, ("CREATE POLICY p ON t USING (true)", "DROP POLICY p ON t")]]),
    "an extension": ([[_T]], [[_T, ("CREATE EXTENSION citext", "DROP EXTENSION citext")]]),
    "a type": ([[_T]], [[("CREATE TABLE t (id int PRIMARY KEY, a text)", "DROP TABLE t")]]),
    "labels": (
        [[_E]],
        [[("CREATE TYPE e AS ENUM ('a', 'b', 'c')", "DROP TYPE e")]],
    ),
}


@pytest.mark.parametrize(("mine", "theirs"), _PAIRS.values(), ids=_PAIRS)
def test_the_query_names_the_row(
    tmp_path: Path, server: ScratchServer, mine: History, theirs: History
) -> None:
    made = consolidated(shared_ids(tmp_path, mine, theirs, 1))
    stamp = one(made.shared)
    assert stamp.rows == ("alembic/ at 0001", "migrations/ at 0001")
    assert set(stamp.rows) <= {p.state for p in made.proofs if p.commands}
    (printed,) = re.findall(r"```sql\n(.*?)\n```", consolidation_markdown(made), re.S)
    assert answer(built(server, mine, 1), printed) == "alembic/ at 0001"
    assert answer(built(server, theirs, 1), printed) == "migrations/ at 0001"


def test_what_is_of_both_or_of_neither_is_not_guessed(
    tmp_path: Path, server: ScratchServer
) -> None:
    mine, theirs = _PAIRS["tables"]
    query = one(consolidated(shared_ids(tmp_path, mine, theirs, 1)).shared).query
    for database in (built(server, mine, 1, theirs[0][0][0]), built(server, mine, 0)):
        assert answer(database, query) == "neither, as it was proven: do not guess"


def test_where_both_made_the_same_either_row_does(tmp_path: Path, server: ScratchServer) -> None:
    """The proof of each row holds for the other's database: the schemas there are the same."""
    mine = [[_T], [("CREATE TABLE mine ()", "DROP TABLE mine")]]
    theirs = [[_T], [("CREATE TABLE theirs ()", "DROP TABLE theirs")]]
    made = consolidated(shared_ids(tmp_path, mine, theirs, 2))
    first, second = made.shared
    assert first == SharedStamp("0001", ("alembic/ at 0001", "migrations/ at 0001"))
    assert "to_regclass('public.mine')" in second.query
    document = consolidation_markdown(made)
    assert "`0001`: both have made the same schema" in document
    assert answer(built(server, theirs, 2), second.query) == "migrations/ at 0002"
    # The row of the history that stays, on a database of the other: its revisions, one by one.
    database = built(server, theirs, 1)
    with database.connect(autocommit=True) as connection:
        connection.execute(mine[1][0][0].encode())
        for revision in made.plan.revisions:
            for statement in (s for o in revision.operations for s in o.up):
                connection.execute(statement.encode())
        found = connection.execute(
            "SELECT string_agg(relname, ' ' ORDER BY relname) FROM pg_class "
            "WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace"
        ).fetchone()
    assert found == ("mine t theirs",)


def test_what_no_query_tells_is_said(tmp_path: Path) -> None:
    said = ("COMMENT ON TABLE t IS 'here'", "SELECT 1")
    made = consolidated(shared_ids(tmp_path, [[_T]], [[_T, said]], 1))
    stamp = one(made.shared)
    assert stamp.query == ""
    assert stamp.differs == (
        "table public.t: comment none in alembic/ at 0001, here in migrations/ at 0001",
    )
    assert "no query here tells `alembic/ at 0001` or" in consolidation_markdown(made)


def test_with_version_tables_of_their_own_no_stamp_is_shared(tmp_path: Path) -> None:
    root = shared_ids(tmp_path, *_PAIRS["tables"], 1)
    env = root / "migrations/env.py"
    env.write_text(
        env.read_text().replace("connection=connection", "connection=connection, version_table='v'")
    )
    made = consolidated(root)
    assert made.shared == ()
    assert "may be of either" not in consolidation_markdown(made)


def test_of_a_long_history_the_states_of_a_shared_id_are_both_proven(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Else the row of one would be taken for a database of the other."""
    from pgassay.flows import consolidation_states

    monkeypatch.setattr(consolidation_states, "_MOST_STATES", 4)
    long = [[(f"CREATE TABLE t{n} (id int)", f"DROP TABLE t{n}")] for n in range(7)]
    theirs = [[(f"CREATE TABLE u{n} (id int)", f"DROP TABLE u{n}")] for n in range(5)]
    made = consolidated(shared_ids(tmp_path, long, theirs, 5))
    assert [s.revision for s in made.shared] == ["0001", "0003", "0004", "0005"]
    states = {p.state for p in made.proofs if p.commands}
    assert {"alembic/ at 0003", "migrations/ at 0003", "alembic/ at 0005"} <= states
    assert not {"alembic/ at 0002", "migrations/ at 0002"} & states
