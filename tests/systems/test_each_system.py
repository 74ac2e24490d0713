"""Each kind of system: found, run as its tool would, a conflict only where it shares objects."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from pgassay.verdict import Report
from tests.systems.system_projects import PYTHON, SQL, Names, alembic, plain, prisma, write

Assay = Callable[..., Report]

STATES = {
    "plain": None,
    "flyway": "flyway_schema_history",
    "golang-migrate": "schema_migrations",
    "goose": "goose_db_version",
    "dbmate": "schema_migrations",
    "supabase": "supabase_migrations.schema_migrations",
    "prisma": "_prisma_migrations",
    "yoyo": "_yoyo_migration",
    "django": "django_migrations",
    "peewee": "migratehistory",
}


def found(report: Report) -> list[tuple[str, str]]:
    return [(f.code, f.subject) for f in report.findings]


def lost(report: Report) -> list[str]:
    return [u.needs for u in report.unavailable]


@pytest.mark.parametrize("kind", SQL)
@pytest.mark.parametrize("seed", [1, 2])
def test_an_sql_system_beside_alembic(assay: Assay, tmp_path: Path, kind: str, seed: int) -> None:
    names = Names(seed)
    alembic(tmp_path, names.new())
    folder = SQL[kind](tmp_path, names.new())
    report = assay(tmp_path)
    (system,) = report.facts["systems"]
    assert (system["kind"], system["name"], system["state_table"]) == (kind, folder, STATES[kind])
    assert system["run"]["status"] == "built", system["run"]
    assert system["run"]["tables"] == 1
    assert (found(report), lost(report)) == ([], [])
    assert report.verdict == "clear"


@pytest.mark.parametrize("kind", SQL)
def test_an_sql_system_that_makes_what_alembic_makes(
    assay: Assay, tmp_path: Path, kind: str
) -> None:
    names = Names(3)
    shared = names.new()
    alembic(tmp_path, names.new(), shared)
    folder = SQL[kind](tmp_path, shared)
    report = assay(tmp_path)
    assert found(report) == [("HIS001", f"alembic + {folder}")]
    evidence = report.findings[0].evidence
    assert f"public.{shared}" in evidence["objects"]
    assert evidence["executed"] is True
    assert evidence["systems"] == {"alembic": "Alembic", folder: kind}
    assert evidence["by"]["alembic"] == ["alembic_0002"]
    assert str(report.findings[0].location).startswith(folder)


@pytest.mark.parametrize("kind", PYTHON)
def test_a_python_system_is_read_and_said_not_to_be_run(
    assay: Assay, tmp_path: Path, kind: str
) -> None:
    names = Names(4)
    shared = names.new()
    alembic(tmp_path, shared)
    folder = PYTHON[kind](tmp_path, names.new())
    report = assay(tmp_path)
    (system,) = report.facts["systems"]
    assert (system["kind"], system["name"], system["state_table"]) == (kind, folder, STATES[kind])
    assert system["run"]["status"] == "not executed"
    assert (found(report), lost(report)) == ([], [f"migrations {folder}"])
    assert report.verdict == "unknown"


@pytest.mark.parametrize("kind", PYTHON)
def test_a_python_system_that_plainly_makes_what_alembic_makes(
    assay: Assay, tmp_path: Path, kind: str
) -> None:
    shared = Names(5).new()
    alembic(tmp_path, shared)
    folder = PYTHON[kind](tmp_path, shared)
    report = assay(tmp_path)
    assert found(report) == [("HIS001", f"alembic + {folder}")]
    assert report.findings[0].evidence["objects"] == [f"public.{shared}"]
    assert report.findings[0].evidence["executed"] is False
    said = f"Read from the text of {folder}/, which was not executed or failed."
    assert said in report.findings[0].message


def test_two_systems_without_any_alembic(assay: Assay, tmp_path: Path) -> None:
    shared = Names(6).new()
    plain(tmp_path, shared)
    prisma(tmp_path, shared)
    assert found(assay(tmp_path)) == [("HIS001", "db/migrations + prisma/migrations")]


def test_an_alembic_history_with_a_version_table_of_its_own(assay: Assay, tmp_path: Path) -> None:
    names = Names(7)
    shared = names.new()
    alembic(tmp_path, names.new(), shared)
    alembic(tmp_path, shared, folder="billing", ini=False, version_table="billing_version")
    report = assay(tmp_path)
    assert found(report) == [("HIS001", "alembic + billing")]
    assert report.findings[0].evidence["objects"] == [f"public.{shared}"]


def test_altering_is_enough(assay: Assay, tmp_path: Path) -> None:
    """What it alters it does not make, so it cannot be built from scratch either."""
    names = Names(8)
    table = names.new()
    alembic(tmp_path, table)
    write(tmp_path, "db/migrations/001_a.sql", f"CREATE TABLE {names.new()} (id int);")
    write(tmp_path, "db/migrations/002_b.sql", f"ALTER TABLE {table} ADD x int;")
    report = assay(tmp_path)
    assert found(report) == [
        ("HIS001", "alembic + db/migrations"),
        ("HIS010", "db/migrations: 002_b.sql"),
    ]
    assert f'relation "{table}" does not exist' in report.findings[1].message


@pytest.mark.parametrize(
    "what",
    [
        "VIEW {0} AS SELECT 1 AS a",
        "FUNCTION {0}() RETURNS int LANGUAGE sql AS 'SELECT 1'",
        "TYPE {0} AS ENUM ('a')",
    ],
)
def test_not_only_tables(assay: Assay, tmp_path: Path, what: str) -> None:
    names = Names(9)
    shared = names.new()
    alembic(tmp_path, names.new())
    write(
        tmp_path,
        "alembic/versions/0002_x.py",
        f"""
        from alembic import op

        revision = "x2"
        down_revision = "alembic_0001"


        def upgrade():
            op.execute("CREATE {what.format(shared)}")
    """,
    )
    write(tmp_path, "db/migrations/001_a.sql", f"CREATE {what.format(shared)};")
    report = assay(tmp_path)
    assert found(report) == [("HIS001", "alembic + db/migrations")]
    assert [o.split("(")[0].rpartition(".")[2] for o in report.findings[0].evidence["objects"]] == [
        shared
    ]
