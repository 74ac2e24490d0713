"""Nothing that a database holds is lost by a consolidation without a word."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest

from pgassay.actions.write_files import FileChange, write_files
from pgassay.analysis.consolidation.row_changes import row_change
from pgassay.facts.consolidation import Consolidation
from pgassay.facts.history import Statement
from pgassay.flows.consolidate import ConsolidateOutcome, ConsolidateRequest, consolidate
from pgassay.flows.schema_sides import World
from pgassay.postgres.binaries import find_binaries
from pgassay.postgres.scratch import Database
from pgassay.postgres.scratch_server import ScratchServer
from pgassay.sources.configuration import ConfigurationError
from tests.flows.two_histories import UpDown, write_project

ACCOUNTS = (
    "CREATE TABLE accounts (id serial PRIMARY KEY, balance numeric(12,2), owner text NOT NULL)",
    "DROP TABLE accounts",
)
MINE = [[ACCOUNTS], [("CREATE TABLE mine (id int)", "DROP TABLE mine")]]
THEIRS = [[("CREATE TABLE theirs (id int PRIMARY KEY, note text)", "DROP TABLE theirs")]]


@pytest.fixture(scope="module")
def server() -> Iterator[ScratchServer]:
    with ScratchServer(find_binaries(None)) as started:
        yield started


def project(root: Path, *more: UpDown) -> Path:
    return write_project(root, alembic=MINE, migrations=[*THEIRS, list(more)] if more else THEIRS)


def run(root: Path, url: str = "", *, write: bool = False) -> ConsolidateOutcome:
    world = World(root, None, url or None, sys.executable)
    request = ConsolidateRequest(world, "alembic", "migrations", write=write)
    return consolidate(request, lambda _: None)


def made_of(done: ConsolidateOutcome) -> Consolidation:
    assert done.consolidation is not None
    return done.consolidation


def live_with(server: ScratchServer, name: str, *changes: str) -> Database:
    """At the head of alembic/, and then changed by hand."""
    database = server.create_database(name)
    with database.connect(autocommit=True) as connection:
        for statement in (
            ACCOUNTS[0],
            MINE[1][0][0],
            "CREATE TABLE alembic_version (version_num varchar(32) PRIMARY KEY)",
            "INSERT INTO alembic_version VALUES ('alembic_2')",
            "INSERT INTO accounts (balance, owner) SELECT 1, 'x' FROM generate_series(1, 90)",
            *changes,
        ):
            connection.execute(statement.encode())
    return database


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (
            "ALTER TABLE accounts ALTER balance TYPE numeric(20,6)",
            "column public.accounts.balance with type numeric(20,6), and the new head numeric",
        ),
        (
            "ALTER TABLE accounts ENABLE ROW LEVEL SECURITY",
            "table public.accounts with row_security yes, and the new head no",
        ),
        (
            "COMMENT ON TABLE accounts IS 'by hand'",
            "table public.accounts with comment by hand, and the new head none",
        ),
    ],
)
def test_what_was_changed_on_live_is_not_taken_back(
    tmp_path: Path, server: ScratchServer, change: str, said: str
) -> None:
    root = project(tmp_path)
    live = live_with(server, f"live_{abs(hash(change))}", change)
    done = run(root, live.url(), write=True)
    (failed,) = [p for p in made_of(done).proofs if p.failed]
    assert failed.state == "the live database"
    assert said in failed.failed
    assert not done.written


def test_what_changes_on_live_is_said_and_sequences_stay(
    tmp_path: Path, server: ScratchServer
) -> None:
    root = project(tmp_path)
    loosened = "ALTER TABLE accounts ALTER owner DROP NOT NULL"
    live = live_with(server, "live_told", loosened, "DROP TABLE mine")
    done = run(root, live.url(), write=True)
    assert done.written
    assert made_of(done).on_live == (
        "column public.accounts.owner: not_null no becomes yes (what one forbids stays forbidden)",
        "table public.mine is made",
        "table public.theirs is made",
    )
    script = (root / "alembic/converge.sql").read_text()
    assert "setval" not in script
    assert "GRANT" not in script
    assert "REVOKE" not in script
    with live.connect() as connection:
        connection.execute(script.encode())
        row = connection.execute("SELECT count(*), max(id) FROM accounts").fetchone()
        assert row == (90, 90)
        assert connection.execute("SELECT nextval('accounts_id_seq')").fetchone() == (91,)


def test_a_database_of_the_retired_history_cannot_go_on_by_itself(tmp_path: Path) -> None:
    """No id of it is in the new chain, so that `alembic upgrade` stops on it."""
    done = run(project(tmp_path, ("CREATE TABLE more ()", "DROP TABLE more")), write=True)
    plan = made_of(done).plan
    assert [r.id for r in plan.revisions] == ["migrations_1_2", "migrations_2_2"]
    assert [(r.old, r.new) for r in plan.renames] == [
        ("migrations_1", "migrations_1_2"),
        ("migrations_2", "migrations_2_2"),
    ]


def test_undoing_offers_no_downgrade_and_names_the_files(tmp_path: Path) -> None:
    done = run(project(tmp_path), write=True)
    assert done.written
    undo = (tmp_path / "alembic/CONSOLIDATION.md").read_text().partition("## How to undo it")[2]
    assert "`git mv migrations.retired migrations`" in undo
    assert "`rm alembic/versions/migrations_1_2.py`" in undo
    assert "restore the backup" in undo
    assert "alembic downgrade migr" not in undo


@pytest.mark.parametrize(
    ("sql", "named"),
    [
        ("WITH big AS (SELECT 1) UPDATE accounts SET balance = 0", "may change rows"),
        ("WITH new AS (INSERT INTO theirs VALUES (1) RETURNING id) SELECT 1", "may change rows"),
        ("SELECT setval('theirs_id_seq', 5000)", "may change rows"),
        ("SELECT move_balances()", "may change rows"),
        ("DO $$ BEGIN NULL; END $$", "may change rows"),
        ("UPDATE accounts SET balance = balance * 100", "rows of their own"),
        ("DELETE FROM public.accounts WHERE true", "rows of their own"),
        ("TRUNCATE TABLE ONLY accounts", "rows of their own"),
        ("INSERT INTO theirs VALUES (%(id)s)", "values that only its file has"),
        (f"INSERT INTO theirs VALUES (1, '{'x' * 4000}"[:4000], "values that only its file has"),
    ],
)
def test_what_is_not_carried_over_is_named(sql: str, named: str) -> None:
    operation, said = row_change(Statement("r", sql), "migrations", [("public", "accounts")])
    assert operation is None
    assert named in said


@pytest.mark.parametrize(
    "sql",
    [
        "SELECT count(*) FROM accounts",
        "SELECT pg_catalog.to_regclass('x')",
        "SELECT EXISTS (SELECT 1 FROM x)",
        "ALTER TABLE x ADD y int",
        "SELECT 1",
    ],
)
def test_what_changes_no_rows_is_silent(sql: str) -> None:
    assert row_change(Statement("r", sql), "migrations") == (None, "")


def test_rows_of_tables_that_only_the_retired_history_has_are_carried_over(tmp_path: Path) -> None:
    root = project(
        tmp_path,
        ("INSERT INTO theirs VALUES (1, 'a')", "SELECT 1"),
        ("UPDATE theirs SET note = 'b'", "SELECT 1"),
    )
    plan = made_of(run(root)).plan
    assert plan.rows_left == ()
    carried = [o.up[0] for r in plan.revisions for o in r.operations if o.data]
    assert carried == [
        "INSERT INTO theirs VALUES (1, 'a') ON CONFLICT DO NOTHING",
        "UPDATE theirs SET note = 'b'",
    ]


def test_a_revision_that_goes_past_sqlalchemy_is_named(tmp_path: Path) -> None:
    root = project(tmp_path)
    path = root / "migrations/versions/migrations_1.py"
    raw = "    op.get_bind().connection.cursor().execute('SELECT 1')\n"
    path.write_text(path.read_text().replace("def upgrade():\n", f"def upgrade():\n{raw}", 1))
    done = run(root, write=True)
    assert made_of(done).plan.rows_left == (
        "migrations/versions/migrations_1.py goes past SQLAlchemy (`cursor(`): what it does to "
        "rows is not known.",
    )
    assert not done.written


def test_a_rename_is_refused(tmp_path: Path) -> None:
    root = write_project(
        tmp_path,
        alembic=[[ACCOUNTS]],
        migrations=[[ACCOUNTS], [("ALTER TABLE accounts RENAME balance TO saldo", "SELECT 1")]],
    )
    refused = made_of(run(root, write=True)).plan.refused
    assert "migrations_2 of migrations/ renames public.accounts.balance" in refused[0]


def test_what_the_retired_history_drops_is_decided_and_said(tmp_path: Path) -> None:
    root = write_project(
        tmp_path,
        alembic=[[ACCOUNTS, ("CREATE TABLE secrets ()", "DROP TABLE secrets")]],
        migrations=[
            [ACCOUNTS, ("CREATE TABLE secrets ()", "DROP TABLE secrets")],
            [("DROP TABLE secrets", "SELECT 1")],
            [("ALTER TABLE accounts DROP COLUMN balance", "SELECT 1")],
        ],
    )
    made = made_of(run(root))
    decided = [(d.subject, d.kept, d.dropped) for d in made.plan.decisions]
    assert decided == [
        ("public.secrets", "present", "dropped"),
        ("public.accounts.balance", "present", "dropped"),
    ]


def test_a_hotfix_of_another_shape_stops_the_revision(
    tmp_path: Path, server: ScratchServer
) -> None:
    root = project(tmp_path)
    made = made_of(run(root))
    assert made.is_proven
    (revision,) = made.plan.revisions
    statements = [s for o in revision.operations for s in o.up]
    right = live_with(server, "right", "CREATE TABLE theirs (id int PRIMARY KEY, note text)")
    wrong = live_with(server, "wrong", "CREATE TABLE theirs (id bigint PRIMARY KEY, note text)")

    def apply(database: Database) -> None:
        with database.connect() as connection:
            for statement in statements:
                connection.execute(statement.encode())

    apply(right)
    with pytest.raises(psycopg.errors.RaiseException, match="already, in another shape"):
        apply(wrong)


def execute(connection: psycopg.Connection[Any], script: Iterable[str]) -> None:
    """As `psql -1` does."""
    with connection.transaction():
        for statement in script:
            connection.execute(statement.encode())


_NOTES = "CREATE TABLE notes (id int, note {})"
_WIDER = "ALTER TABLE notes ALTER note TYPE {}"


@pytest.mark.parametrize("by_hand", ["varchar(200)", "text", "varchar(60)"])
def test_a_type_that_was_changed_by_hand_stops_the_scripts(
    tmp_path: Path, server: ScratchServer, by_hand: str
) -> None:
    """On a database that nobody named: its values are as they were."""
    mine = [[(_NOTES.format("varchar(40)"), "DROP TABLE notes")]]
    theirs = [
        [(_NOTES.format("varchar(50)"), "DROP TABLE notes")],
        [(_WIDER.format("varchar(100)"), "SELECT 1")],
    ]
    made = made_of(run(write_project(tmp_path, alembic=mine, migrations=theirs)))
    assert [f"{p.state}: {p.failed}" for p in made.proofs if p.failed] == []
    revisions = [s for r in made.plan.revisions for o in r.operations for s in o.up]
    scripts = {
        "converge": (
            made.converge,
            "varchar(50)",
            ["character varying(100)", "character varying(50)"],
        ),
        "revisions": (
            revisions,
            "varchar(40)",
            ["character varying(100)", "character varying(40)"],
        ),
    }
    for name, (script, type_, known) in scripts.items():
        database = server.create_database(f"by_hand_{name}_{abs(hash(by_hand))}")
        value = "x" * 55
        with database.connect(autocommit=True) as connection:
            connection.execute(_NOTES.format(type_).encode())
            connection.execute(_WIDER.format(by_hand).encode())
            connection.execute("INSERT INTO notes VALUES (1, %s)", [value])
            with pytest.raises(psycopg.errors.RaiseException) as stopped:
                execute(connection, script)
            message = stopped.value.diag.message_primary
            assert message is not None
            assert message.startswith(
                "column public.notes.note has a type here that it has in no state that was proven "
                f"({', '.join(known)}), and to make it character varying(100) may lose values."
            )
            assert connection.execute("SELECT note FROM notes").fetchone() == (value,)
            # Changed back, it goes on.
            connection.execute(b"UPDATE notes SET note = 'short'")
            connection.execute(_WIDER.format(type_).encode())
            execute(connection, script)


def test_a_history_that_narrows_cuts_no_value(tmp_path: Path, server: ScratchServer) -> None:
    """A written cast would cut what is too long without a word."""
    mine = [[("CREATE TABLE mine ()", "DROP TABLE mine")]]
    theirs = [
        [(_NOTES.format("varchar(50)"), "DROP TABLE notes")],
        [(_WIDER.format("varchar(20)"), "SELECT 1")],
    ]
    made = made_of(run(write_project(tmp_path, alembic=mine, migrations=theirs)))
    database = server.create_database("narrowed")
    with database.connect(autocommit=True) as connection:
        connection.execute(_NOTES.format("varchar(50)").encode())
        connection.execute("INSERT INTO notes VALUES (1, %s)", ["x" * 30])
        with pytest.raises(psycopg.errors.StringDataRightTruncation):
            execute(connection, made.converge)
        assert connection.execute("SELECT length(note) FROM notes").fetchone() == (30,)


def test_a_version_table_of_its_own(tmp_path: Path) -> None:
    """That of the retired history stays where it is, and is in nobody's way."""
    root = project(tmp_path)
    env = root / "migrations/env.py"
    env.write_text(
        env.read_text().replace("connection=connection", "connection=connection, version_table='v'")
    )
    made = made_of(run(root))
    assert [p.failed for p in made.proofs if p.failed] == []


