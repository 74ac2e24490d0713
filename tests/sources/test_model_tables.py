"""Which base a table belongs to, followed through imports; "" where the text does not tell."""

from __future__ import annotations

from pathlib import Path

import pytest

from pgassay.sources.model_tables import read_model_tables
from pgassay.sources.project_files import read_project_files
from pgassay.sources.python_modules import PythonModules

BASES = """
from sqlalchemy import MetaData
from sqlalchemy.orm import DeclarativeBase, declarative_base, registry
from flask_sqlalchemy import SQLAlchemy
from other import ReadyBase
metadata = MetaData()
Old = declarative_base()
Shared = declarative_base(metadata=metadata)
Own = declarative_base(metadata=MetaData(schema="x"))
Lost = declarative_base(metadata=ReadyBase.metadata)
mapper = registry()
Mapped = mapper.generate_base()
db = SQLAlchemy()
class New(DeclarativeBase):
    pass
class Joined(DeclarativeBase):
    metadata = metadata
class Mixin:
    pass
class Below(Mixin, New):
    __abstract__ = True
"""


@pytest.mark.parametrize(
    ("base", "expected"),
    [
        ("Old", "Old"),
        ("New", "New"),
        ("Below", "New"),
        ("Mixin, Below", "New"),
        ("Shared", "metadata"),
        ("Joined", "metadata"),
        ("Own", "Own"),
        ("Mapped", "mapper"),
        ("db.Model", "db"),
        ("bases.New", "New"),
        ("Lost", ""),
        ("ReadyBase", ""),
        ("Mixin", ""),
        ("Unheard", ""),
        ("make()", ""),
    ],
)
def test_base_of_a_class(tmp_path: Path, base: str, expected: str) -> None:
    found = tables(tmp_path, f'class T({base}):\n    __tablename__ = "t"\n')
    assert found == [("t", 5, f"app/db/bases.py:{expected}" if expected else "")]


def tables(root: Path, text: str) -> list[tuple[str, int, str]]:
    (root / "app" / "db").mkdir(parents=True)
    (root / "app" / "db" / "bases.py").write_text(BASES)
    (root / "app" / "db" / "__init__.py").write_text("from .bases import *\nfrom . import bases\n")
    head = (
        "from .db.bases import Old, New, Below, Mixin, Shared, Joined, Own, Mapped, db, Lost\n"
        "from .db.bases import ReadyBase, metadata\nfrom app.db import bases\n\n"
    )
    (root / "app" / "models.py").write_text(head + text)
    found = read_model_tables(PythonModules(root, read_project_files(root).paths), ["migrations"])
    assert {t.location.path for t in found} <= {"app/models.py"}
    return [(t.table, t.location.line or 0, t.base) for t in found]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('t = Table("t", metadata)\n', [("t", 5, "app/db/bases.py:metadata")]),
        ('t = Table("t", New.metadata)\n', [("t", 5, "app/db/bases.py:New")]),
        ('t = Table(NAME, metadata)\n', []),
        ('class T(New):\n    __tablename__ = NAME\n', []),
        ('class T(New):\n    __tablename__ = "t"\n    __abstract__ = True\n', []),
        ('def f():\n    class T(New):\n        __tablename__ = "t"\n', []),
        (
            'class T(db.Model):\n    __bind_key__ = "x"\n    __tablename__ = "t"\n',
            [("t", 5, "")],
        ),
    ],
)  # fmt: skip
def test_what_counts_as_a_table(
    tmp_path: Path, text: str, expected: list[tuple[str, int, str]]
) -> None:
    assert tables(tmp_path, text) == expected
