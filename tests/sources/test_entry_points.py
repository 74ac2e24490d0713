"""Every form in which migrations are run is found, with its line, history and URL variables."""

from __future__ import annotations

import textwrap
from pathlib import Path

import pytest

from pgassay.facts.entry_point import EntryPoint
from pgassay.sources.entry_points import read_entry_points
from pgassay.sources.histories import read_histories
from pgassay.sources.project_files import read_project_files

REVISION = 'revision = "a1"\ndown_revision = None\ndef upgrade():\n    pass\n'


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """Two histories: alembic/ by the ini, tenant/ by a second section, migrations/ by none."""
    for name in ("alembic", "tenant", "migrations"):
        (tmp_path / name / "versions").mkdir(parents=True)
        (tmp_path / name / "env.py").write_text("from alembic import context\n")
        (tmp_path / name / "versions" / "a1.py").write_text(REVISION)
    (tmp_path / "alembic.ini").write_text(
        "[alembic]\nscript_location = %(here)s/alembic\n[tenant]\nscript_location = tenant\n"
        "[gone]\nscript_location = nowhere\n"
    )
    return tmp_path


def entry_points(root: Path, path: str, text: str) -> tuple[EntryPoint, ...]:
    (root / path).parent.mkdir(parents=True, exist_ok=True)
    (root / path).write_text(textwrap.dedent(text).lstrip("\n"))
    files = read_project_files(root).paths
    return read_entry_points(root, files, read_histories(root, files).histories)


GITHUB = """
name: CI
on: {push: {branches: [main]}}
env:
  DB_URL: postgresql://ci:Tr0ub4dor@localhost/ci
jobs:
  test:
    services:
      postgres: {image: "postgres:16", env: {POSTGRES_DB: x}}
    env: &e
      DATABASE_URL: ${{ secrets.URL }}
    steps:
      - uses: actions/checkout@v4
      - name: Migrate
        run: |
          # alembic upgrade base
          pip install alembic
          alembic upgrade head
      - {run: "alembic current"}
  other:
    steps:
    - run: alembic -n tenant upgrade head
      env:
        TENANT_DATABASE_URL: x
"""
COMPOSE = """
services:
  db:
    image: postgres
    environment:
      DATABASE_URL: not-here
  api:
    build: .
    environment: &common
      - DATABASE_URL=postgresql://u:p@db/x
    command: >
      sh -c "alembic upgrade head &&
             uvicorn app:app"
    deploy:
      replicas: 3
  job:
    env_file: .env
    command: ["bash", "-c", "cd /srv && alembic upgrade head"]
"""
KUBERNETES = """
apiVersion: v1
kind: Service
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: api}
spec:
  replicas: 2
  template:
    spec:
      initContainers:
        - name: migrate
          image: app
          command: ["alembic"]
          args:
            - upgrade
            - head
          env:
            - name: DATABASE_URL
              valueFrom: {secretKeyRef: {name: s, key: u}}
      containers:
        - name: api
          env: [{name: DATABASE_URL, value: x}]
---
apiVersion: batch/v1
kind: Job
spec:
  template:
    spec:
      containers:
        - name: job
          command:
            - /bin/sh
            - -c
            - |
              alembic upgrade head
          envFrom: [{secretRef: {name: s}}]
"""
GITLAB = """
variables:
  DATABASE_URL: "postgresql://postgres@postgres/ci"
migrate:
  stage: deploy
  before_script:
    - pip install -r requirements.txt
  script:
    - echo "alembic upgrade head"
    - >-
      alembic
      upgrade head
    - |
      cd .
      alembic downgrade -1
"""
DOCKERFILE = """
FROM python:3.12 AS build
ENV DATABASE_URL=postgresql://build/x
FROM python:3.12
ENV APP_DATABASE_URL="postgresql://u:p@h/x" \\
    OTHER=1
COPY alembic ./alembic
RUN pip install alembic \\
    && true
CMD ["sh", "-c", "alembic upgrade head && exec gunicorn -w 4 app:app"]
"""
SHELL = """
#!/bin/sh
set -e
# don't run: alembic upgrade head
export DATABASE_URL="postgresql://u:p@h/x"
cat > notes <<EOF
alembic upgrade head
EOF
if [ -n "$MIGRATE" ]; then
  MIGRATIONS_DB_URL=$OTHER poetry run alembic \\
    -c ./alembic.ini \\
    upgrade head
fi
echo "then: alembic upgrade head" || true
alembic history; alembic upgrade head --sql > up.sql
exec python -m alembic -n tenant stamp head
"""
INLINE = """
set -e
cd "$(dirname "$0")/.."
python -c "
from alembic import command, config
cfg = config.Config('alembic.ini')
cfg.set_main_option('script_location', 'migrations')
command.upgrade(cfg, 'head')
"
python3 <<'PY'
from alembic.config import Config
from alembic.command import upgrade as go
go(Config("alembic.ini", ini_section="tenant"), "head")
PY
"""
PYTHON = """
import os, subprocess, sys
from pathlib import Path
from alembic import command
from alembic.config import Config

ROOT = Path(__file__).parent

def config():
    made = Config(str(ROOT / "alembic.ini"))
    made.set_main_option("sqlalchemy.url", os.environ["X"])
    return made

def migrate():
    cfg = config()
    command.upgrade(cfg, "head")

def by_process():
    subprocess.run([sys.executable, "-m", "alembic", "upgrade", "head"], check=True)
    subprocess.run("alembic -n tenant upgrade head", shell=True, env={"DATABASE_URL": "x"})

def harmless():
    command.current(config())
    command.upgrade(config(), "head", sql=True)
    print("alembic upgrade head")
"""
MAKEFILE = """
export DATABASE_URL ?= postgresql://localhost/dev
PYTHON := python

.PHONY: migrate
migrate: venv
\t@$(PYTHON) -m alembic upgrade head
help:
\t@echo "alembic upgrade head"
tenant:
\tTENANT_DB_URL=x alembic -n tenant upgrade head
"""
TASKS = """
[project]
name = "alembic upgrade head"
[tool.poe.tasks]
migrate = "alembic upgrade head"
[tool.poe.tasks.tenant]
cmd = "alembic -n tenant upgrade head"
"""
TOX = """
[testenv:migrate]
setenv =
    DATABASE_URL = postgresql://localhost/tox
commands =
    alembic upgrade head
"""

