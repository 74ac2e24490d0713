"""The worked example: MITA Finance's production, built on an embedded server and assayed."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

from pgassay.flows.check import CheckRequest, check
from pgassay.flows.wanted import Progress
from pgassay.postgres.binaries import NoServerBinaries, find_binaries
from pgassay.postgres.scratch import ScratchFailed
from pgassay.postgres.scratch_server import ScratchServer
from pgassay.verdict import Report, Verdict

# What the case must end with; anything else means that pgassay, or the example, is broken.
EXPECTED = frozenset(
    (
        "HIS001",
        "HIS002",
        "HIS003",
        "HIS010",
        "HIS012",
        "DRF001",
        "DRF002",
        "DRF003",
        "DRF005",
        "MON001",
        "MON003",
        "SEC001",
    )
)
PLANTED = "planted.json"
_NEEDS = ("alembic", "sqlalchemy", "psycopg2", "asyncpg")


class DemoFailed(Exception):
    """The demo could not be played. The message says why and what to do."""


@dataclass(frozen=True, slots=True)
class Demo:
    """`folder` holds the project's copy and the reports; `url` is production's, while it runs."""

    folder: Path
    project: Path
    url: str
    report: Report

    @property
    def as_expected(self) -> bool:
        found = {f.code for f in self.report.findings}
        return self.report.verdict is Verdict.UNSAFE and found >= EXPECTED


@contextmanager
def play(folder: Path | None, progress: Progress, data: Sequence[str] = ()) -> Iterator[Demo]:
    """Copy the example into `folder` (or a new one), build its production and check it.

    `data` are arguments for the example's generator: with any, production is filled with its rows
    instead of the usual few hundred, and what is planted stands in `planted.json` beside the
    reports. Production runs as long as the block. Raises DemoFailed.
    """
    missing = [name for name in _NEEDS if find_spec(name) is None]
    if missing:
        raise DemoFailed(
            f"The example needs {', '.join(missing)}: run `pip install 'pgassay[demo]'`."
        )
    if data:
        # Before anything is made: the generator names all wrong arguments at once.
        _run(example(), "generate_data.py", *data, "--dry-run")
    home = _new_folder(folder)
    project = home / "mita_finance"
    progress("Copying the example")
    shutil.copytree(example(), project, ignore=shutil.ignore_patterns("__pycache__"))
    try:
        progress("Starting production's server")
        with ScratchServer(find_binaries()) as server:
            progress("Building MITA Finance's production")
            database = server.create_database("mita")
            no_rows = ("--no-rows",) if data else ()
            _run(project, "build_production.py", "--url", database.url(), *no_rows)
            if data:
                progress("Filling it with rows")
                url, truth = ("--url", database.url()), ("--truth", str(home / PLANTED))
                _run(project, "generate_data.py", *url, *truth, *data)
            report = check(
                CheckRequest(root=project, database_url=database.url(), python=sys.executable),
                progress,
            )
            yield Demo(home, project, database.url(), report)
    except (NoServerBinaries, ScratchFailed) as failed:
        raise DemoFailed(str(failed)) from failed


def example() -> Path:
    """Where the example's files are: in the package, or in the source tree beside it."""
    package = Path(__file__).parents[1]
    for place in (package / "examples", package.parents[1] / "examples"):
        if (place / "mita_finance" / "alembic.ini").is_file():
            return place / "mita_finance"
    raise DemoFailed("The example's files are not installed; install pgassay again.")


def _new_folder(folder: Path | None) -> Path:
    if folder is None:
        return Path(tempfile.mkdtemp(prefix="pgassay-demo-"))
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise DemoFailed(f"{folder} is not empty; name a new folder with --keep.")
    folder.mkdir(parents=True, exist_ok=True)
    return folder.resolve()


def _run(project: Path, script: str, *arguments: str) -> None:
    done = subprocess.run(
        [sys.executable, str(project / "production" / script), *arguments],
        cwd=project,
        capture_output=True,
        text=True,
        env={**os.environ, "PYTHONDONTWRITEBYTECODE": "1"},
    )
    if done.returncode:
        raise DemoFailed(f"production/{script} could not do its part:\n{done.stderr.strip()}")