def test_ids_that_are_no_file_names(tmp_path: Path) -> None:
    root = project(tmp_path)
    path = root / "migrations/versions/migrations_1.py"
    path.write_text(path.read_text().replace('"migrations_1"', '"../en/v é"', 1))
    done = run(root, write=True)
    assert done.written
    assert [r.path for r in made_of(done).plan.revisions] == ["alembic/versions/__en_v_é_2.py"]


def test_what_an_earlier_consolidation_wrote_is_not_written_over(tmp_path: Path) -> None:
    root = project(tmp_path)
    (root / "alembic/CONSOLIDATION.md").write_text("the first")
    with pytest.raises(ConfigurationError, match=r"CONSOLIDATION\.md is there, from an earlier"):
        run(root, write=True)


def test_control_c_while_writing_takes_back_what_was_done(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "a.txt").write_text("a")
    (tmp_path / "b.txt").write_text("b")
    replaced = os.replace
    calls: list[object] = []

    def interrupted(old: Path, new: Path) -> None:
        calls.append(new)
        if len(calls) == 2:
            raise KeyboardInterrupt
        replaced(old, new)

    monkeypatch.setattr("pgassay.actions.write_files.os.replace", interrupted)
    with pytest.raises(KeyboardInterrupt):
        write_files(tmp_path, [FileChange("a.txt", "new"), FileChange("b.txt", "new")])
    assert {p.name: p.read_text() for p in tmp_path.iterdir()} == {"a.txt": "a", "b.txt": "b"}


