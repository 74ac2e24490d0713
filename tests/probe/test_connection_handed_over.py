"""An env.py that wants its connection from whoever calls Alembic gets one of scratch."""

from __future__ import annotations

from pathlib import Path

import pytest

from pgassay.facts.catalog import Catalog
from pgassay.facts.history import Build, HandedOver
from pgassay.facts.unavailable import Unavailable
from tests.probe.conftest import BuildProject, MakeProject

CONFIGURE = """
context.configure(connection=connection, target_metadata=None)
with context.begin_transaction():
    context.run_migrations()
"""


def given(root: Path, lines: str) -> Path:
    (root / "alembic" / "env.py").write_text(f"from alembic import context\n{lines}\n{CONFIGURE}")
    return root


@pytest.mark.parametrize(
    ("lines", "names", "kind", "why"),
    [
        (
            'connection = context.config.attributes["connection"]',
            ("connection",),
            "connection",
            "KeyError: 'connection'",
        ),
        (
            'connection = context.config.attributes.get("connection")\n'
            'if connection is None:\n    raise RuntimeError("call it from the program")',
            ("connection",),
            "connection",
            "RuntimeError: call it from the program",
        ),
        (
            'if "connectable" not in context.config.attributes:\n    raise SystemExit(2)\n'
            'connection = context.config.attributes["connectable"].connect()',
            ("connectable",),
            "engine",
            "SystemExit: 2",
        ),
        (
            'connection = context.config.attributes.pop("engine").connect()',
            ("engine",),
            "engine",
            "KeyError: 'engine'",
        ),
    ],
)
def test_it_is_given_what_it_looks_for(
    make_project: MakeProject,
    build: BuildProject,
    lines: str,
    names: tuple[str, ...],
    kind: str,
    why: str,
) -> None:
    built, _ = build(given(make_project(), lines), models=False)
    assert isinstance(built, Build), built
    assert built.handed_over == HandedOver(names, kind, why)
    assert isinstance(built.catalog, Catalog)
    assert [t.name for t in built.catalog.tables] == ["accounts"]


def test_a_transaction_that_env_py_began_is_committed(
    make_project: MakeProject, build: BuildProject
) -> None:
    lines = (
        'from sqlalchemy import text\nconnection = context.config.attributes["connection"]\n'
        'connection.execute(text("SELECT 1"))'
    )
    built, _ = build(given(make_project(), lines), models=False)
    assert isinstance(built, Build), built
    assert isinstance(built.catalog, Catalog)
    assert [t.name for t in built.catalog.tables] == ["accounts"]


def test_autocommit_where_a_statement_needs_it(
    make_project: MakeProject, build: BuildProject
) -> None:
    body = (
        'op.create_table("notes", sa.Column("id", sa.Integer))\n'
        '    op.create_index("by_id", "notes", ["id"], postgresql_concurrently=True)'
    )
    root = given(make_project(body=body), 'connection = context.config.attributes["connection"]')
    built, _ = build(root, models=False)
    assert isinstance(built, Build), built
    assert built.failure is None, built.failure
    assert built.handed_over is not None
    assert built.handed_over.kind == "connection in autocommit"
    made = [s.sql for s in built.statements if "CREATE TABLE notes" in s.sql]
    assert len(made) == 1


def test_one_that_makes_its_own_is_left_alone(
    make_project: MakeProject, build: BuildProject
) -> None:
    """Alembic's cookbook: an engine of its own, where none was handed over."""
    lines = (
        "import os\nfrom sqlalchemy import create_engine\n"
        'connection = context.config.attributes.get("connection", None)\n'
        "if connection is None:\n"
        '    connection = create_engine(os.environ["DATABASE_URL"]).connect()'
    )
    root = given(make_project(), lines)
    (root / "compose.yml").write_text("DATABASE_URL: postgresql+psycopg2://db.example/app\n")
    built, _ = build(root, models=False)
    assert isinstance(built, Build), built
    assert built.handed_over is None
    assert built.url_variable == "DATABASE_URL"


def test_what_fails_for_another_reason_says_so(
    make_project: MakeProject, build: BuildProject
) -> None:
    lines = 'context.config.attributes.get("connection")\nraise RuntimeError("boom")\n'
    built, _ = build(given(make_project(), lines), models=False)
    assert isinstance(built, Unavailable)
    assert "RuntimeError: boom (alembic/env.py:3)" in built.reason
