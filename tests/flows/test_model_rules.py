"""Rules for rows in the info of models, from the model to the verdict, on a real server."""

from __future__ import annotations

import shutil
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from pgassay.flows.check import CheckRequest, check
from pgassay.postgres.binaries import find_binaries
from pgassay.postgres.scratch import Database
from pgassay.postgres.scratch_server import ScratchServer
from pgassay.sources.configuration import ConfigurationError
from pgassay.verdict import Report
from tests.flows.remembered_project import RunCount

ENV = """
from alembic import context
from sqlalchemy import create_engine

from app import models

with create_engine("postgresql://").connect() as connection:
    context.configure(connection=connection, target_metadata=models.Base.metadata)
    with context.begin_transaction():
        context.run_migrations()
"""
REVISION = """
from alembic import op

revision = "a1"
down_revision = None


def upgrade():
    op.execute('CREATE SCHEMA crm')
    op.execute('CREATE TABLE crm.payments (id integer PRIMARY KEY, "Amount" numeric(12, 2), '
               'code text, paid_at date, booked_at date)')


def downgrade():
    op.execute('DROP SCHEMA crm CASCADE')
"""
MODELS = """
from sqlalchemy import Column, Date, Integer, Numeric, Text
from sqlalchemy.orm import declarative_base

Base = declarative_base()


class Payment(Base):
    __tablename__ = "payments"
    __table_args__ = {
        "schema": "crm",
        "info": {"pgassay": [{"in_order": ["paid_at", "booked_at"]}]},
    }

    id = Column(Integer, primary_key=True, autoincrement=False)
    amount = Column("Amount", Numeric(12, 2), info={"pgassay": {"range": {"min": 0}}})
    code = Column(
        Text, info={"pgassay": [{"not_null": True, "severity": "info"}, {"currency": True}]}
    )
    paid_at = Column(Date)
    booked_at = Column(Date)
"""
GOOD = "INSERT INTO crm.payments VALUES (1, 1.25, 'EUR', '2024-01-01', '2024-01-01')"
BAD = (
    "INSERT INTO crm.payments VALUES (2, -1, NULL, '2024-01-02', '2024-01-01'), "
    "(3, 1, 'eur', NULL, NULL)"
)
FOUND = [
    ("DAT003", "crm.payments.Amount (range)", "blocker", "app/models.py:16"),
    ("DAT005", "crm.payments.code (currency)", "blocker", "app/models.py:17"),
    ("DAT007", "crm.payments.paid_at+booked_at (in_order)", "warning", "app/models.py:8"),
    ("DAT002", "crm.payments.code (not_null)", "info", "app/models.py:17"),
]


@pytest.fixture(scope="module")
def server() -> Iterator[ScratchServer]:
    with ScratchServer(find_binaries()) as started:
        yield started


@pytest.fixture
def live(server: ScratchServer) -> Iterator[Database]:
    made = server.create_database("live")
    execute(
        made,
        "CREATE TABLE alembic_version (version_num varchar(32) PRIMARY KEY)",
        "INSERT INTO alembic_version VALUES ('a1')",
        "CREATE SCHEMA crm",
        'CREATE TABLE crm.payments (id integer PRIMARY KEY, "Amount" numeric(12, 2), code text, '
        "paid_at date, booked_at date)",
        GOOD,
    )
    yield made
    server.drop_database(made)


@pytest.fixture
def project(tmp_path: Path) -> Path:
    texts = {
        "alembic.ini": "[alembic]\nscript_location = alembic\n",
        "alembic/env.py": ENV,
        "alembic/versions/a1.py": REVISION,
        "app/__init__.py": "",
        "app/models.py": MODELS,
    }
    for name, text in texts.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text)
    return tmp_path


def execute(database: Database, *statements: str) -> None:
    with database.connect(autocommit=True) as connection:
        for statement in statements:
            connection.execute(statement)


def change(project: Path, old: str, new: str, name: str = "app/models.py") -> None:
    text = (project / name).read_text()
    assert old in text
    (project / name).write_text(text.replace(old, new))


