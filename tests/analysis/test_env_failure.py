"""What env.py lacked, and the command that helps."""

from __future__ import annotations

from typing import Any

import pytest

from pgassay.analysis.env_failure import env_failure
from pgassay.analysis.missing_setting import missing_settings, without_values
from pgassay.facts.history import History
from pgassay.facts.location import Location

HISTORY = History("alembic", "/p/alembic", (), (), ini=Location("alembic.ini", 3))


def event(kind: str, error: str, **more: Any) -> dict[str, Any]:
    values = {
        "where": "env",
        "url": "",
        "type": kind,
        "error": error,
        "name": "",
        "argument": error,
    }
    return {**values, "traceback": "", "frames": [["/p/alembic/env.py", 4]], **more}


def missing(module: str, own: str = "") -> tuple[str, str]:
    found = event("ModuleNotFoundError", f"No module named {module!r}", name=module)
    lost = env_failure(HISTORY, "/p", found, "/p/.venv/bin/python", lambda _: own)
    return lost.reason, lost.next_step


@pytest.mark.parametrize(
    ("module", "package"),
    [
        ("yaml", "PyYAML"),
        ("psycopg2", "psycopg2-binary"),
        ("psycopg", "'psycopg[binary]'"),
        ("dotenv", "python-dotenv"),
        ("pydantic_settings", "pydantic-settings"),
        ("jose.jwt", "python-jose"),
        ("structlog", "structlog"),
    ],
)
def test_the_package_of_a_missing_module(module: str, package: str) -> None:
    reason, step = missing(module)
    assert reason == (f"The project's interpreter has no module {module!r} (alembic/env.py:4).")
    assert step.startswith(f"Run `/p/.venv/bin/python -m pip install {package}`, or name")


def test_a_module_of_the_projects_own_is_not_to_be_installed() -> None:
    reason, step = missing("app.models", "src/app")
    assert reason == (
        "env.py of alembic/ cannot import 'app.models', which is the project's own (src/app) "
        "(alembic/env.py:4)."
    )
    assert step == (
        "Set `prepend_sys_path = src` in alembic.ini, or run `PYTHONPATH=src pgassay check`."
    )


def test_what_sqlalchemy_lacks_for_asyncio() -> None:
    said = "The SQLAlchemy asyncio module requires that the Python 'greenlet' library is installed"
    lost = env_failure(HISTORY, "/p", event("ImportError", said), "python", lambda _: "")
    assert "pip install greenlet" in lost.next_step


@pytest.mark.parametrize(
    ("found", "names"),
    [
        (event("KeyError", "'APP_KEY'", argument="APP_KEY"), ("APP_KEY",)),
        (event("KeyError", "'name'", argument="name"), ()),
        (event("RuntimeError", "APP_KEY"), ()),
        (
            event(
                "ValidationError",
                "2 validation errors for Settings",
                traceback="...\nurl\n  field required (type=value_error.missing)\n"
                "port\n  value is not a valid integer (type=type_error.integer)\n",
                prefix="app_",
            ),
            ("APP_URL",),
        ),
        (event("ValidationError", "1 validation error for Settings", prefix=""), ()),
        (
            event("ValidationError", "1 ...", traceback="\nurl\n  Field required [", prefix=None),
            (),
        ),
    ],
)
def test_only_what_is_missing_is_named(found: dict[str, Any], names: tuple[str, ...]) -> None:
    assert missing_settings(found) == names


def test_values_are_not_quoted() -> None:
    said = "url\n  Field required [type=missing, input_value={'a': 'b]c', 'd': 1}, input_type=dict]"
    assert without_values(said) == (
        "url\n  Field required [type=missing, input_value=***, input_type=dict]"
    )
