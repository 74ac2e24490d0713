"""A history that makes an extension is executed on a server here that has it."""

from __future__ import annotations

from pathlib import Path

import pytest

from pgassay.facts.project import Project
from pgassay.flows.check import CheckRequest, check
from pgassay.flows.history_list import HistoryListRequest, history_list
from pgassay.flows.schema_sides import World
from pgassay.postgres.binaries import all_binaries, find_binaries
from pgassay.sources.histories import read_histories
from pgassay.sources.migration_systems import read_migration_systems
from pgassay.sources.named_extensions import named_extensions
from pgassay.sources.project_files import read_project_files

ENV = """
import os
from alembic import context
from sqlalchemy import create_engine

with create_engine(os.environ["DATABASE_URL"]).connect() as connection:
    context.configure(connection=connection)
    with context.begin_transaction():
        context.run_migrations()
"""


def written(root: Path, *statements: str) -> Path:
    body = "".join(f"    {statement}\n" for statement in statements)
    (root / "alembic" / "versions").mkdir(parents=True)
    (root / "alembic.ini").write_text("[alembic]\nscript_location = alembic\n")
    (root / "alembic" / "env.py").write_text(ENV)
    (root / "pgassay.toml").write_text("[models]\nnone = true\n")
    (root / "alembic" / "versions" / "a1.py").write_text(
        f"from alembic import op\nrevision = 'a1'\ndown_revision = None\n\ndef upgrade():\n{body}"
    )
    return root


def test_the_extensions_that_migrations_name(tmp_path: Path) -> None:
    root = written(
        tmp_path,
        "op.execute('CREATE EXTENSION IF NOT EXISTS \"uuid-ossp\"')",
        'op.execute("create extension pgcrypto; CREATE EXTENSION \\"cube\\"")',
        "# CREATE EXTENSION nothing",
        "op.create_entity(PGExtension(schema='public', signature='hstore'))",
        "op.execute(f'CREATE EXTENSION {name}')",
    )
    (root / "db" / "migrate").mkdir(parents=True)
    for number, text in enumerate(("CREATE EXTENSION postgis;", "-- CREATE EXTENSION no"), 1):
        (root / "db" / "migrate" / f"V{number}__x.sql").write_text(f"{text}\nSELECT 1;\n")
    files = read_project_files(root).paths
    histories = read_histories(root, files).histories
    systems = read_migration_systems(root, files, histories).systems
    assert named_extensions(root, Project(str(root), histories, systems=systems)) == {
        "uuid-ossp",
        "pgcrypto",
        "cube",
        "hstore",
        "postgis",
    }


LACKED = find_binaries().lacking(("pgcrypto", "sslinfo", "uuid-ossp", "xml2", "vector"))
GAINED = sorted(e for e in LACKED if any(not b.lacking([e]) for b in all_binaries()))


@pytest.mark.skipif(not GAINED, reason="the usual installation has all that any here has")
def test_the_server_that_has_it_is_taken(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("DATABASE_URL", "PGHOST", "PGDATABASE"):
        monkeypatch.delenv(name, raising=False)
    root = written(tmp_path, f"op.execute('CREATE EXTENSION \"{GAINED[0]}\"')")
    report = check(CheckRequest(root, select=("HIS010",)), lambda _: None)
    assert report.unavailable == ()
    assert report.findings == ()
    scratch = report.facts["scratch"]
    assert scratch["origin"].endswith(f", for the extension {GAINED[0]}")
    assert scratch["version"] != find_binaries().version
    [listed] = history_list(HistoryListRequest(World(root)), lambda _: None).histories
    assert listed.build == "built"


def test_where_none_has_it_that_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("DATABASE_URL", "PGHOST", "PGDATABASE"):
        monkeypatch.delenv(name, raising=False)
    root = written(tmp_path, "op.execute('CREATE EXTENSION nowhere_to_be_had')")
    report = check(CheckRequest(root, select=("HIS010",)), lambda _: None)
    assert report.findings == ()
    assert "has not the extension nowhere_to_be_had" in report.unavailable[0].reason
    assert report.facts["scratch"]["origin"] == find_binaries().origin