Found = tuple[int, str, str, tuple[str, ...]]
IN_SHELL = [
    (9, "", "alembic", ("DATABASE_URL", "MIGRATIONS_DB_URL")),
    (15, "", "tenant", ("DATABASE_URL",)),
]


@pytest.mark.parametrize(
    ("path", "text", "expected"),
    [
        (
            ".github/workflows/ci.yml",
            GITHUB,
            [
                (17, "jobs.test", "alembic", ("DB_URL", "DATABASE_URL")),
                (21, "jobs.other", "tenant", ("DB_URL", "TENANT_DATABASE_URL")),
            ],
        ),
        (
            "compose.yaml",
            COMPOSE,
            [
                (11, "services.api", "alembic", ("DATABASE_URL",)),
                (17, "services.job", "alembic", ()),
            ],
        ),
        (
            "deploy/k8s.yaml",
            KUBERNETES,
            [
                (14, "initContainers migrate", "alembic", ("DATABASE_URL",)),
                (36, "containers job", "alembic", ()),
            ],
        ),
        (
            ".gitlab-ci.yml",
            GITLAB,
            [
                (10, "migrate", "alembic", ("DATABASE_URL",)),
                (14, "migrate", "alembic", ("DATABASE_URL",)),
            ],
        ),
        ("Dockerfile", DOCKERFILE, [(9, "image", "alembic", ("APP_DATABASE_URL",))]),
        ("run.sh", SHELL, IN_SHELL),
        ("bin/entrypoint", SHELL, IN_SHELL),
        ("scripts/up.sh", INLINE, [(7, "", "migrations", ()), (12, "", "tenant", ())]),
        (
            "manage_db.py",
            PYTHON,
            [
                (15, "migrate", "alembic", ()),
                (18, "by_process", "alembic", ()),
                (19, "by_process", "tenant", ("DATABASE_URL",)),
            ],
        ),
        (
            "Makefile",
            MAKEFILE,
            [
                (6, "migrate", "alembic", ("DATABASE_URL",)),
                (10, "tenant", "tenant", ("DATABASE_URL", "TENANT_DB_URL")),
            ],
        ),
        (
            "pyproject.toml",
            TASKS,
            [
                (2, "tool.poe.tasks.migrate", "alembic", ()),
                (6, "tool.poe.tasks.tenant.cmd", "tenant", ()),
            ],
        ),
        ("tox.ini", TOX, [(5, "testenv:migrate", "alembic", ("DATABASE_URL",))]),
        (
            "fly.toml",
            '[deploy]\nrelease_command = "alembic upgrade head"\n',
            [(2, "deploy.release_command", "alembic", ())],
        ),
        (
            "Procfile",
            "web: gunicorn app\nrelease: alembic upgrade head\n",
            [(2, "release", "alembic", ())],
        ),
        (
            "noxfile.py",
            'def up(session):\n    session.run("alembic", "upgrade", "head")\n',
            [(2, "up", "alembic", ())],
        ),
        (
            "package.json",
            '{\n"scripts": {\n"up": "alembic upgrade head"}}',
            [(3, "scripts.up", "alembic", ())],
        ),
        ("tests/conftest.py", PYTHON, []),
        ("test_all.py", PYTHON, []),
        ("README.md", "alembic upgrade head\n", []),
        ("broken.yml", "a: [\n  - alembic upgrade head\n\t: {", []),
        ("broken.py", "def f(:\n    alembic upgrade head", []),
        ("broken.sh", "echo 'open\nalembic upgrade head\n", []),
        ("broken.toml", "[a\nalembic", []),
    ],
    ids=lambda v: v if isinstance(v, str) and "\n" not in v else "",
)
def test_finds(root: Path, path: str, text: str, expected: list[Found]) -> None:
    found = entry_points(root, path, text)
    assert [
        (e.location.line, e.unit, e.history, tuple(v.name for v in e.variables)) for e in found
    ] == expected
    assert {e.location.path for e in found} <= {path}
    assert {e.missing for e in found} <= {""}
    assert "Tr0ub4dor" not in repr(found)


