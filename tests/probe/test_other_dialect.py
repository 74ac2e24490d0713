"""A project that names SQLite or MySQL: built on PostgreSQL where possible, else told why not."""

from __future__ import annotations

from pathlib import Path

import pytest

from pgassay.facts.catalog import Catalog
from pgassay.facts.history import Build, Salvage
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


LONGTEXT = (
    "from sqlalchemy.dialects import mysql\n"
    '    op.create_table("notes", sa.Column("text", mysql.LONGTEXT))'
)


@pytest.mark.parametrize(
    ("url", "body", "said"),
    [
        ("mysql://h/shop", LONGTEXT, "can't render element of type LONGTEXT"),
        ("mysql://h/shop", 'op.execute("ALTER TABLE `notes` MODIFY `text` LONGTEXT")', "syntax"),
        ("sqlite:///dev.db", 'op.execute("PRAGMA foreign_keys=OFF")', '"PRAGMA"'),
        (
            "sqlite:///dev.db",
            'op.get_bind().execute(sa.text("SELECT name FROM sqlite_master"))',
            '"sqlite_master"',
        ),
        (
            "sqlite:///dev.db",
            'op.create_table("t", sa.Column("b", sa.Boolean, server_default=sa.text("0")))',
            "boolean",
        ),
        (
            "sqlite:///dev.db",
            'op.create_table("Users", sa.Column("id", sa.Integer))\n'
            '    op.execute("UPDATE Users SET id = 1")',
            '"users"',
        ),
        (
            "sqlite:///dev.db",
            'raise RuntimeError(f"only SQLite has this: {object()}")',
            "only SQLite has this: <object object>",
        ),
    ],
)
def test_a_revision_for_another_dialect_only_shows_nothing_wrong(
    make_project: MakeProject, build: BuildProject, url: str, body: str, said: str
) -> None:
    built, _ = build(without_the_variable(make_project(body=body, url=url)))
    assert isinstance(built, Unavailable), built
    dialect = url.partition(":")[0]
    assert built.reason.startswith(
        f"Revision a1 of alembic/ is written for {dialect}, which the project names ({url} in "
        "alembic.ini:3), and PostgreSQL cannot run it: "
    )
    assert said in built.reason
    assert built.next_step.startswith("If alembic/ is deployed on PostgreSQL too, correct a1 ")
    assert "(alembic/versions/a1.py:" in built.next_step
    assert "so that it runs on both" in built.next_step
    assert " at 0x" not in built.reason + built.detail


@pytest.mark.parametrize(
    ("url", "body", "said"),
    [
        ("sqlite:///dev.db", 'op.execute("DELETE FROM plans")', 'relation "plans" does not exist'),
        ("mysql://h/shop", "undefined_name", "name 'undefined_name' is not defined"),
        (
            "mysql://h/shop",
            'op.create_table("accounts", sa.Column("id", sa.Integer))',
            'relation "accounts" already exists',
        ),
        # The project is for PostgreSQL, so what only MySQL has is a defect.
        ("", LONGTEXT, "PGTypeCompiler object> can't render element of type LONGTEXT"),
    ],
)
def test_what_fails_on_any_database_is_a_defect(
    make_project: MakeProject, build: BuildProject, url: str, body: str, said: str
) -> None:
    built, _ = build(without_the_variable(make_project(body=body, url=url)))
    assert isinstance(built, Build), built
    assert built.failure is not None
    assert built.failure.revision == "a1"
    assert said in built.failure.error
    assert str(built.failure.location).startswith("alembic/versions/a1.py:")


def test_behind_a_defect_what_is_for_another_dialect_is_none(
    make_project: MakeProject, build: BuildProject
) -> None:
    body = 'op.execute("DELETE FROM plans")\n    op.execute("CREATE TABLE `notes` (`id` INT)")'
    root = without_the_variable(make_project(body=body, url="mysql://h/shop"))
    built, _ = build(root, models=False, remedies={})
    assert isinstance(built, Build)
    assert isinstance(built.salvage, Salvage)
    assert [f.missing_object for f in built.salvage.failures] == ['relation "plans"']
