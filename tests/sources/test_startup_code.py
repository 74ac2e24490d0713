"""Start-up code that creates tables or migrates is found, and what only looks like it is not."""

from __future__ import annotations

import textwrap
from pathlib import Path

import pytest

from pgassay.sources.entry_points import read_entry_points
from pgassay.sources.project_files import read_project_files
from pgassay.sources.python_modules import PythonModules
from pgassay.sources.startup_code import read_startup_calls

TABLES = """
from sqlalchemy import MetaData
metadata = MetaData()

def create(engine):
    metadata.create_all(engine)

async def create_async(engine):
    async with engine.begin() as connection:
        await connection.run_sync(metadata.create_all)
"""


def startup(root: Path, files: dict[str, str]) -> list[tuple[str, str, str]]:
    for path, text in files.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(textwrap.dedent(text))
    paths = read_project_files(root).paths
    calls = read_startup_calls(
        PythonModules(root, paths), read_entry_points(root, paths, ()), ["migrations"]
    )
    return [(c.what, str(c.location), c.how) for c in calls]


@pytest.mark.parametrize(
    ("main", "how"),
    [
        (
            "from fastapi import FastAPI\nfrom .tables import create\napp = FastAPI()\ncreate(1)\n",
            "the top level of the application's module",
        ),
        (
            "from fastapi import FastAPI\nimport app.tables as t\n"
            "async def up(app):\n    t.create(1)\n    yield\napp = FastAPI(lifespan=up)\n",
            "the lifespan up()",
        ),
        (
            "from flask import Flask\ndef create_app():\n    app = Flask(__name__)\n"
            "    with app.app_context():\n        from app.tables import create as make\n"
            "        make(1)\n    return app\n",
            "the application factory create_app()",
        ),
        (
            "from fastapi import FastAPI\nfrom app.tables import create\napp = FastAPI()\n"
            "@app.on_event('startup')\ndef begin():\n    try:\n        create(1)\n"
            "    except OSError:\n        raise\n",
            "the start-up event begin()",
        ),
        (
            "from starlette.applications import Starlette\nfrom app.tables import create\n"
            "app = Starlette(on_startup=[create])\n",
            "the start-up event create()",
        ),
        (
            "from starlette.applications import Starlette\nfrom app.tables import create\n"
            "def build():\n    return Starlette()\napp = build()\n"
            "app.add_event_handler('startup', create)\n",
            "the start-up event create()",
        ),
        (
            "from quart import Quart\nfrom app.tables import create\napp = Quart(__name__)\n"
            "@app.before_serving\nasync def go():\n    import asyncio\n"
            "    await asyncio.to_thread(create, 1)\n",
            "the start-up event go()",
        ),
    ],
)
def test_finds_create_all(tmp_path: Path, main: str, how: str) -> None:
    found = startup(tmp_path, {"app/main.py": main, "app/tables.py": TABLES, "app/__init__.py": ""})
    assert found == [("create_all", "app/tables.py:6", how)]


def test_follows_into_async_code(tmp_path: Path) -> None:
    main = """
    from fastapi import FastAPI
    from app.tables import create_async
    async def lifespan(app):
        await create_async(1)
        yield
    app = FastAPI(lifespan=lifespan)
    """
    found = startup(tmp_path, {"app/main.py": main, "app/tables.py": TABLES})
    assert found == [("create_all", "app/tables.py:10", "the lifespan lifespan()")]


APPLICATION = "from fastapi import FastAPI\nfrom app.tables import create\napp = FastAPI()\n"


@pytest.mark.parametrize(
    "files",
    [
        {"app/main.py": APPLICATION + "if settings.debug:\n    create(1)\n"},
        {"app/main.py": APPLICATION + "if debug:\n    pass\nelse:\n    create(1)\n"},
        {"app/main.py": APPLICATION + "if __name__ == '__main__':\n    create(1)\n"},
        {"app/main.py": APPLICATION + "def reset():\n    create(1)\n"},
        {"app/main.py": APPLICATION + "@app.get('/')\ndef page():\n    create(1)\n"},
        {"app/main.py": APPLICATION + "@app.on_event('shutdown')\ndef end():\n    create(1)\n"},
        {
            "app/main.py": APPLICATION
            + "@app.on_event('startup')\ndef go():\n"
            + "    if not dev:\n        return\n    create(1)\n"
        },
        {"scripts/dev.py": APPLICATION + "create(1)\n"},
        {"tests/conftest.py": APPLICATION + "create(1)\n"},
        {"migrations/env.py": APPLICATION + "create(1)\n"},
        {"app/main.py": "from app.tables import create\ncreate(1)\n"},
        {
            "app/main.py": APPLICATION + "from app.cache import local\nlocal(1)\n",
            "app/cache.py": "engine = 'sqlite://'\ndef local(e):\n    metadata.create_all(e)\n",
        },
        {"app/main.py": APPLICATION + "def f(:\n"},
        {
            "app/main.py": APPLICATION
            + "from elsewhere import begin\nbegin()\n"
            + "def page():\n    def begin():\n        create(1)\n"
        },
    ],
    ids=range(14),
)
def test_is_silent(tmp_path: Path, files: dict[str, str]) -> None:
    assert startup(tmp_path, {"app/tables.py": TABLES, **files}) == []


def test_finds_migrations_and_their_lock(tmp_path: Path) -> None:
    main = """
    import subprocess
    from fastapi import FastAPI
    app = FastAPI()

    @app.on_event("startup")
    async def migrate():
        subprocess.run(["alembic", "upgrade", "head"], check=True)
    """
    found = startup(tmp_path, {"app/main.py": main})
    assert found == [("migrate", "app/main.py:8", "the start-up event migrate()")]
