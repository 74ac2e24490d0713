"""The child runs with SQLAlchemy from 1.4 and Alembic from 1.8 on, in Python from 3.8 on.

The oldest pair, in the oldest Python that is here, and the newest, be it a pre-release, get a
virtual environment each, which all tests of a run share.
"""

from __future__ import annotations

import fcntl
import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from shutil import which

import pytest

from pgassay.facts.model_rules import CarriedRules, ModelRules
from pgassay.facts.project import Project
from pgassay.flows.workshop import OpenWorkshop
from pgassay.sources.carried_rules import read_carried_rules
from pgassay.sources.histories import read_histories
from pgassay.sources.history_runs import Workshop
from pgassay.sources.project_files import read_project_files
from pgassay.sources.url_variables import read_url_variables
from tests.probe.conftest import NUMBERS, BuildProject, MakeProject
from tests.probe.test_lenient_run import columns, history, salvage, with_driver
from tests.probe.test_other_paths import paths, shown
from tests.probe.test_round_trip import trip

DRIVERS = {"oldest": ("psycopg2", "asyncpg"), "newest": ("psycopg2", "psycopg", "asyncpg")}
PACKAGES = {
    "oldest": ("sqlalchemy==1.4.0", "alembic==1.8.0", "psycopg2-binary", "asyncpg"),
    "newest": (
        *("--pre", "sqlalchemy[asyncio]", "alembic"),
        *("psycopg2-binary", "asyncpg", "psycopg[binary]"),
        *("pydantic-settings", "python-decouple", "environs", "starlette", "dynaconf"),
        "django-environ",
    ),
}
IN_USE = {"oldest": ("1.4.0", "1.8.0"), "newest": ("2.", "1.")}
CARRYING = """
from sqlalchemy import Column, Integer, MetaData
from sqlalchemy.orm import declarative_base

metadata = MetaData()
Base = declarative_base(metadata=metadata)


class Account(Base):
    __tablename__ = "accounts"
    __table_args__ = {"info": {"pgassay": {1, 1}}}
    id = Column(Integer, primary_key=True, info={"pgassay": [{"range": {"min": (1, "é")}}]})
"""
PAIRS = [(pair, driver) for pair, drivers in DRIVERS.items() for driver in drivers]

pytestmark = pytest.mark.parametrize(("pair", "driver"), PAIRS)


def oldest_python() -> str:
    """One from 3.8 on that can make virtual environments, ours at last."""
    versions = ("3.8", "3.9", "3.10")
    pyenv = Path(os.environ.get("PYENV_ROOT") or Path.home() / ".pyenv") / "versions"
    for version in versions:
        found = sorted(pyenv.glob(f"{version}.*/bin/python"))
        for python in (*map(str, found), which(f"python{version}")):
            tried = [python or "", "-c", "import venv, ensurepip"]
            if python and subprocess.run(tried, capture_output=True, check=False).returncode == 0:
                return python
    return sys.executable


