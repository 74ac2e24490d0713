"""What fails for a variable that the code did not get: withheld secrets, unset settings."""

from __future__ import annotations

import pytest

from pgassay.facts.history import Build, Salvage
from pgassay.facts.unavailable import Unavailable
from tests.probe.conftest import BuildProject, MakeProject

SECRET = "Tr0ub4dor"
DECODED = [
    "import base64, os\nbase64.b64decode(os.environ['APP_KEY'], validate=True)",
    "import os\nint(os.environ['APP_KEY'])",
    "import json, os\njson.loads(os.environ.get('APP_KEY', '{}'))",
    "import os, uuid\nuuid.UUID(\n    os.getenv('APP_KEY')\n)",
    "import os\n{'local': 1}[os.environ['APP_KEY']]",
    "import os\nopen(os.environ['APP_KEY'])",
    "import base64, os\nkey = os.environb[b'APP_KEY']\nbase64.b64decode(key, validate=True)",
]


@pytest.fixture(autouse=True)
def secrets(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("APP_KEY", SECRET)
    monkeypatch.setenv("OTHER_TOKEN", SECRET)


def told(built: object) -> Unavailable:
    assert isinstance(built, Unavailable), built
    assert SECRET not in repr(built)
    assert SECRET not in built.detail
    return built


@pytest.mark.parametrize("env", DECODED)
def test_env_py_that_decodes_a_secret(
    make_project: MakeProject, build: BuildProject, env: str
) -> None:
    lost = told(build(make_project(env=env + "\n"))[0])
    assert lost.reason.startswith("env.py of alembic/ failed before the revisions ran: ")
    assert " The code had read APP_KEY, whose value pgassay withheld" in lost.reason
    assert "it gives no secrets to the project's code" in lost.reason
    assert "OTHER_TOKEN" not in lost.reason
    assert lost.next_step.startswith("Write made-up values, not the secrets")
    assert '[project.environment] in pgassay.toml: APP_KEY = "..."' in lost.next_step


@pytest.mark.parametrize("env", DECODED[:5])
def test_a_revision_that_decodes_a_secret_is_no_defect(
    make_project: MakeProject, build: BuildProject, env: str
) -> None:
    lost = told(build(make_project(body=env.replace("\n", "\n    ")))[0])
    assert lost.reason.startswith("Revision a1 of alembic/ failed: ")
    assert "(alembic/versions/a1.py:" in lost.reason
    assert "The code had read APP_KEY, whose value" in lost.reason
    assert 'APP_KEY = "..."' in lost.next_step


def test_where_it_was_read_elsewhere(make_project: MakeProject, build: BuildProject) -> None:
    root = make_project(env="import crypto\n", body="import crypto; crypto.cipher()")
    (root / "settings.py").write_text("import os\nkey = os.environ['APP_KEY']\n")
    (root / "crypto.py").write_text(
        "import base64, settings\n"
        "def cipher():\n    return base64.b64decode(settings.key, validate=True)\n"
    )
    lost = told(build(root)[0])
    assert "(alembic/versions/a1.py:9). The code had read APP_KEY" in lost.reason


@pytest.mark.parametrize(
    ("body", "error"),
    [
        ("import os; os.environ['APP_KEY']; undefined_name", "'undefined_name' is not defined"),
        ("import os; os.environ['APP_KEY']; op.execute('DELETE FROM plans')", '"plans" does not'),
        ("import os; os.environ.get('PORT'); {}['rows']", "'rows'"),
        ("import os; os.environ['APP_KEY']\n    raise RuntimeError('no')", "no"),
        ("int('x')", "invalid literal"),
    ],
)
def test_what_has_another_cause_stays_a_defect(
    make_project: MakeProject, build: BuildProject, body: str, error: str
) -> None:
    built, _ = build(make_project(body=body))
    assert isinstance(built, Build), built
    assert built.failure is not None
    assert error in built.failure.error


def test_behind_a_defect_it_is_none(make_project: MakeProject, build: BuildProject) -> None:
    body = "import os; op.execute('DELETE FROM plans'); int(os.environ['APP_KEY'])"
    built, _ = build(make_project(body=body), models=False, remedies={})
    assert isinstance(built, Build)
    assert isinstance(built.salvage, Salvage)
    assert [f.missing_object for f in built.salvage.failures] == ['relation "plans"']


def test_models_that_decode_a_secret(make_project: MakeProject, build: BuildProject) -> None:
    root = make_project(
        env="import os\nfrom sqlalchemy import event, Table\n"
        "@event.listens_for(Table, 'before_create')\n"
        "def load(target, *_, **__):\n"
        "    if target.name == 'accounts' and 'a1' in done: int(os.environ['APP_KEY'])\n"
        "done = []\n",
        body="import builtins",
    )
    env = root / "alembic" / "env.py"
    env.write_text(env.read_text() + "done.append('a1')\n")
    built, models = build(root)
    assert isinstance(built, Build), built
    lost = told(models)
    assert "The models cannot be created: ValueError" in lost.reason
    assert "The code had read APP_KEY" in lost.reason


@pytest.mark.parametrize(
    "line",
    [
        "int(os.environ.get('WEB_PORT', ''))",
        "int(os.environ.get('WEB_PORT'))",
        "os.getenv('WEB_PORT').split(',')",
        "__import__('sqlalchemy').create_engine(os.environ.get('WEB_PORT'))",
    ],
)
def test_an_unset_variable_is_named(
    make_project: MakeProject,
    build: BuildProject,
    line: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    root = make_project(env=f"import os\nos.environ.get('ELSE')\n{line}\n")
    lost = told(build(root)[0])
    assert lost.reason == (
        "env.py of alembic/ needs the environment variable WEB_PORT (alembic/env.py:3)."
    )
    assert lost.next_step.startswith("Run `WEB_PORT=... pgassay check`, or write the value under ")
    monkeypatch.setenv("WEB_PORT", "1" if "int" in line else "sqlite://")
    again, _ = build(root)
    assert not isinstance(again, Unavailable), again


@pytest.mark.parametrize(
    "body", ["import os; int(os.environ.get('WEB_PORT', ''))", "import os; os.environ['WEB_PORT']"]
)
def test_a_revision_that_needs_one_is_no_defect(
    make_project: MakeProject, build: BuildProject, body: str
) -> None:
    lost = told(build(make_project(body=body))[0])
    assert lost.reason == (
        "Revision a1 of alembic/ needs the environment variable WEB_PORT "
        "(alembic/versions/a1.py:9)."
    )


def test_one_that_was_read_lines_before(make_project: MakeProject, build: BuildProject) -> None:
    env = "import os\nport = os.environ.get('WEB_PORT', '')\nint(port)\n"
    lost = told(build(make_project(env=env))[0])
    assert lost.reason.endswith(
        "invalid literal for int() with base 10: '' (alembic/env.py:3). The code had read "
        "WEB_PORT, which is not set."
    )
    assert 'WEB_PORT = "..."' in lost.next_step


def test_what_the_configuration_gives_is_used(
    make_project: MakeProject, build: BuildProject
) -> None:
    root = make_project(
        env="import os\nint(os.environ['APP_KEY']); int(os.environ.get('WEB_PORT', ''))\n"
        "assert os.environ['OTHER_TOKEN'] == 'withheld-by-pgassay'\n"
    )
    (root / "settings.py").write_text('import os\nurl = os.environ["DATABASE_URL"]\n')
    given = {"APP_KEY": "7", "WEB_PORT": "1", "DATABASE_URL": "postgresql://u:p@h/prod"}
    built, _ = build(root, environment=given)
    assert isinstance(built, Build), built
    assert built.failure is None
    # A database's URL leads to scratch all the same.
    assert (built.requested_url, built.url_variable) == ("", "DATABASE_URL")
