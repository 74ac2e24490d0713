"""A package from the index in a virtual environment of its own, installed once a test run."""

from __future__ import annotations

import fcntl
import json
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from pgassay.postgres.binaries import find_binaries
from pgassay.postgres.scratch import Database

ORACLE = Path(__file__).parent / "alembic_oracle.py"


@dataclass(frozen=True)
class PackageEnvironment:
    folder: Path

    @property
    def python(self) -> str:
        return str(self.folder / "bin" / "python")

    def package(self, name: str) -> Path:
        """The folder of an installed package."""
        (found,) = self.folder.glob(f"lib/python3*/site-packages/{name}")
        return found

    def alembic(self, ini: Path, database: Database, *, handed: bool) -> dict[str, Any]:
        """What Alembic's own `upgrade heads` does on `database`, and what it says of the files."""
        way = "handed" if handed else "own"
        done = subprocess.run(
            [self.python, str(ORACLE), str(ini), driver_url(database), way],
            capture_output=True,
            text=True,
            check=True,
            timeout=120,
        )
        said: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
        return said


def install(folder: Path, requirements: tuple[str, ...]) -> PackageEnvironment:
    """Several processes of one test run may ask at once; the first installs."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    with folder.with_suffix(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        environment = PackageEnvironment(folder)
        done = folder / "installed"
        if not done.exists():
            _run([sys.executable, "-m", "venv", str(folder)])
            pip = [environment.python, "-m", "pip", "install", "--quiet"]
            _run([*pip, "--disable-pip-version-check", *requirements])
            done.touch()
    return environment


def _run(command: list[str]) -> None:
    """Without an index there is nothing to test; in CI that fails."""
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        pytest.skip(f"cannot be installed here: {done.stderr[-1000:]}")


def driver_url(database: Database) -> str:
    """For SQLAlchemy with psycopg2."""
    place = database.parameters
    where = f"host={place['host']}&port={place['port']}"
    return f"postgresql+psycopg2://{place['user']}@/{database.name}?{where}"


def dumped(database: Database) -> list[str]:
    """`pg_dump -s` without the version table, whose column is wide on scratch, and without what
    pg_dump says of itself: comments, and the key of its \\restrict."""
    pg_dump = find_binaries().program("pg_dump")
    assert pg_dump is not None
    done = subprocess.run(
        [str(pg_dump), "-s", "--exclude-table=alembic_version", database.url()],
        capture_output=True,
        text=True,
        check=True,
    )
    lines = done.stdout.splitlines()
    return [x for x in lines if x and not x.startswith(("--", "\\restrict", "\\unrestrict"))]
