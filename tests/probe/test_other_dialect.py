"""A project that names SQLite or MySQL: built on PostgreSQL where possible, else told why not."""

from __future__ import annotations

from pathlib import Path

import pytest

from pgassay.facts.catalog import Catalog
from pgassay.facts.history import Build
from pgassay.facts.unavailable import Unavailable
from tests.probe.conftest import BuildProject, MakeProject


def without_the_variable(root: Path) -> Path:
    """env.py takes only what the ini says."""
    env = root / "alembic" / "env.py"
    env.write_text(env.read_text().replace('os.environ.get("DATABASE_URL") or ', ""))
    return root


@pytest.mark.parametrize("url", ["sqlite:///dev.db", "mysql+pymysql://app@db.example/shop"])
def test_an_ini_of_another_dialect_is_built_on_postgresql(
    make_project: MakeProject, build: BuildProject, url: str
) -> None:
    built, models = build(without_the_variable(make_project(url=url)))
    assert isinstance(built, Build), built
    assert built.requested_url == url
    assert isinstance(built.catalog, Catalog)
    assert [t.name for t in built.catalog.tables] == ["accounts"]
    assert isinstance(models, Catalog)


def test_its_password_is_masked(make_project: MakeProject, build: BuildProject) -> None:
    url = "mysql://app:Tr0ub4dor%%21@db.example/shop"
    built, _ = build(without_the_variable(make_project(url=url)))
    assert isinstance(built, Build)
    assert built.requested_url == "mysql://app:***@db.example/shop"


def test_nothing_is_said_where_env_py_takes_the_variable(
    make_project: MakeProject, build: BuildProject
) -> None:
    root = make_project(url="sqlite:///dev.db")
    (root / "compose.yml").write_text("DATABASE_URL: sqlite:///other.db\n")
    built, _ = build(root)
    assert isinstance(built, Build), built
    assert (built.requested_url, built.url_variable) == ("", "DATABASE_URL")


def test_a_variable_that_holds_another_dialect_is_given_postgresql(
    make_project: MakeProject, build: BuildProject, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DATABASE_URL", "sqlite:///dev.db")
    root = make_project()
    (root / "settings.py").write_text('import os\nurl = os.environ["DATABASE_URL"]\n')
    built, _ = build(root)
    assert isinstance(built, Build), built
    assert built.url_variable == "DATABASE_URL"


@pytest.mark.parametrize(
    ("url", "shown", "dialect"),
    [
        ("mysql+pymysql://app:Tr0ub4dor@db.example:3307/shop", "app:***@db.example:3307", "mysql"),
        ("sqlite:////data/dev.db", "sqlite:////data/dev.db", "sqlite"),
    ],
)
def test_an_engine_that_env_py_makes_itself_is_told(
    make_project: MakeProject, build: BuildProject, url: str, shown: str, dialect: str
) -> None:
    own = f"from sqlalchemy import create_engine\ncreate_engine({url!r}).connect()\n"
    built, models = build(make_project(env=own))
    assert isinstance(built, Unavailable)
    assert shown in built.reason
    assert "alembic/env.py:2" in built.reason
    assert f"{dialect} is not PostgreSQL" in built.reason
    assert "[project] exclude" in built.next_step
    assert "Tr0ub4dor" not in built.reason + built.detail.partition("create_engine")[0]
    assert isinstance(models, Unavailable)


def test_a_revision_for_another_dialect_is_named(
    make_project: MakeProject, build: BuildProject
) -> None:
    body = (
        "from sqlalchemy.dialects import mysql\n"
        '    op.create_table("notes", sa.Column("text", mysql.LONGTEXT))'
    )
    built, _ = build(without_the_variable(make_project(body=body, url="mysql://h/shop")))
    assert isinstance(built, Build)
    assert built.failure is not None
    assert built.failure.revision == "a1"
    assert "LONGTEXT" in built.failure.error
    assert str(built.failure.location) == "alembic/versions/a1.py:10"
