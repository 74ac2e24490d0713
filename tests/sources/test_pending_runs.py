"""Pending revisions, run on what came before, with all that each statement did."""

from __future__ import annotations

import itertools
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from pgassay.analysis.pending_statements import changes_rows, shown
from pgassay.facts.pending_run import PendingRun
from pgassay.facts.settings import Settings
from pgassay.flows.opened_project import open_project
from pgassay.flows.scratch_once import ScratchOnce
from pgassay.flows.workshop import OpenWorkshop, workshop_on
from pgassay.sources.history_runs import Workshop
from pgassay.sources.pending_runs import run_pending
from tests.flows.two_histories import write_project

BEFORE = (
    "CREATE TABLE users (id int PRIMARY KEY, name varchar(50), old text)",
    "CREATE TABLE orders (id int PRIMARY KEY, user_id int)",
)
NUMBERS = itertools.count()
USERS, ORDERS = ("public", "users"), ("public", "orders")


@pytest.fixture(scope="module")
def opened(tmp_path_factory: pytest.TempPathFactory) -> Iterator[OpenWorkshop]:
    with ScratchOnce(None) as scratch:
        root = tmp_path_factory.mktemp("workshop")
        yield workshop_on(scratch, root, Settings(), sys.executable, None)


def run(opened: OpenWorkshop, root: Path, *statements: str, env: str = "") -> PendingRun:
    pending = [[(statement, "")] for statement in statements]
    write_project(root, alembic=[[(sql, "") for sql in BEFORE], *pending])
    if env:
        path = root / "alembic" / "env.py"
        path.write_text(path.read_text().replace('["DATABASE_URL"])', f'["DATABASE_URL"], {env})'))
    project = open_project(root, None).project
    assert isinstance(opened.workshop, Workshop)
    revisions = [f"alembic_{n}" for n in range(2, len(statements) + 2)]
    found = run_pending(
        opened.workshop,
        project,
        project.histories[0],
        ["alembic_1"],
        revisions,
        "a test",
        f"p{next(NUMBERS)}",
    )
    assert isinstance(found, PendingRun)
    return found


def test_what_each_statement_does(opened: OpenWorkshop, tmp_path: Path) -> None:
    found = run(
        opened,
        tmp_path,
        "CREATE INDEX ON users (name)",
        "ALTER TABLE users ALTER id TYPE bigint",
        "ALTER TABLE users ALTER name TYPE varchar(80)",
        "ALTER TABLE orders ADD CONSTRAINT fk FOREIGN KEY (id) REFERENCES users (id)",
        "DO $$ BEGIN ALTER TABLE users RENAME old TO older; END $$",
        "ALTER TABLE users ADD need text NOT NULL, DROP COLUMN older",
        "UPDATE orders SET user_id = 1 WHERE id = 2",
        "UPDATE orders SET user_id = 1",
        "CREATE TABLE fresh (id int)",
        "ALTER TABLE fresh ALTER id TYPE bigint",
        "DROP TABLE orders",
        env="connect_args={'options': '-c lock_timeout=1500 -c search_path=public'}",
    )
    assert found.failure is None
    index, widen, longer, key, rename, add, one, every, fresh, retype, drop = found.statements
    assert {s.transaction for s in found.statements} == {1}
    assert {s.lock_timeout_ms for s in found.statements} == {1500}
    assert [(lock.table, lock.words) for lock in index.took] == [(USERS, "SHARE")]
    assert (index.indexed, index.scanned, index.rewritten) == ((USERS,), (USERS,), ())
    assert [(lock.table, lock.words) for lock in widen.took] == [(USERS, "ACCESS EXCLUSIVE")]
    assert widen.rewritten == (USERS,)
    assert [(c.name, c.before, c.after) for c in widen.columns] == [("id", "integer", "bigint")]
    # A longer type: the index has a new number, and its old file.
    assert (longer.rewritten, longer.scanned, longer.indexed) == ((), (), ())
    assert [(k.name, k.table, k.referenced, k.validated) for k in key.foreign_keys] == [
        ("fk", ORDERS, USERS, True)
    ]
    assert [(lock.table, lock.words) for lock in key.took] == [(ORDERS, "SHARE ROW EXCLUSIVE")]
    assert [(c.change, c.before, c.after) for c in rename.columns] == [("renamed", "old", "older")]
    assert {(c.change, c.name, c.fails_on_rows) for c in add.columns} == {
        ("dropped", "older", False),
        ("added", "need", True),
    }
    assert (one.scanned, every.scanned) == ((), (ORDERS,))
    assert not fresh.took
    assert not retype.rewritten
    assert drop.dropped == (ORDERS,)
    assert [lock.words for lock in drop.took if lock.table == ORDERS] == ["ACCESS EXCLUSIVE"]
    assert [lock.table for lock in drop.held] == [ORDERS, USERS]


