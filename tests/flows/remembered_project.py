"""A project whose code reads all that code can read, and what counts how often it is run."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from pgassay.flows import scratch_once
from pgassay.postgres.binaries import Binaries
from pgassay.postgres.scratch_server import ScratchServer
from pgassay.probe import launch
from pgassay.sources import history_runs

_ENV = """
import os
from pathlib import Path

from alembic import context
from sqlalchemy import create_engine

from app import models

PLUGINS = sorted(os.listdir("plugins"))
OLDEST = min(entry.stat().st_mtime for entry in os.scandir("queue"))
if os.path.exists(".env"):
    print("there are settings")
if Path("../outside.env").is_file():
    print("there are settings outside")
os.environ.get("APP_MODE", "")
"APP_FLAG" in os.environ

with create_engine(os.environ["DATABASE_URL"]).connect() as connection:
    context.configure(connection=connection, target_metadata=models.metadata)
    with context.begin_transaction():
        context.run_migrations()
"""
_MODELS = """
from sqlalchemy import Column, Integer, MetaData, Table

metadata = MetaData()
Table("accounts", metadata, Column("id", Integer, primary_key=True))
"""
REVISION = '''
"""{id}"""
from pathlib import Path

from alembic import op

revision = "{id}"
down_revision = {down!r}


def upgrade():
    {body}
    op.execute("CREATE TABLE {table} (id integer PRIMARY KEY)")


def downgrade():
    op.drop_table("{table}")
'''
READS_DATA = 'Path("data/seed.csv").read_text()'


class RememberedProject:
    """`library` is a folder on PYTHONPATH, outside the project."""

    def __init__(self, folder: Path) -> None:
        self.root = folder / "project"
        self.library = folder / "library"
        self.library.mkdir()
        self.write("pgassay.toml", "[probe]\ntime_limit_s = 30\n")
        self.write("alembic.ini", "[alembic]\nscript_location = alembic\n")
        self.write("alembic/env.py", _ENV)
        self.write("app/__init__.py", "")
        self.write("app/models.py", _MODELS)
        self.write("plugins/one.py", "")
        self.write("queue/one.sql", "")
        self.write("data/seed.csv", "1,2\n")
        self.add("a1", None, "accounts", READS_DATA)

    def write(self, path: str, text: str) -> None:
        place = self.root / path
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(text)

    def append(self, path: str, text: str) -> None:
        with (self.root / path).open("a") as file:
            file.write(text)

    def add(self, id: str, down: str | None, table: str, body: str = "pass") -> None:
        text = REVISION.format(id=id, down=down, table=table, body=body)
        self.write(f"alembic/versions/{id}.py", text)


@dataclass
class RunCount:
    """How many scratch servers were started, and how many children ran."""

    servers: int = 0
    children: int = 0

    @classmethod
    def watch(cls, patch: pytest.MonkeyPatch) -> RunCount:
        count = cls()
        run = launch.run_child

        def child(*arguments: Any, **values: Any) -> Any:
            count.children += 1
            return run(*arguments, **values)

        def server(binaries: Binaries) -> ScratchServer:
            count.servers += 1
            return ScratchServer(binaries)

        patch.setattr(history_runs, "run_child", child)
        patch.setattr(scratch_once, "ScratchServer", server)
        return count

    def taken(self) -> tuple[int, int]:
        """(servers, children) since the last time."""
        found = (self.servers, self.children)
        self.servers = self.children = 0
        return found
