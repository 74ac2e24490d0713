"""A tiny Alembic project and a scratch server to build it on."""

from __future__ import annotations

import itertools
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from pgassay.facts.catalog import Catalog
from pgassay.facts.history import Build
from pgassay.facts.project import Project
from pgassay.facts.remedy import Remedy
from pgassay.facts.settings import ProbeSettings, Settings
from pgassay.facts.unavailable import Unavailable
from pgassay.flows.scratch_once import ScratchOnce
from pgassay.flows.workshop import OpenWorkshop, workshop_on
from pgassay.sources.builds import build_history
from pgassay.sources.histories import read_histories
from pgassay.sources.history_runs import Workshop
from pgassay.sources.project_files import read_project_files
from pgassay.sources.url_variables import read_url_variables

ENV = """
import os
from alembic import context
from sqlalchemy import MetaData, Table, Column, Integer, create_engine

metadata = MetaData()
Table("accounts", metadata, Column("id", Integer, primary_key=True))
url = os.environ.get("DATABASE_URL") or context.config.get_main_option("sqlalchemy.url")
with create_engine(url).connect() as connection:
    context.configure(connection=connection, target_metadata=metadata)
    with context.begin_transaction():
        context.run_migrations()
"""
REVISION = '''
"""First."""
import sqlalchemy as sa
from alembic import op
revision = "a1"
down_revision = None

def upgrade():
    {body}
    op.create_table("accounts", sa.Column("id", sa.Integer, primary_key=True))

def downgrade():
    op.drop_table("accounts")
'''

NUMBERS = itertools.count()

MakeProject = Callable[..., Path]
BuildProject = Callable[..., "tuple[Build | Unavailable, Catalog | Unavailable | None]"]


@pytest.fixture
def make_project(tmp_path: Path) -> MakeProject:
    """Write the project; `body` goes into upgrade(), `env` before env.py."""

    def make(*, body: str = "pass", env: str = "", url: str = "") -> Path:
        (tmp_path / "alembic" / "versions").mkdir(parents=True)
        (tmp_path / "alembic.ini").write_text(
            f"[alembic]\nscript_location = alembic\nsqlalchemy.url = {url}\n"
        )
        (tmp_path / "alembic" / "env.py").write_text(env + ENV)
        (tmp_path / "alembic" / "versions" / "a1.py").write_text(REVISION.format(body=body))
        return tmp_path

    return make


@pytest.fixture(scope="session")
def shared_workshop() -> Iterator[OpenWorkshop]:
    nothing = Unavailable("database", "none in this test")
    root = Path(__file__).parent
    settings = Settings(probe=ProbeSettings(time_limit_s=20))
    with ScratchOnce() as scratch:
        opened = workshop_on(scratch, root, settings, sys.executable, nothing)
        assert isinstance(opened.workshop, Workshop), opened.workshop
        yield opened


@pytest.fixture
def build(shared_workshop: OpenWorkshop) -> BuildProject:
    """Build the only history of a project; `isolated`, `time_limit_s` and `environment` replace the
    workshop's."""

    def run(
        root: Path,
        *,
        models: bool = True,
        isolated: Callable[[Sequence[str]], Sequence[str]] | None = None,
        time_limit_s: float = 20,
        remedies: Mapping[str, Remedy] | None = None,
        environment: Mapping[str, str] | None = None,
    ) -> tuple[Build | Unavailable, Catalog | Unavailable | None]:
        workshop = shared_workshop.workshop
        assert isinstance(workshop, Workshop)
        workshop = replace(
            workshop,
            isolated=isolated or workshop.isolated,
            time_limit_s=time_limit_s,
            environment=environment or {},
        )
        files = read_project_files(root).paths
        histories = read_histories(root, files).histories
        project = Project(str(root), histories, read_url_variables(root, files))
        purpose = f"built_{next(NUMBERS)}"
        built = build_history(
            workshop, project, project.histories[0], purpose, models=models, remedies=remedies
        )
        return built.build, built.models

    return run
