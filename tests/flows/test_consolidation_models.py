"""What the models lack of the union is proposed as a change that was tried on scratch."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from pgassay.analysis.consolidation.model_text import model_with, with_model
from pgassay.analysis.python_imports import importing
from pgassay.facts.catalog import Column, Constraint, Index
from pgassay.facts.consolidation import Consolidation
from pgassay.flows.check import CheckRequest, check
from pgassay.flows.consolidate import ConsolidateRequest, consolidate
from pgassay.flows.schema_sides import World
from tests.flows.two_histories import ENV, write_project

_MODELS = """from sqlalchemy import Column, Integer, MetaData, Text
from sqlalchemy.orm import declarative_base

Base = declarative_base({convention})


class User(Base):
    __tablename__ = 'users'

    id = Column(Integer, primary_key=True)
    email = Column(Text)
"""
_USERS = "CREATE TABLE users (id serial PRIMARY KEY, email text)"
_MORE = (
    "ALTER TABLE users ADD COLUMN country varchar(2) DEFAULT 'US' NOT NULL",
    "ALTER TABLE users ADD CONSTRAINT {name} CHECK (length(country) = 2)",
    "ALTER TABLE users ADD CONSTRAINT users_email_key UNIQUE (email)",
    "CREATE INDEX ix_users_country ON users (country, email) WHERE country <> 'US'",
    "CREATE TABLE orders (id serial PRIMARY KEY, user_id integer NOT NULL "
    "REFERENCES users (id) ON DELETE CASCADE, total numeric(12,2))",
)


def proposed(
    root: Path, *more: str, convention: str = "", check: str = "ck_country"
) -> Consolidation:
    theirs = [(sql.format(name=check), "SELECT 1") for sql in more]
    write_project(root, alembic=[[(_USERS, "DROP TABLE users")]], migrations=[theirs])
    (root / "models.py").write_text(_MODELS.format(convention=convention))
    env = ENV.replace("import os", "import os\nimport models").replace(
        "connection=connection", "connection=connection, target_metadata=models.Base.metadata"
    )
    (root / "alembic" / "env.py").write_text(env)
    world = World(root, None, None, sys.executable)
    request = ConsolidateRequest(world, "alembic", "migrations", None, write=True)
    done = consolidate(request, lambda _: None)
    assert done.consolidation is not None
    assert [p for p in done.consolidation.proofs if p.failed] == []
    assert done.written
    return done.consolidation


def test_the_proposal_makes_the_models_the_history(tmp_path: Path) -> None:
    """git takes it, and the check then has nothing to say of the models."""
    made = proposed(tmp_path, *_MORE)
    assert [p.path for p in made.models] == ["models.py"]
    assert made.models_lack == ()
    # It is a proposal: the models are as they were.
    assert (tmp_path / "models.py").read_text() == _MODELS.format(convention="")
    subprocess.run(["git", "init", "-q"], cwd=tmp_path, check=True)
    subprocess.run(["git", "apply", "alembic/models.patch"], cwd=tmp_path, check=True)
    text = (tmp_path / "models.py").read_text()
    assert "    country = Column(String(2), server_default=text(" in text
    assert "class Orders(Base):\n    __tablename__ = 'orders'\n" in text
    assert "Index('ix_users_country', 'country', 'email', postgresql_where=" in text
    report = check(CheckRequest(tmp_path, python=sys.executable), lambda _: None)
    assert [f"{f.code} {f.subject}" for f in report.findings if f.code.startswith("DRF")] == []


def test_what_does_not_work_is_not_proposed(tmp_path: Path) -> None:
    """A naming convention gives the constraint another name; that of another table still holds."""
    naming = {"ck": "ck_%(table_name)s_%(constraint_name)s"}
    convention = f"metadata=MetaData(naming_convention={naming})"
    made = proposed(
        tmp_path, *_MORE[:2], _MORE[4], convention=convention, check="country_is_two_letters"
    )
    assert [p.path for p in made.models] == ["models.py"]
    assert "class Orders(Base)" in made.models[0].after
    assert "CheckConstraint" not in made.models[0].after
    assert [line.partition(":")[0] for line in made.models_lack] == [
        "column public.users.country, with constraint country_is_two_letters",
    ]


_CLASS = """# A file whose lines may be as long as this one is; those that are written keep to that.
import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

