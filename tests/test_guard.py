"""The guard in env.py stops what no safe gate stands behind: seen on real runs of Alembic."""

from __future__ import annotations

import ast
import hashlib
import itertools
import json
import shutil
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from pgassay.flows.check import CheckRequest, check
from pgassay.postgres.binaries import find_binaries
from pgassay.postgres.scratch import Database
from pgassay.postgres.scratch_server import ScratchServer
from tests.cli.pgassay_command import environment, pgassay

ROOT = Path(__file__).parents[1]
BASE = ROOT / "tests" / "cases" / "base"
HEAD = "0003_payments_by_day"
NUMBERS = itertools.count()
CONFIGURED = "context.configure(connection=connection, target_metadata=Base.metadata)\n"
ASYNC_ENV = """
import asyncio, os
from alembic import context
from sqlalchemy.ext.asyncio import create_async_engine
from pgassay.guard import require_safe

def migrate(connection):
    context.configure(connection=connection)
    require_safe()
    with context.begin_transaction():
        context.run_migrations()

async def online():
    url = os.environ["DATABASE_URL"].replace("+psycopg2", "+asyncpg")
    async with create_async_engine(url).connect() as connection:
        await connection.run_sync(migrate)

asyncio.run(online())
"""


@pytest.fixture(scope="module")
def server() -> Iterator[ScratchServer]:
    with ScratchServer(find_binaries()) as running:
        yield running


@pytest.fixture
def database(server: ScratchServer) -> Iterator[Database]:
    made = server.create_database(f"guarded_{next(NUMBERS)}")
    yield made
    server.drop_database(made)


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """The base of the cases, with the guard in its env.py."""
    root = tmp_path / "ledger"
    shutil.copytree(BASE, root, ignore=shutil.ignore_patterns("__pycache__"))
    env = root / "alembic" / "env.py"
    text = env.read_text()
    assert text.count(CONFIGURED) == 1
    text = text.replace(CONFIGURED, f"{CONFIGURED}        require_safe()\n")
    text = text.replace(
        "literal_binds=True)\n", "literal_binds=True)\n    require_safe()\n"
    ).replace("import os\n", "import os\nfrom pgassay.guard import require_safe\n")
    env.write_text(text)
    return root


def alembic(
    project: Path, database: Database, *arguments: str, **variables: str
) -> subprocess.CompletedProcess[str]:
    url = database.url().replace("postgresql://", "postgresql+psycopg2://")
    return subprocess.run(
        [sys.executable, "-m", "alembic", *arguments],
        cwd=project,
        env=environment({"DATABASE_URL": url, **variables}),
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def stamp(database: Database) -> list[str]:
    with database.connect() as connection:
        known = connection.execute("SELECT to_regclass('alembic_version') IS NOT NULL").fetchall()
        if not known[0][0]:
            return []
        return [r[0] for r in connection.execute("SELECT version_num FROM alembic_version")]


def identity(database: Database) -> dict[str, str]:
    with database.connect() as connection:
        rows = connection.execute(
            "SELECT d.oid, s.system_identifier FROM pg_database d, pg_control_system() s "
            "WHERE d.datname = %s",
            [database.name],
        ).fetchall()
    oid, system = rows[0]
    return {"name": database.name, "oid": str(oid), "system_identifier": str(system)}


def written(project: Path, database: Database, /, **changed: Any) -> Path:
    """A record as a safe gate writes it, but for `changed`; its hash is right."""
    record = {
        "schema_version": 1,
        "kind": "gate",
        "verdict": "safe",
        "time": datetime.now(UTC).isoformat(timespec="seconds"),
        "database": identity(database),
        "history": "alembic",
        "heads": [HEAD],
        "previous": None,
        **changed,
    }
    text = json.dumps(record, sort_keys=True, separators=(",", ":"))
    path = project / ".pgassay" / "gate.json"
    path.parent.mkdir(exist_ok=True)
    sealed = {**record, "hash": hashlib.sha256(text.encode()).hexdigest()}
    path.write_text(json.dumps(sealed))
    return path


def test_a_safe_gate_lets_the_upgrade_run(project: Path, database: Database) -> None:
    written(project, database)
    done = alembic(project, database, "upgrade", "head")
    assert done.returncode == 0, done.stderr
    assert "pgassay" not in done.stderr
    assert stamp(database) == [HEAD]


def hours_ago(hours: float) -> str:
    return (datetime.now(UTC) - timedelta(hours=hours)).isoformat()


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"verdict": "unsafe"}, "the last gate's verdict is UNSAFE"),
        ({"verdict": "clear"}, "the last gate's verdict is CLEAR"),
        ({"verdict": "unknown", "database": None}, "the last gate's verdict is UNKNOWN"),
        ({"time": hours_ago(25)}, "and must be of the last 24 hours"),
        ({"time": hours_ago(-1)}, "and must be of the last 24 hours"),
        ({"time": "yesterday"}, "and must be of the last 24 hours"),
        ({"heads": ["0002_payments"]}, "judged 0002_payments, and these files lead to 0003_pay"),
        ({"heads": []}, "judged no head"),
        ({"kind": "drill"}, "is no gate record"),
        ({"schema_version": 2}, "is of another version of pgassay"),
        ({"heads": None}, "lacks what a gate writes"),
    ],
)
def test_anything_else_stops_it(
    project: Path, database: Database, changed: dict[str, Any], message: str
) -> None:
    written(project, database, **changed)
    refused(project, database, message)


