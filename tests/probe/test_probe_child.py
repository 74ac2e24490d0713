"""What the project's code does wrong becomes a fact, never our crash."""

from __future__ import annotations

import os
import time
from pathlib import Path

import pytest

from pgassay.facts.catalog import Catalog
from pgassay.facts.history import Build
from pgassay.facts.unavailable import Unavailable
from tests.probe.conftest import BuildProject, MakeProject


@pytest.mark.parametrize(
    ("env", "reason"),
    [
        ("raise RuntimeError('boom')", "RuntimeError: boom (alembic/env.py:1)"),
        ("import nosuchpackage", "has no module 'nosuchpackage' (alembic/env.py:1)"),
        ("import os; os.environ['APP_SETTING']", "needs the environment variable APP_SETTING"),
        ("import os; os._exit(7)", "ended early with status 7 (in env.py)"),
        ("import sys; sys.exit(0)", "SystemExit: 0"),
        ("import time; time.sleep(600)", "did not end within 2 s (in env.py), and was stopped"),
        ("def f(:", "SyntaxError"),
    ],
)
def test_env_py_that_fails_is_unavailable(
    make_project: MakeProject, build: BuildProject, env: str, reason: str
) -> None:
    built, models = build(make_project(env=env + "\n"), time_limit_s=2 if "sleep" in env else 20)
    assert isinstance(built, Unavailable)
    assert built.needs == "history alembic"
    assert reason in built.reason
    assert isinstance(models, Unavailable)


def test_rubbish_on_standard_output_does_no_harm(
    make_project: MakeProject, build: BuildProject
) -> None:
    rubbish = (
        "import os, sys\n"
        'print(\'{"event": "done"}\', "\\x00\\x1b[31m rubbish", flush=True)\n'
        'os.write(1, b\'{"event": "upgraded"}\\n\\xff\\xfe\')\n'
        "sys.stderr.write('x' * 300000)\n"
    )
    built, _ = build(make_project(env=rubbish))
    assert isinstance(built, Build)
    assert built.failure is None
    assert [s.sql.split("(")[0].strip() for s in built.statements] == [
        "CREATE TABLE accounts",
        "INSERT INTO alembic_version",
    ]


def test_what_env_py_does_after_the_revisions_is_not_the_last_revisions_doing(
    make_project: MakeProject, build: BuildProject
) -> None:
    root = make_project()
    path = root / "alembic" / "env.py"
    path.write_text(path.read_text() + "\nraise ValueError('late')\n")
    built, _ = build(root)
    assert isinstance(built, Unavailable)
    assert "failed after the revisions ran: ValueError: late" in built.reason


def test_a_revision_that_never_ends_is_stopped_with_all_it_started(
    make_project: MakeProject, build: BuildProject, tmp_path: Path
) -> None:
    pid_file = tmp_path / "sleeper.pid"
    marker = f"sleep {10_000 + os.getpid()}"
    body = (
        "import os, subprocess, time\n"
        f"    subprocess.Popen(['sh', '-c', '{marker}'], start_new_session=True)\n"
        f"    open({str(pid_file)!r}, 'w').write('started')\n"
        "    time.sleep(600)"
    )
    built, _ = build(make_project(body=body), time_limit_s=4)
    assert isinstance(built, Unavailable)
    assert "did not end within 4 s (in revision a1)" in built.reason
    assert pid_file.read_text() == "started"
    deadline = time.monotonic() + 5
    while _running(marker) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert not _running(marker)


@pytest.mark.timeout(60)
def test_a_statement_that_never_ends_is_stopped_on_the_server_too(
    make_project: MakeProject, build: BuildProject
) -> None:
    """Killing the child is not enough: its session would go on, and hold its locks."""
    body = "op.execute('CREATE TABLE a (id int)')\n    op.execute('SELECT pg_sleep(100000)')"
    built, _ = build(make_project(body=body), time_limit_s=4)
    assert isinstance(built, Unavailable)
    assert "did not end within 4 s (in revision a1)" in built.reason


def test_an_extension_that_the_scratch_server_has_not_is_no_defect_of_the_history(
    make_project: MakeProject, build: BuildProject
) -> None:
    built, _ = build(make_project(body="op.execute('CREATE EXTENSION nowhere_to_be_had')"))
    assert isinstance(built, Unavailable)
    assert "has not the extension nowhere_to_be_had" in built.reason
    assert "(in revision a1)" in built.reason
    assert "--scratch-url" in built.next_step