@pytest.mark.parametrize(
    ("changes", "recorded"),
    [
        (
            ["CREATE FUNCTION f(x int) RETURNS int LANGUAGE sql IMMUTABLE AS 'SELECT x + 1'"],
            ["function public.f(integer)"],
        ),
        (
            [
                "CREATE VIEW z AS SELECT id, owner FROM accounts",
                "CREATE VIEW a AS SELECT id FROM z",
                "COMMENT ON VIEW a IS 'seen'",
            ],
            ["view public.z", "view public.a"],
        ),
        (
            [
                "CREATE TYPE mood AS ENUM ('good', 'bad')",
                "CREATE DOMAIN cents AS int CHECK (VALUE >= 0)",
                "ALTER TABLE accounts ADD mood mood, ADD left_over cents",
            ],
            [
                "enum public.mood",
                "domain public.cents",
                "column public.accounts.mood",
                "column public.accounts.left_over",
            ],
        ),
        (
            [
                "CREATE FUNCTION low() RETURNS trigger LANGUAGE plpgsql AS "
                "$$ BEGIN NEW.owner = lower(NEW.owner); RETURN NEW; END $$",
                "CREATE TRIGGER low BEFORE INSERT ON accounts FOR EACH ROW EXECUTE FUNCTION low()",
            ],
            ["function public.low()", "trigger public.accounts.low"],
        ),
        (
            [
                "CREATE MATERIALIZED VIEW sums AS SELECT owner, sum(id) FROM accounts GROUP BY 1",
                "CREATE UNIQUE INDEX sums_owner ON sums (owner)",
            ],
            ["materialized view public.sums"],
        ),
        (["CREATE SEQUENCE invoice_no START 1000"], ["sequence public.invoice_no"]),
    ],
    ids=["function", "views", "types", "trigger", "materialized view", "sequence"],
)
def test_what_was_made_by_hand_on_live_is_recorded(
    tmp_path: Path, server: ScratchServer, changes: list[str], recorded: list[str]
) -> None:
    root = project(tmp_path)
    live = live_with(server, f"live_made_{abs(hash(recorded[0]))}", *changes)
    done = run(root, live.url(), write=True)
    made = made_of(done)
    assert [f"{p.state}: {p.failed}" for p in made.proofs if p.failed] == []
    assert done.written
    (revision,) = [r for r in made.plan.revisions if r.id == "record_hotfixes"]
    assert [o.subject for o in revision.operations] == recorded