def environment(pair: str, folder: Path) -> str:
    """The interpreter of the pair's environment; the first who asks makes it."""
    place = folder / pair
    python = place / "bin" / "python"
    with (folder / f"{pair}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (place / "made").exists():
            base = oldest_python() if pair == "oldest" else sys.executable
            subprocess.run([base, "-m", "venv", "--clear", str(place)], check=True)
            install = [str(python), "-m", "pip", "install", "-q", "--disable-pip-version-check"]
            done = subprocess.run(
                [*install, *PACKAGES[pair]], check=False, capture_output=True, text=True
            )
            assert done.returncode == 0, done.stderr
            (place / "made").touch()
    return str(python)


def with_environment(
    opened: OpenWorkshop, pair: str, folders: pytest.TempPathFactory
) -> OpenWorkshop:
    """The workshop with the pair's interpreter."""
    own = folders.getbasetemp()
    # Those of several workers lie in one folder.
    python = environment(pair, own.parent if "PYTEST_XDIST_WORKER" in os.environ else own)
    assert isinstance(opened.workshop, Workshop)
    return replace(opened, workshop=replace(opened.workshop, python=python))


@pytest.fixture
def shared_workshop(
    pair: str, shared_workshop: OpenWorkshop, tmp_path_factory: pytest.TempPathFactory
) -> OpenWorkshop:
    """With the pair's interpreter."""
    return with_environment(shared_workshop, pair, tmp_path_factory)


def test_the_versions_are_those(shared_workshop: OpenWorkshop, pair: str, driver: str) -> None:
    assert isinstance(shared_workshop.workshop, Workshop)
    asking = f"import alembic, sqlalchemy, {driver}; "
    asking += "print(sqlalchemy.__version__, alembic.__version__)"
    done = subprocess.run(
        [shared_workshop.workshop.python, "-c", asking], check=True, capture_output=True, text=True
    )
    for version, expected in zip(done.stdout.split(), IN_USE[pair], strict=True):
        assert version.startswith(expected)


def test_builds_goes_down_and_up_and_says_who_touched_what(
    make_project: MakeProject, shared_workshop: OpenWorkshop, build: BuildProject, driver: str
) -> None:
    root = history(
        make_project,
        "op.create_table('plans', sa.Column('id', sa.Integer, primary_key=True), "
        "sa.Column('mood', sa.Enum('ok', name='mood')))\n"
        "op.create_index('ix', 'plans', ['mood'])",
    )
    path = root / "alembic" / "versions" / "r1.py"
    path.write_text(f"{path.read_text()}\ndef downgrade():\n    op.drop_table('plans')\n")
    with_driver(root, driver)
    built, models = build(root, models=driver != "asyncpg")
    assert not hasattr(built, "reason"), built
    assert [(t.revision, t.action, t.kind, t.name) for t in built.touches or () if t.revision][
        -5:
    ] == [
        ("r1", "create", "sequence", "public.plans_id_seq"),
        ("r1", "create", "table", "public.plans"),
        ("r1", "create", "index", "public.plans_pkey"),
        ("r1", "alter", "sequence", "public.plans_id_seq"),
        ("r1", "create", "index", "public.ix"),
    ]
    if driver != "asyncpg":
        assert [t.name for t in models.tables] == ["accounts"]  # type: ignore[union-attr]
    found = trip(shared_workshop, root)
    assert [(t.revision, t.difference.subject) for t in found.left] == [("r1", "public.mood")]
    assert found.failed_on == "up again"


def test_going_on_after_failures_names_them_all(
    make_project: MakeProject, build: BuildProject, driver: str
) -> None:
    root = history(
        make_project,
        "op.execute('ALTER TABLE plans ADD note text')\nop.execute('SELECT 1 / 0')",
        "with op.get_context().autocommit_block():\n"
        "    op.execute('CREATE INDEX CONCURRENTLY ix ON nowhere (a)')\n"
        "op.execute('CREATE TABLE t (a int)')",
    )
    with_driver(root, driver)
    found = salvage(build, root)
    assert [(f.revision, f.error) for f in found.failures] == [
        ("r1", 'relation "plans" does not exist'),
        ("r1", "division by zero"),
        ("r2", 'relation "nowhere" does not exist'),
    ]
    assert [a.missing for a in found.assumed] == ['relation "plans"']
    assert columns(found, "t") == [("a", "integer")]


def test_another_state_is_tried(
    make_project: MakeProject, shared_workshop: OpenWorkshop, driver: str
) -> None:
    root = history(make_project, "op.execute('CREATE SEQUENCE IF NOT EXISTS numbers')")
    with_driver(root, driver)
    expected = [("r1", "", ["sequence public.numbers cycle"])]
    assert shown(paths(shared_workshop, root)) == expected


def test_models_tell_the_rules_that_they_carry(
    make_project: MakeProject, shared_workshop: OpenWorkshop, driver: str
) -> None:
    root = make_project()
    with_driver(root, driver)
    (root / "models.py").write_text(CARRYING)
    assert isinstance(shared_workshop.workshop, Workshop)
    files = read_project_files(root).paths
    histories = read_histories(root, files).histories
    project = Project(str(root), histories, read_url_variables(root, files))
    purpose = f"rules_{next(NUMBERS)}"
    found = read_carried_rules(
        shared_workshop.workshop, project, histories[0], "models:metadata", purpose
    )
    assert found == ModelRules(
        (
            CarriedRules(("public", "accounts"), "", "", "{1} is no text, number, list or mapping"),
            CarriedRules(("public", "accounts"), "id", '[{"range": {"min": [1, "\\u00e9"]}}]'),
        ),
        frozenset((("public", "accounts"),)),
    )


def test_what_fails_in_env_py_is_placed(
    make_project: MakeProject, build: BuildProject, driver: str
) -> None:
    root = make_project()
    with_driver(root, driver)
    env = root / "alembic" / "env.py"
    env.write_text(f"raise RuntimeError('boom')\n{env.read_text()}")
    built, _ = build(root)
    assert "RuntimeError: boom (alembic/env.py:1)" in getattr(built, "reason", "")