def refused(project: Path, database: Database, message: str, **variables: str) -> None:
    """Nothing was migrated, and the message names what failed, why it matters and what to do."""
    done = alembic(project, database, "upgrade", "head", **variables)
    assert done.returncode == 1
    assert message in done.stderr, done.stderr
    assert "pgassay stopped this migration: " in done.stderr
    assert "\n  why:  " in done.stderr
    assert "\n  next: " in done.stderr
    assert "Traceback" not in done.stderr
    assert stamp(database) == []


def test_no_record_stops_it(project: Path, database: Database) -> None:
    refused(project, database, "there is no gate record .pgassay/gate.json.")


def test_a_broken_record_stops_it(project: Path, database: Database) -> None:
    path = written(project, database)
    path.write_text(path.read_text()[:-20])
    refused(project, database, "cannot be read: it is not JSON")


def test_an_edited_record_stops_it(project: Path, database: Database) -> None:
    path = written(project, database, verdict="unsafe")
    path.write_text(path.read_text().replace('"unsafe"', '"safe"'))
    refused(project, database, "was changed after the gate wrote it")


@pytest.mark.parametrize("key", ["name", "oid", "system_identifier"])
def test_the_gate_of_another_database_stops_it(project: Path, database: Database, key: str) -> None:
    written(project, database, database={**identity(database), key: "1"})
    refused(project, database, f"and this is {database.name} (oid ")


def test_an_identity_that_could_not_be_read_is_no_identity(
    project: Path, database: Database
) -> None:
    written(project, database, database={**identity(database), "system_identifier": ""})
    refused(project, database, f"judged database {database.name} (oid ")


def test_a_variable_names_the_record_or_its_folder(
    project: Path, database: Database, tmp_path: Path
) -> None:
    kept = tmp_path / "evidence"
    kept.mkdir()
    path = written(project, database)
    path.rename(kept / "gate.json")
    refused(project, database, "there is no gate record")
    done = alembic(project, database, "upgrade", "head", PGASSAY_EVIDENCE=str(kept))
    assert done.returncode == 0, done.stderr
    assert stamp(database) == [HEAD]


def test_downgrade_and_stamp_are_stopped_too(project: Path, database: Database) -> None:
    written(project, database)
    assert alembic(project, database, "upgrade", "head").returncode == 0
    written(project, database, verdict="unsafe")
    for command in (["downgrade", "-1"], ["stamp", "0001_accounts"]):
        done = alembic(project, database, *command)
        assert (done.returncode, stamp(database)) == (1, [HEAD])
        assert "UNSAFE" in done.stderr


def test_what_only_reads_goes_on(project: Path, database: Database) -> None:
    written(project, database)
    assert alembic(project, database, "upgrade", "head").returncode == 0
    (project / ".pgassay" / "gate.json").unlink()
    assert f"{HEAD} (head)" in alembic(project, database, "current").stdout
    assert alembic(project, database, "check").returncode == 0


def test_offline_mode_goes_on(project: Path, database: Database) -> None:
    done = alembic(project, database, "upgrade", "head", "--sql")
    assert done.returncode == 0, done.stderr
    assert "CREATE TABLE accounts" in done.stdout
    assert stamp(database) == []