def data_check(project: Path, live: Database, **values: Any) -> Report:
    """As the command does it."""
    if values.get("remember"):
        time.sleep(0.15)  # what was written just now may have been written meanwhile
    request = CheckRequest(project, database_url=live.url(), select=("DAT",), data_demanded=True)
    return check(replace(request, **values), lambda _: None)


def found(report: Report) -> list[tuple[str, str, str, str]]:
    those = [f for f in report.findings if f.code.startswith("DAT")]
    return [(f.code, f.subject, f.severity.value, str(f.location)) for f in those]


def asked(report: Report) -> list[tuple[str, str, str]]:
    return [(r["subject"], r["rule"], r["status"]) for r in report.facts["data"]["rules"]]


@pytest.mark.parametrize("whole", [False, True])
def test_what_is_planted_is_found_and_clean_rows_are_clear(
    project: Path, live: Database, whole: bool
) -> None:
    values: dict[str, Any] = {"select": (), "data_demanded": False} if whole else {}
    clean = data_check(project, live, **values)
    assert (found(clean), clean.unavailable, clean.exit_status) == ([], (), 0)
    assert asked(clean) == [
        ("crm.payments.paid_at+booked_at", "in_order", "passed"),
        ("crm.payments.Amount", "range", "passed"),
        ("crm.payments.code", "not_null", "passed"),
        ("crm.payments.code", "currency", "passed"),
    ]
    assert clean.facts["data"]["rules_from"] == "the info of the models"
    assert clean.facts["isolation"]
    line = next(i for i in clean.checklist if i.item.startswith("Data integrity"))
    assert (line.status.value, line.evidence[:13]) == ("done", "4 rules kept:")
    execute(live, BAD)
    bad = data_check(project, live, **values)
    assert (found(bad), bad.exit_status) == (FOUND, 1)


def test_with_a_file_both_are_asked_and_what_both_say_once(project: Path, live: Database) -> None:
    (project / "pgassay-data.yml").write_text(
        "tables:\n  crm.payments:\n    - unique: code\n"
        "    - range: {column: Amount, min: 0}\n      severity: warning\n"
    )
    execute(live, BAD)
    report = data_check(project, live)
    assert [f for f in found(report) if "range" in f[1]] == [
        ("DAT003", "crm.payments.Amount (range)", "warning", "pgassay-data.yml:4")
    ]
    assert [rule for _, rule, _ in asked(report)] == [
        *("unique", "range", "in_order", "not_null", "currency")
    ]
    assert report.facts["data"]["rules_from"] == "pgassay-data.yml and the info of the models"


@pytest.mark.parametrize("values", [{}, {"select": (), "no_database": True, "database_url": None}])
def test_mistakes_end_the_run(project: Path, live: Database, values: dict[str, Any]) -> None:
    change(project, '"min": 0', '"mni": 0')
    change(project, '"currency": True', '"one_of": {"values": {1, 2}}')
    with pytest.raises(ConfigurationError) as error:
        data_check(project, live, **values)
    assert str(error.value).splitlines() == [
        "Rules in the models' info cannot be used:",
        "  app/models.py:16: crm.payments.Amount: range has no 'mni' (did you mean min?)",
        "  app/models.py:16: crm.payments.Amount: range wants a min, max, above or below",
        "  app/models.py:17: crm.payments.code: its info is no JSON: {1, 2} is no text, number, "
        "list or mapping",
    ]


@pytest.mark.parametrize(
    ("name", "old", "new", "reason"),
    [
        (
            "alembic/env.py",
            "from app",
            'import os; os.environ["KEY_OF_MINE"]\nfrom app',
            "env.py of alembic/ needs the environment variable KEY_OF_MINE (alembic/env.py:5).",
        ),
        (
            "alembic/env.py",
            ", target_metadata=models.Base.metadata",
            "",
            "env.py gives no target_metadata.",
        ),
    ],
)
def test_rules_that_cannot_be_read_are_unknown(
    project: Path, live: Database, name: str, old: str, new: str, reason: str
) -> None:
    """With rules of a file beside them, so that something passes."""
    (project / "pgassay-data.yml").write_text("tables:\n  crm.payments:\n    - unique: id\n")
    change(project, old, new, name)
    report = data_check(project, live)
    assert [(u.needs, u.reason) for u in report.unavailable] == [
        (
            "rules in models",
            "app/models.py:12 (and 2 more places) writes rules for rows into models, which could "
            f"not be read: {reason}",
        )
    ]
    assert asked(report) == [("crm.payments.id", "unique", "proved")]
    assert report.exit_status == 3