@pytest.mark.parametrize(
    ("command", "missing"),
    [
        ("alembic upgrade head", ""),
        ("alembic -c alembic.ini upgrade head", ""),
        ("alembic -c deploy/alembic.ini upgrade head", ""),
        ("alembic -c /etc/app/other.ini upgrade head", ""),
        ("alembic -c $INI upgrade head", ""),
        ("alembic -c other.ini upgrade head", "there is no other.ini"),
        ("alembic --config=other.ini upgrade head", "there is no other.ini"),
        ("sed s/x/y/ alembic.ini > other.ini; alembic -c other.ini upgrade head", ""),
        ("cd $APP && alembic -c other.ini upgrade head", ""),
        ("docker compose run api alembic -c other.ini upgrade head", ""),
        ("alembic -n tenant upgrade head", ""),
        ("alembic -n $NAME upgrade head", ""),
        (
            "alembic -n core upgrade head",
            "alembic.ini has no section [core] with a script_location",
        ),
        (
            "alembic --name gone upgrade head",
            "the script directory nowhere, which [gone] of alembic.ini names, does not exist",
        ),
    ],
)
def test_what_a_command_names_and_is_not_there(root: Path, command: str, missing: str) -> None:
    found = entry_points(root, "run.sh", command + "\n")
    assert [e.missing for e in found] == [missing]


def test_a_script_directory_that_is_not_there(root: Path) -> None:
    text = INLINE.replace("'migrations'", "'db/migrations'")
    found = entry_points(root, "up.sh", text.replace('cd "$(dirname "$0")/.."', ""))
    assert [e.missing for e in found] == ["there is no script directory db/migrations", ""]


@pytest.mark.parametrize(
    ("command", "tool"),
    [
        ("flyway -url=jdbc:x migrate", "flyway"),
        ("goose -dir db postgres $URL up", "goose"),
        ("dbmate --wait up", "dbmate"),
        ("migrate -path db -database $URL up", "migrate"),
        ("npx prisma migrate deploy", "prisma"),
        ("python manage.py migrate --noinput", "django"),
        ("yoyo apply --database x", "yoyo"),
        ("supabase db push", "supabase"),
        ("flask --app web db upgrade", "flask-migrate"),
        ("npm run migrate up", ""),
        ("python manage.py runserver", ""),
        ("flyway info", ""),
        ("flask run", ""),
    ],
)
def test_other_tools(root: Path, command: str, tool: str) -> None:
    found = entry_points(root, "run.sh", command + "\n")
    history = "migrations" if tool == "flask-migrate" else ""
    assert [(e.tool, e.history) for e in found] == ([(tool, history)] if tool else [])


def test_how_many_run_side_by_side_and_what_is_not_told(root: Path) -> None:
    compose = entry_points(root, "compose.yaml", COMPOSE)
    assert [(e.copies, e.open) for e in compose] == [(3, False), (1, True)]
    (root / "compose.yaml").unlink()
    kubernetes = entry_points(root, "k8s.yaml", KUBERNETES)
    assert [(e.copies, e.open) for e in kubernetes] == [(2, False), (1, True)]