def _running(marker: str) -> bool:
    for process in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            if marker in process.read_bytes().replace(b"\0", b" ").decode("utf-8", "replace"):
                return True
        except OSError:
            continue
    return False


def test_a_missing_interpreter_is_named(make_project: MakeProject, build: BuildProject) -> None:
    built, models = build(
        make_project(), isolated=lambda command: ["/nowhere/python", *command[1:]]
    )
    assert isinstance(built, Unavailable)
    assert "cannot be started" in built.reason
    assert models == built


def test_credentials_do_not_reach_the_projects_code(
    make_project: MakeProject,
    build: BuildProject,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql+psycopg2://u:Tr0ub4dor@prod.example/app")
    monkeypatch.setenv("PGPASSWORD", "Tr0ub4dor")
    monkeypatch.setenv("STRIPE_SECRET_KEY", "Tr0ub4dor")
    monkeypatch.setenv("CACHE", "redis://u:Tr0ub4dor@cache.example/0")
    seen = tmp_path / "seen"
    env = f"import os; open({str(seen)!r}, 'w').write(repr(dict(os.environ)))\n"
    built, _ = build(make_project(env=env))
    assert isinstance(built, Build)
    text = seen.read_text()
    assert "Tr0ub4dor" not in text
    assert "'STRIPE_SECRET_KEY': 'withheld-by-pgassay'" in text
    assert "'CACHE': 'redis://u:***@cache.example/0'" in text
    assert "PGPASSWORD" not in text
    assert "'DATABASE_URL': 'postgresql+psycopg2://pgassay:pgassay@pgassay.invalid:5432/" in text
    assert built.url_variable == "DATABASE_URL"
    assert built.requested_url == ""


def test_the_url_that_env_py_asked_for_is_told_without_its_password(
    make_project: MakeProject, build: BuildProject
) -> None:
    root = make_project(url="postgresql+psycopg2://u:Tr0ub4dor@prod.example:6432/app")
    env = root / "alembic" / "env.py"
    env.write_text(env.read_text().replace('os.environ.get("DATABASE_URL") or ', ""))
    built, _ = build(root)
    assert isinstance(built, Build)
    assert built.requested_url == "postgresql://u@prod.example:6432/app"
    assert built.url_variable == ""
    assert "Tr0ub4dor" not in repr(built)


def test_a_missing_object_is_named_with_file_and_line(
    make_project: MakeProject, build: BuildProject
) -> None:
    built, _ = build(make_project(body="op.add_column('plans', sa.Column('x', sa.Integer))"))
    assert isinstance(built, Build)
    assert built.failure is not None
    assert built.failure.missing_object == 'relation "plans"'
    assert str(built.failure.location) == "alembic/versions/a1.py:9"
    assert built.catalog is None


def test_a_version_table_that_the_project_widens_is_seen(
    make_project: MakeProject, build: BuildProject
) -> None:
    widen = 'op.execute("ALTER TABLE alembic_version ALTER version_num TYPE varchar(64)")'
    wide, _ = build(make_project(body=widen))
    assert isinstance(wide, Build)
    assert wide.version_width == 64


def test_models_that_env_py_does_not_import_are_unavailable(
    make_project: MakeProject, build: BuildProject
) -> None:
    root = make_project()
    path = root / "alembic" / "env.py"
    path.write_text(path.read_text().replace('Table("accounts"', "# "))
    built, models = build(root)
    assert isinstance(built, Build)
    assert isinstance(models, Unavailable)
    assert "imports no module that defines models" in models.reason


def test_a_project_with_modules_of_pythons_own_names(
    make_project: MakeProject, build: BuildProject
) -> None:
    root = make_project()
    for name in ("types", "json", "logging"):
        (root / name).mkdir()
        (root / name / "__init__.py").write_text("from nowhere import nothing\n")
    built, _ = build(root)
    assert isinstance(built, Build), built


def test_revisions_in_folders_that_code_gives_alembic_are_run(
    make_project: MakeProject, build: BuildProject
) -> None:
    root = make_project()
    further = root / "alembic" / "versions" / "next"
    further.mkdir()
    (further / "b2.py").write_text(
        "import sqlalchemy as sa\nfrom alembic import op\n"
        'revision = "b2"\ndown_revision = "a1"\n\n'
        'def upgrade():\n    op.create_table("notes", sa.Column("id", sa.Integer))\n'
    )
    built, _ = build(root)
    assert isinstance(built, Build), built
    assert isinstance(built.catalog, Catalog)
    assert [t.name for t in built.catalog.tables] == ["accounts", "notes"]
