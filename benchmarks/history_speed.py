"""How fast histories are read and built, measured in one run; medians.

    python -m benchmarks.history_speed

- 500 revisions read from their files (limit: 1 s).
- 120 revisions, each a table, an index and a column, built on scratch with everything that each
  does written down, against `alembic upgrade heads` alone on the same server, each a process of
  its own (limit: 1.3 x).

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

from benchmarks.inspect_speed import Figure, tell
from pgassay.facts.history import Build
from pgassay.facts.project import Project
from pgassay.facts.unavailable import Unavailable
from pgassay.postgres.binaries import find_binaries
from pgassay.postgres.scratch_server import ScratchServer
from pgassay.sources.builds import build_history
from pgassay.sources.histories import read_histories
from pgassay.sources.history_runs import Workshop
from pgassay.sources.project_files import read_project_files
from pgassay.sources.url_variables import read_url_variables

_ENV = """
import os
from alembic import context
from sqlalchemy import create_engine

with create_engine(os.environ["DATABASE_URL"]).connect() as connection:
    context.configure(connection=connection)
    with context.begin_transaction():
        context.run_migrations()
"""
_REVISION = '''"""Step {n}."""
import sqlalchemy as sa
from alembic import op

revision = "r{n:04d}"
down_revision = {parent}


def upgrade():
    op.create_table("t{n}", sa.Column("id", sa.Integer, primary_key=True), sa.Column("a", sa.Text))
    op.create_index("ix_t{n}", "t{n}", ["a"])
    op.add_column("t{n}", sa.Column("b", sa.Numeric(12, 2)))


def downgrade():
    op.drop_table("t{n}")
'''


def main() -> int:
    """Print each figure beside its aim; 1 when one is missed."""
    missed = [not tell(*figure) for figure in _figures()]
    return int(any(missed))


def _figures() -> Iterator[Figure]:
    with tempfile.TemporaryDirectory(prefix="pgassay-benchmark-") as folder:
        yield _reading(_project(Path(folder) / "many", 500))
        yield _building(_project(Path(folder) / "some", 120))


def _project(root: Path, revisions: int) -> Path:
    versions = root / "alembic" / "versions"
    versions.mkdir(parents=True)
    (root / "alembic.ini").write_text("[alembic]\nscript_location = alembic\n")
    (root / "alembic" / "env.py").write_text(_ENV)
    for n in range(1, revisions + 1):
        parent = f'"r{n - 1:04d}"' if n > 1 else None
        (versions / f"r{n:04d}.py").write_text(_REVISION.format(n=n, parent=parent))
    return root


def _read(root: Path) -> Project:
    files = read_project_files(root).paths
    histories = read_histories(root, files).histories
    return Project(str(root), histories, read_url_variables(root, files))


def _reading(root: Path) -> Figure:
    taken = []
    for _ in range(5):
        began = time.perf_counter()
        project = _read(root)
        taken.append(time.perf_counter() - began)
    assert len(project.histories[0].revisions) == 500
    return ("500 revisions read from their files", statistics.median(taken), 1.0, "s")


def _building(root: Path) -> Figure:
    project, ours, theirs = _read(root), [], []
    with ScratchServer(find_binaries()) as server:
        workshop = Workshop(
            sys.executable,
            lambda command: command,
            server.create_database,
            lambda *_: Unavailable("catalog", "not read: it is no part of this figure"),
            300.0,
        )
        for number in range(5):
            began = time.perf_counter()
            built = build_history(workshop, project, project.histories[0], f"ours_{number}").build
            ours.append(time.perf_counter() - began)
            assert isinstance(built, Build), built
            assert built.failure is None
            assert built.touches
            database = server.create_database(f"theirs_{number}")
            began = time.perf_counter()
            subprocess.run(
                [sys.executable, "-m", "alembic", "upgrade", "heads"],
                cwd=root,
                env={**os.environ, "DATABASE_URL": database.url("psycopg2")},
                check=True,
                capture_output=True,
            )
            theirs.append(time.perf_counter() - began)
    ratio = statistics.median(ours) / statistics.median(theirs)
    return ("120 revisions built / alembic upgrade", ratio, 1.3, "x")


if __name__ == "__main__":
    raise SystemExit(main())