def test_a_url_handed_over_in_code_is_seen(root: Path) -> None:
    assert [e.sets_url for e in entry_points(root, "db.py", PYTHON)] == [True, False, False]


def test_an_advisory_lock_is_seen(root: Path) -> None:
    (root / "alembic" / "env.py").write_text('"SELECT pg_advisory_xact_lock(1)"\n')
    found = entry_points(root, "run.sh", "alembic upgrade head\nalembic -n tenant upgrade head\n")
    assert [e.locked for e in found] == [True, False]


@pytest.mark.parametrize(
    ("path", "text", "history"),
    [
        ("services/b/Dockerfile", "CMD alembic upgrade head\n", ""),
        ("services/b/Dockerfile", "RUN cd services/b && alembic upgrade head\n", "services/b/db"),
        ("services/b/up.sh", "alembic -c services/b/alembic.ini upgrade head\n", "services/b/db"),
        ("services/b/up.sh", 'cd "$(dirname "$0")"\nalembic upgrade head\n', "services/b/db"),
        (
            "services/b/up.sh",
            "alembic -c /srv/services/b/alembic.ini upgrade head\n",
            "services/b/db",
        ),
        ("services/up.sh", "alembic upgrade head\n", "alembic"),
        (".github/workflows/x.yml", "jobs: {a: {steps: [{run: alembic upgrade head}]}}", "alembic"),
        (
            ".github/workflows/x.yml",
            "jobs:\n  a:\n    defaults: {run: {working-directory: ./services/b}}\n"
            "    steps:\n      - run: alembic upgrade head\n",
            "services/b/db",
        ),
        (
            ".github/workflows/x.yml",
            "jobs:\n  a:\n    steps:\n      - run: alembic upgrade head\n"
            "        working-directory: services/b\n",
            "services/b/db",
        ),
    ],
    ids=range(9),
)
def test_which_of_two_services_is_meant(root: Path, path: str, text: str, history: str) -> None:
    service = root / "services" / "b"
    (service / "db" / "versions").mkdir(parents=True)
    (service / "db" / "env.py").write_text("")
    (service / "db" / "versions" / "b1.py").write_text(REVISION.replace("a1", "b1"))
    (service / "alembic.ini").write_text("[alembic]\nscript_location = %(here)s/db\n")
    assert [e.history for e in entry_points(root, path, text)] == [history]


@pytest.mark.parametrize(
    ("path", "text", "alone"),
    [
        ("a.sh", "DATABASE_URL=x alembic upgrade head\n", {"DATABASE_URL"}),
        ("a.sh", "env DATABASE_URL=x poetry run alembic upgrade head\n", {"DATABASE_URL"}),
        ("a.sh", "export DATABASE_URL=x\nDB_URL=y alembic upgrade head\n", {"DB_URL"}),
        ("a.sh", "DATABASE_URL=x\nalembic upgrade head\n", set()),
        ("a.sh", "export DATABASE_URL=x\nalembic upgrade head && gunicorn a\n", set()),
        ("a.sh", "DATABASE_URL=x sh -c 'alembic upgrade head && gunicorn a'\n", set()),
        ("a.sh", "TEST_DATABASE_URL=x alembic upgrade head\n", set()),
        (
            "Makefile",
            "export DB_URL = x\nup:\n\tDATABASE_URL=y alembic upgrade head\n",
            {"DATABASE_URL"},
        ),
        ("Procfile", "release: DATABASE_URL=$X alembic upgrade head\n", {"DATABASE_URL"}),
        ("Dockerfile", "ENV DB_URL=x\nRUN DATABASE_URL=y alembic upgrade head\n", {"DATABASE_URL"}),
        (
            "package.json",
            '{"scripts": {"up": "cross-env DATABASE_URL=x alembic upgrade head"}}',
            {"DATABASE_URL"},
        ),
        (
            "up.py",
            "import os, subprocess\n"
            "subprocess.run(['alembic', 'upgrade', 'head'], env={'DATABASE_URL': u})\n",
            {"DATABASE_URL"},
        ),
    ],
)
def test_what_is_set_for_the_migration_alone(
    root: Path, path: str, text: str, alone: set[str]
) -> None:
    (entry,) = entry_points(root, path, text)
    assert entry.given_alone == alone