def test_a_statement_in_a_transaction_of_its_own(opened: OpenWorkshop, tmp_path: Path) -> None:
    """As in an autocommit_block: its locks are gone when it ends, and are seen all the same."""
    found = run(
        opened,
        tmp_path,
        "ALTER TABLE users ALTER name SET NOT NULL",
        "CREATE INDEX CONCURRENTLY ix ON users (name)",
        env="isolation_level='AUTOCOMMIT'",
    )
    required, index = found.statements
    assert (required.alone, index.alone) == (True, True)
    assert required.transaction != index.transaction
    assert [(lock.table, lock.words) for lock in required.took] == [(USERS, "ACCESS EXCLUSIVE")]
    assert required.scanned == (USERS,)
    assert index.indexed == (USERS,)
    assert index.held == ()


def test_what_is_committed_before_is_so(opened: OpenWorkshop, tmp_path: Path) -> None:
    """On an empty database all of it passes in one transaction."""
    statements = ("ALTER TYPE mood ADD VALUE 'calm'", "CREATE TABLE d (m mood DEFAULT 'calm')")
    pending = [[(sql, "")] for sql in statements]
    write_project(tmp_path, alembic=[[("CREATE TYPE mood AS ENUM ('glad')", "")], *pending])
    project = open_project(tmp_path, None).project
    assert isinstance(opened.workshop, Workshop)
    found = run_pending(
        opened.workshop,
        project,
        project.histories[0],
        ["alembic_1"],
        ["alembic_2"],
        "a test",
        f"p{next(NUMBERS)}",
    )
    assert isinstance(found, PendingRun)
    assert found.failure is not None
    assert found.failure.revision == "alembic_3"
    assert "unsafe use of new value" in found.failure.error
    assert found.after is None


def test_a_savepoint_that_fails_is_gone_back_to(opened: OpenWorkshop, tmp_path: Path) -> None:
    """In the transaction that failed nothing can be asked, and the revision goes on."""
    found = in_code(
        opened,
        tmp_path,
        "c = op.get_bind()",
        "try:",
        "    with c.begin_nested(): c.exec_driver_sql('SELECT 1/0')",
        "except Exception: pass",
        "c.exec_driver_sql('ALTER TABLE users ADD COLUMN x text')",
    )
    assert found.failure is None
    assert [c.name for s in found.statements for c in s.columns] == ["x"]


def test_what_goes_past_sqlalchemy_is_seen(opened: OpenWorkshop, tmp_path: Path) -> None:
    found = in_code(
        opened,
        tmp_path,
        "cursor = op.get_bind().connection.cursor()",
        "cursor.execute('ALTER TABLE orders ALTER id TYPE bigint')",
        "op.execute('SELECT 1')",
        "cursor.execute('UPDATE users SET name = old')",
    )
    retype, select, update = found.statements
    assert (retype.sql, retype.rewritten) == ("", (ORDERS,))
    assert [c.after for c in retype.columns] == ["bigint"]
    assert (select.sql, select.took, select.scanned) == ("SELECT 1", (), ())
    assert (update.sql, update.scanned) == ("", (USERS,))
    assert changes_rows(update)
    assert shown(update) == "SQL sent past SQLAlchemy"


def in_code(opened: OpenWorkshop, root: Path, *lines: str) -> PendingRun:
    write_project(root, alembic=[[(sql, "") for sql in BEFORE], []])
    path = root / "alembic" / "versions" / "alembic_2.py"
    body = "".join(f"    {line}\n" for line in lines)
    path.write_text(
        path.read_text().replace("def upgrade():\n    pass\n", f"def upgrade():\n{body}")
    )
    project = open_project(root, None).project
    assert isinstance(opened.workshop, Workshop)
    history, name = project.histories[0], f"p{next(NUMBERS)}"
    found = run_pending(
        opened.workshop, project, history, ["alembic_1"], ["alembic_2"], "a test", name
    )
    assert isinstance(found, PendingRun)
    return found