def test_models_without_a_history(project: Path, live: Database) -> None:
    shutil.rmtree(project / "alembic")
    (project / "alembic.ini").unlink()
    (project / "pgassay-data.yml").touch()
    (lost,) = data_check(project, live).unavailable
    assert lost.reason.endswith("they are read through env.py, and there is no history to follow.")


def test_models_that_are_said_not_to_be_there(project: Path, live: Database) -> None:
    (project / "pgassay.toml").write_text("[models]\nnone = true\n")
    (lost,) = data_check(project, live).unavailable
    assert "[models] none = true in pgassay.toml says that there are no models." in lost.reason
    (project / "app" / "models.py").write_text('PROGRAM = "pgassay"\n')
    assert data_check(project, live).unavailable == ()


OTHER = """

from sqlalchemy import MetaData, Table
from sqlalchemy.orm import relationship

Table("visits", MetaData(), Column("id", Integer, info={"pgassay": {"unique": True}}))


class Note(Base):
    __tablename__ = "notes"
    id = Column(Integer, primary_key=True)
    notes = relationship("Note", primaryjoin="foreign(Note.id) == Note.id", info={"pgassay": []})
"""


def test_rules_where_nobody_reads_them(project: Path, live: Database) -> None:
    """Of a model that env.py does not give, and of what is no column; but not where the table is of
    another database."""
    change(project, "booked_at = Column(Date)\n", f"booked_at = Column(Date)\n{OTHER}")
    assert data_check(project, live).unavailable == ()
    execute(live, "CREATE TABLE visits (id int)", "CREATE TABLE notes (id int)")
    report = data_check(project, live)
    assert [u.reason for u in report.unavailable] == [
        "app/models.py:27 writes rules for rows of visits, but env.py does not give that model as "
        "target_metadata.",
        "app/models.py:33 writes rules for rows of notes, but neither that table nor a column of "
        "it has any in its info.",
    ]
    assert report.exit_status == 3


def test_models_are_read_only_where_a_file_speaks_of_rules_and_then_remembered(
    project: Path,
    live: Database,
    tmp_path_factory: pytest.TempPathFactory,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path_factory.mktemp("cache")))
    monkeypatch.delenv("PGASSAY_NO_CACHE")
    count = RunCount.watch(monkeypatch)
    url = live.url()
    first = data_check(project, live, database_url=url, remember=True)
    assert count.taken() == (1, 1)
    again = data_check(project, live, database_url=url, remember=True)
    assert count.taken() == (0, 0)
    assert (asked(again), len(asked(again))) == (asked(first), 4)
    change(project, '"min": 0', '"min": 2')
    report = data_check(project, live, database_url=url, remember=True)
    assert count.taken() == (1, 1)
    assert [f[1] for f in found(report)] == ["crm.payments.Amount (range)"]
    change(project, '"pgassay"', '"another"')
    assert asked(data_check(project, live, database_url=url, remember=True)) == []
    assert count.taken() == (0, 0)


def test_a_whole_check_remembers_them_too(
    project: Path,
    live: Database,
    tmp_path_factory: pytest.TempPathFactory,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path_factory.mktemp("cache")))
    monkeypatch.delenv("PGASSAY_NO_CACHE")
    count = RunCount.watch(monkeypatch)
    first = data_check(project, live, select=(), remember=True)
    taken = count.taken()
    again = data_check(project, live, select=(), remember=True)
    assert (taken[0], count.taken()) == (1, (0, 0))
    assert (asked(again), len(asked(again))) == (asked(first), 4)
