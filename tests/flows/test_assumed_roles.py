"""Roles that migrations need and others make: made on scratch, asked of the live server."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from pgassay.flows.check import CheckRequest, check
from pgassay.postgres.binaries import find_binaries
from pgassay.postgres.scratch_server import ScratchServer
from pgassay.verdict import Report, Verdict

BASE = Path(__file__).parents[1] / "cases" / "base"
GRANT = 'op.execute("GRANT SELECT ON accounts TO app_reader")'


@pytest.fixture
def project(tmp_path: Path) -> Path:
    return Path(shutil.copytree(BASE, tmp_path / "ledger"))


@pytest.fixture
def server() -> Iterator[ScratchServer]:
    with ScratchServer(find_binaries()) as running:
        yield running


def revise(project: Path, name: str, before: str, *lines: str) -> None:
    body = "\n    ".join(lines)
    (project / "alembic" / "versions" / f"{name}.py").write_text(
        f'from alembic import op\n\nrevision = "{name}"\ndown_revision = "{before}"\n\n\n'
        f"def upgrade():\n    {body}\n\n\ndef downgrade():\n    pass\n"
    )


def judged(project: Path, *select: str, **options: object) -> Report:
    request = CheckRequest(project, python=sys.executable, select=select, **options)  # type: ignore[arg-type]
    return check(request, lambda _: None)


def found(report: Report) -> list[tuple[str, str]]:
    return [(f.code, f.subject) for f in report.findings]


def test_what_nobody_is_known_to_make_is_a_defect_until_it_is_named(project: Path) -> None:
    revise(project, "0004_readers", "0003_payments_by_day", GRANT)
    report = judged(project, "HIS", database_url=None, no_database=True)
    assert found(report) == [("HIS030", "alembic: app_reader")]
    assert report.findings[0].location is not None
    assert report.findings[0].location.line == 8
    assert 'roles = ["app_reader"]' in report.findings[0].fix
    with (project / "pgassay.toml").open("a") as file:
        file.write('[project]\nroles = ["app_reader"]\n')
    report = judged(project, "HIS", no_database=True)
    assert (found(report), report.verdict) == ([], Verdict.CLEAR)


def test_a_role_made_too_late_is_not_assumed(project: Path) -> None:
    revise(project, "0004_readers", "0003_payments_by_day", GRANT)
    revise(project, "0005_role", "0004_readers", 'op.execute("CREATE ROLE app_reader NOLOGIN")')
    report = judged(project, "HIS010", "HIS030", no_database=True)
    assert found(report) == [("HIS010", "alembic: 0004_readers")]
    assert report.findings[0].evidence["missing_object"] == 'role "app_reader"'


def test_several_roles_and_a_failure_behind_them(project: Path) -> None:
    grants = [f'op.execute("GRANT SELECT ON accounts TO {role}")' for role in ("one", '\\"Two\\"')]
    revise(project, "0004_readers", "0003_payments_by_day", *grants)
    revise(project, "0005_wrong", "0004_readers", 'op.execute("ALTER TABLE nowhere ADD a int")')
    report = judged(project, "HIS010", "HIS030", no_database=True)
    assert found(report) == [
        ("HIS010", "alembic: 0005_wrong"),
        ("HIS030", "alembic: Two"),
        ("HIS030", "alembic: one"),
    ]


def test_what_is_remembered_and_what_is_pending_beside(
    project: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The second run has a server without the role, and runs only what is new."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    revise(project, "0004_readers", "0003_payments_by_day", GRANT)
    for since in ("", "0003_payments_by_day", "0003_payments_by_day"):
        report = judged(project, "HIS030", "MIG018", no_database=True, since=since, remember=True)
        code = "MIG018" if since else "HIS030"
        subject = "alembic: 0004_readers" if since else "alembic: app_reader"
        assert found(report) == [(code, subject)]


def test_a_server_of_theirs_is_left_as_it_was(project: Path, server: ScratchServer) -> None:
    revise(project, "0004_readers", "0003_payments_by_day", GRANT)
    url = server.url()

    def roles() -> set[str]:
        with psycopg.connect(url) as connection:
            return {r for (r,) in connection.execute("SELECT rolname FROM pg_roles")}

    before = roles()
    report = judged(project, "HIS", no_database=True, scratch_url=url)
    assert found(report) == [("HIS030", "alembic: app_reader")]
    assert roles() == before
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("CREATE ROLE may_not LOGIN CREATEDB")
    url = server.url().replace("postgres@", "may_not@")
    report = judged(project, "HIS010", no_database=True, scratch_url=url)
    assert found(report) == [("HIS010", "alembic: 0004_readers")]
