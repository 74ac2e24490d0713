"""The packages under test, a server, and what Alembic itself makes of their histories there."""

from __future__ import annotations

import itertools
import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from pgassay.postgres.binaries import find_binaries
from pgassay.postgres.scratch import Database
from pgassay.postgres.scratch_server import ScratchServer
from tests.packages.package_environment import PackageEnvironment, install

# What is found in them is expected to the last finding, so the versions are fixed.
_ALWAYS = ("alembic==1.20.1", "psycopg2-binary==2.9.13", "sqlalchemy==2.1.9")
_REQUIREMENTS = {
    "optuna": ("optuna==5.0.0", *_ALWAYS),
    "models": ("flask-sqlalchemy==3.1.1", "sqlmodel==0.0.50", *_ALWAYS),
    "dagster": ("dagster==1.13.27", "dagster-postgres==0.29.27", *_ALWAYS),
}
_NUMBERS = itertools.count()

Environments = Callable[[str], PackageEnvironment]


@dataclass(frozen=True)
class Upgraded:
    """What Alembic said, and the database that it upgraded."""

    said: dict[str, Any]
    database: Database


@pytest.fixture(scope="session")
def environments(tmp_path_factory: pytest.TempPathFactory) -> Environments:
    """Each is installed when first asked for, once for all processes of a run."""
    base = tmp_path_factory.getbasetemp()
    shared = base.parent if "PYTEST_XDIST_WORKER" in os.environ else base
    return lambda name: install(shared / "packages" / name, _REQUIREMENTS[name])


@pytest.fixture(scope="session")
def server() -> Iterator[ScratchServer]:
    with ScratchServer(find_binaries()) as running:
        yield running


@pytest.fixture(scope="session")
def upgraded(
    environments: Environments, server: ScratchServer
) -> Callable[[str, Path, bool], Upgraded]:
    """By environment, ini and whether env.py wants a connection handed over; each once."""
    known: dict[Path, Upgraded] = {}

    def upgrade(name: str, ini: Path, handed: bool) -> Upgraded:
        if ini not in known:
            database = server.create_database(f"alembic_{next(_NUMBERS)}")
            said = environments(name).alembic(ini, database, handed=handed)
            known[ini] = Upgraded(said, database)
        return known[ini]

    return upgrade