class A(Base):
    __tablename__ = "a"
    __table_args__ = {{}}

    id: Mapped[int] = mapped_column(primary_key=True)
    note: Mapped[str | None]
"""
_UNIQUE = Constraint(
    "public", "a", "a_key", kind="unique", columns=("note",), definition="UNIQUE (note)"
)


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        (
            '{"schema": "x"}',
            '(sa.UniqueConstraint("note", name="a_key"), {"schema": "x"})',
        ),
        (
            '(sa.Index("i", "id"),)',
            '(sa.Index("i", "id"), sa.UniqueConstraint("note", name="a_key"))',
        ),
        (
            '(\n        sa.Index("i", "id"),  # why\n        {"schema": "x"},\n    )',
            '(\n        sa.Index("i", "id"),\n        sa.UniqueConstraint("note", name="a_key"),'
            '  # why\n        {"schema": "x"},\n    )',
        ),
        ("made_elsewhere()", '(made_elsewhere(), sa.UniqueConstraint("note", name="a_key"))'),
        ("ARGUMENTS", "ARGUMENTS"),
        ("(*COMMON, X)", "(*COMMON, X)"),
    ],
)
def test_table_args(given: str, expected: str) -> None:
    text = _CLASS.replace("{{}}", given)
    assert model_with(text, "a", [_UNIQUE]) == _CLASS.replace("{{}}", expected)


@pytest.mark.parametrize(
    ("column", "line"),
    [
        (
            Column("public", "a", "b", 3, "integer", not_null=True),
            "b: Mapped[int] = mapped_column(sa.Integer())",
        ),
        (
            Column("public", "a", "b", 3, "text"),
            "b: Mapped[str | None] = mapped_column(sa.Text())",
        ),
        (
            Column("public", "a", "b", 3, "numeric(12,2)"),
            "b = mapped_column(sa.Numeric(12, 2), nullable=True)",
        ),
        (
            Column("public", "a", "class", 3, "jsonb"),
            'class_ = mapped_column("class", JSONB, nullable=True)',
        ),
    ],
)
def test_a_column_is_written_as_the_class_writes_them(column: Column, line: str) -> None:
    text = _CLASS.replace("{{}}", "{}")
    after = model_with(text, "a", [column])
    assert f"    note: Mapped[str | None]\n    {line}\n" in after


def test_what_has_no_plain_form_is_left_out() -> None:
    text = _CLASS.replace("{{}}", "{}")
    expression = Index(
        "public", "a", "i", unique=False, columns=(), definition="USING btree (lower(note))"
    )
    exclude = Constraint(
        "public",
        "a",
        "x",
        kind="exclusion",
        columns=("id",),
        definition="EXCLUDE USING gist (id WITH =)",
    )
    later = Constraint(
        "public",
        "a",
        "c",
        kind="check",
        columns=("id",),
        definition="CHECK ((id > 0)) NOT VALID",
        validated=False,
    )
    assert model_with(text, "a", [expression, exclude, later]) == text
    assert model_with(text, "no_such_table", [_UNIQUE]) == text
    assert with_model("x = 1\n", "t") == "x = 1\n"


def test_imports_are_added_where_they_belong() -> None:
    text = "import os\nfrom sqlalchemy import Text, func\nfrom app import x\n"
    assert importing(text, "sqlalchemy", ["Index"]) == text.replace(
        "import Text, func", "import Index, Text, func"
    )
    assert importing(text, "sqlalchemy", ["Text"]) == text
    assert importing(text, "sqlalchemy.orm", ["Mapped"]) == text.replace(
        "func\n", "func\nfrom sqlalchemy.orm import Mapped\n"
    )
    long = f"from sqlalchemy import {', '.join(f'Name{n}' for n in range(12))}\n"
    assert importing(long, "sqlalchemy", ["Zed"]).startswith(
        "from sqlalchemy import (\n    Name0,\n"
    )
    assert importing("x = 1\n", "a", ["b"]) == "from a import b\nx = 1\n"