def test_off_needs_a_reason_and_is_loud(project: Path, database: Database) -> None:
    refused(project, database, "PGASSAY_GUARD=off gives no reason.", PGASSAY_GUARD="off")
    reason = "restore after the fire, A. Lovelace"
    done = alembic(
        project,
        database,
        *("upgrade", "head"),
        PGASSAY_GUARD="off",
        PGASSAY_GUARD_REASON=reason,
    )
    assert done.returncode == 0, done.stderr
    assert f"runs WITHOUT a safe gate.\nreason: {reason}\n" in done.stderr
    assert stamp(database) == [HEAD]


def test_before_configure_it_says_where_to_stand(project: Path, database: Database) -> None:
    env = project / "alembic" / "env.py"
    text = env.read_text().replace("        require_safe()\n", "")
    env.write_text(text.replace("config = context.config\n", "require_safe()\nconfig = 1\n"))
    refused(project, database, "was called before context.configure()")


def test_outside_alembic_it_says_so() -> None:
    code = "from pgassay.guard import require_safe; require_safe()"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert done.returncode == 1
    assert "was called outside Alembic" in done.stderr
    assert "Traceback" not in done.stderr


def test_an_async_env_is_stopped_and_let_through(project: Path, database: Database) -> None:
    (project / "alembic" / "env.py").write_text(ASYNC_ENV)
    refused(project, database, "there is no gate record")
    written(project, database)
    done = alembic(project, database, "upgrade", "head")
    assert done.returncode == 0, done.stderr
    assert stamp(database) == [HEAD]


def test_pgassays_own_runs_are_not_stopped(project: Path) -> None:
    """The scratch build needs no record, and the same project without the guard shows the same."""
    request = CheckRequest(root=project, python=sys.executable, select=("HIS",))
    guarded = check(request, progress=lambda _: None)
    assert [h["build"]["status"] for h in guarded.facts["histories"]] == ["built"]
    assert not [f for f in guarded.findings if f.code in ("HIS010", "HIS012")]


def test_the_gate_writes_the_record_that_is_judged(project: Path, database: Database) -> None:
    with database.connect(autocommit=True) as connection:
        connection.execute((BASE / "live.sql").read_bytes())
    gate = project / ".pgassay" / "gate.json"
    before = written(project, database)
    old = json.loads(before.read_text())["hash"]
    done = pgassay(
        *("check", project, "--gate", "--record", gate, "--python", sys.executable, "-q"),
        env={"DATABASE_URL": database.url()},
    )
    assert done.returncode == 3, done.stderr
    record = json.loads(gate.read_text())
    content = json.dumps(
        {k: v for k, v in record.items() if k != "hash"}, sort_keys=True, separators=(",", ":")
    )
    assert record["hash"] == hashlib.sha256(content.encode()).hexdigest()
    assert record["database"] == identity(database)
    assert (record["verdict"], record["heads"], record["history"]) == ("clear", [HEAD], "alembic")
    assert record["previous"] == old
    stopped = alembic(project, database, "upgrade", "head")
    assert stopped.returncode == 1
    assert "the last gate's verdict is CLEAR" in stopped.stderr
    # With the verdict that a complete gate gives, the same record lets it through.
    kept = {k: v for k, v in record.items() if k != "hash"}
    written(project, database, **{**kept, "verdict": "safe"})
    assert alembic(project, database, "upgrade", "head").returncode == 0


def test_a_gate_that_does_not_end_takes_back_the_last_one(
    project: Path, database: Database
) -> None:
    gate = written(project, database)
    (project / "pgassay.toml").write_text("[money\n")
    assert pgassay("check", project, "--gate", "--record", gate).returncode == 2
    assert json.loads(gate.read_text())["verdict"] == "unknown"
    refused(project, database, "the last gate's verdict is UNKNOWN")


def test_a_record_is_of_a_gate(project: Path) -> None:
    done = pgassay("check", project, "--record", project / "gate.json")
    assert done.returncode == 2
    assert "--record is of a gate" in done.stderr
    assert not (project / "gate.json").exists()


def test_the_guard_is_python_3_8_and_stands_alone() -> None:
    module = ast.parse((ROOT / "src/pgassay/guard.py").read_text(), feature_version=(3, 8))
    imported = {
        name.partition(".")[0]
        for node in ast.walk(module)
        if isinstance(node, ast.Import | ast.ImportFrom)
        for name in (
            [node.module or ""]
            if isinstance(node, ast.ImportFrom)
            else [alias.name for alias in node.names]
        )
    }
    assert imported <= {"__future__", "datetime", "hashlib", "json", "os", "sys", "typing"}
