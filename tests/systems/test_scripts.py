"""SQL scripts beside the histories: what they are tried on, and what is said where they are not."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from pgassay.postgres.scratch_server import ScratchServer
from pgassay.verdict import Report
from tests.systems.system_projects import Names, alembic, golang, prisma, supabase, write

Assay = Callable[..., Report]


def found(report: Report) -> list[tuple[str, str]]:
    return [(f.code, f.subject) for f in report.findings]


def status(report: Report, code: str = "HIS025") -> str:
    return next(c.status for c in report.checks if c.code == code)


@pytest.mark.parametrize("seed", [41, 42, 43])
def test_a_planted_script_is_found_and_its_removal_removes_it(
    assay: Assay, tmp_path: Path, seed: int
) -> None:
    names = Names(seed)
    table, gone = names.new(), names.new()
    alembic(tmp_path, table)
    write(tmp_path, "ops/works.sql", f"ALTER TABLE {table} ADD {names.new()} int;")
    path = write(tmp_path, f"ops/{names.new()}.sql", f"-- so\n\nUPDATE {table} SET {gone} = 1;")
    report = assay(tmp_path)
    missing = f'column "{gone}" of relation "{table}"'
    assert found(report) == [("HIS025", f"ops/{path.name}: {missing}")]
    assert str(report.findings[0].location) == f"ops/{path.name}:3"
    (finding,) = report.findings
    assert finding.severity == "warning"
    assert finding.evidence["missing_object"] == f'column "{gone}" of relation "{table}"'
    assert finding.evidence["statement"] == f"UPDATE {table} SET {gone} = 1"
    path.unlink()
    assert found(assay(tmp_path)) == []


def test_the_same_error_is_one_finding(assay: Assay, tmp_path: Path) -> None:
    alembic(tmp_path, "a")
    write(tmp_path, "ops/x.sql", "DELETE FROM gone;\nDELETE FROM gone WHERE true;\nDROP TABLE it;")
    report = assay(tmp_path)
    assert found(report) == [
        ("HIS025", 'ops/x.sql: relation "gone"'),
        ("HIS025", 'ops/x.sql: table "it"'),
    ]
    assert report.findings[0].evidence["lines"] == [1, 2]


def test_a_here_document(assay: Assay, tmp_path: Path) -> None:
    alembic(tmp_path, "a")
    write(tmp_path, "deploy.sh", "psql <<'SQL'\nALTER TABLE a ADD b int;\nDROP VIEW gone;\nSQL\n")
    report = assay(tmp_path)
    assert found(report) == [("HIS025", 'deploy.sh: view "gone"')]
    assert str(report.findings[0].location) == "deploy.sh:3"


def test_without_a_built_schema_nothing_passes(assay: Assay, tmp_path: Path) -> None:
    alembic(tmp_path, "a")
    write(tmp_path, "alembic/env.py", "raise RuntimeError('no settings')\n")
    write(tmp_path, "ops/x.sql", "DROP TABLE gone;")
    report = assay(tmp_path, "HIS025")
    assert status(report) == "unavailable"
    assert report.verdict == "unknown"
    assert "SQL scripts" in [u.needs for u in report.unavailable] or any(
        "no settings" in u.reason for u in report.unavailable
    )


def test_one_sql_system_is_what_scripts_are_tried_on(assay: Assay, tmp_path: Path) -> None:
    table = Names(44).new()
    golang(tmp_path, table)
    write(tmp_path, "ops/x.sql", f"UPDATE {table} SET note = '';\nUPDATE {table} SET gone = '';")
    report = assay(tmp_path)
    assert found(report) == [("HIS025", f'ops/x.sql: column "gone" of relation "{table}"')]
    assert "on the schema that migrations/ builds" in report.findings[0].message


def test_two_sql_systems_and_no_main_one(assay: Assay, tmp_path: Path) -> None:
    names = Names(45)
    golang(tmp_path, names.new())
    prisma(tmp_path, names.new())
    write(tmp_path, "ops/x.sql", "DROP TABLE gone;")
    report = assay(tmp_path)
    assert (found(report), status(report)) == ([], "unavailable")
    assert [u.needs for u in report.unavailable] == ["SQL scripts"]


def test_rows_and_files_that_are_not_here_make_it_unknown(assay: Assay, tmp_path: Path) -> None:
    alembic(tmp_path, "a")
    write(tmp_path, "ops/x.sql", "\\copy a FROM 'a.csv'\nALTER TABLE a ADD b int;\n")
    report = assay(tmp_path)
    assert (found(report), status(report), report.verdict) == ([], "partial", "unknown")
    (lost,) = report.unavailable
    assert lost.needs == "script ops/x.sql:1"
    assert "ops/x.sql:1" in lost.reason


def test_a_script_for_what_another_system_makes(assay: Assay, tmp_path: Path) -> None:
    """It is not the main history's table, but somebody's."""
    names = Names(46)
    other = names.new()
    alembic(tmp_path, names.new())
    golang(tmp_path, other)
    write(tmp_path, "ops/x.sql", f"UPDATE {other} SET note = '';")
    assert found(assay(tmp_path)) == []


def test_a_managed_schema_is_not_judged(assay: Assay, tmp_path: Path) -> None:
    names = Names(47)
    alembic(tmp_path, names.new())
    supabase(tmp_path, names.new())
    write(tmp_path, "ops/x.sql", "GRANT SELECT ON auth.users TO reader;")
    report = assay(tmp_path)
    assert (found(report), report.verdict) == ([], "unknown")


def test_the_roles_of_a_run_are_gone_afterwards(
    assay: Assay, tmp_path: Path, scratch_server: ScratchServer
) -> None:
    alembic(tmp_path, "a")
    supabase(tmp_path, "b_b")
    write(tmp_path, "db/migrations/1_a.sql", "CREATE ROLE role_of_a_test; CREATE TABLE c (x int);")
    write(tmp_path, "ops/x.sql", "GRANT SELECT ON a TO role_of_a_script;")
    report = assay(tmp_path)
    assert (found(report), report.verdict) == ([], "clear")
    place = scratch_server.create_database("roles_left")
    with place.connect() as connection:
        roles = connection.execute(
            "SELECT rolname FROM pg_roles WHERE rolname !~ '^pg_'"
        ).fetchall()
    scratch_server.drop_database(place)
    named = {name for (name,) in roles}
    assert named & {"role_of_a_test", "role_of_a_script", "anon", "authenticated"} == set()
