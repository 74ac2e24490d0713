"""An env.py that needs settings which are not here: which, by each library's own exception."""

from __future__ import annotations

import pytest

from pgassay.facts.unavailable import Unavailable
from pgassay.flows.workshop import OpenWorkshop
from tests.probe.conftest import BuildProject, MakeProject
from tests.probe.test_versions import with_environment


@pytest.fixture
def shared_workshop(
    shared_workshop: OpenWorkshop, tmp_path_factory: pytest.TempPathFactory
) -> OpenWorkshop:
    """With the newest environment, where these libraries are."""
    return with_environment(shared_workshop, "newest", tmp_path_factory)


@pytest.mark.parametrize(
    ("env", "needed"),
    [
        (
            "from pydantic_settings import BaseSettings, SettingsConfigDict\n"
            "class Settings(BaseSettings):\n"
            "    model_config = SettingsConfigDict(env_prefix='APP_')\n"
            "    database_url: str\n    region_name: str\nSettings()",
            ["APP_DATABASE_URL", "APP_REGION_NAME"],
        ),
        (
            "from pydantic_settings import BaseSettings\n"
            "class Settings(BaseSettings):\n    region_name: str\nSettings()",
            ["REGION_NAME"],
        ),
        ("from decouple import config\nconfig('REGION_NAME')", ["REGION_NAME"]),
        ("from environs import Env\nEnv().str('REGION_NAME')", ["REGION_NAME"]),
        ("from starlette.config import Config\nConfig()('REGION_NAME')", ["REGION_NAME"]),
        ("import environ\nenviron.Env()('REGION_NAME')", ["REGION_NAME"]),
        (
            "from dynaconf import Dynaconf, Validator\n"
            "rules = [Validator('REGION_NAME', must_exist=True)]\n"
            "Dynaconf(validators=rules).validators.validate()",
            ["DYNACONF_REGION_NAME"],
        ),
        ("import os\nos.environ['REGION_NAME']", ["REGION_NAME"]),
    ],
)
def test_the_variable_is_named(
    make_project: MakeProject,
    build: BuildProject,
    env: str,
    needed: list[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    root = make_project(env=env + "\n")
    built, _ = build(root)
    assert isinstance(built, Unavailable), built
    assert f"env.py of alembic/ needs the environment variable{'s' * (len(needed) > 1)} " in (
        built.reason
    )
    assert f" {' and '.join(needed)} (alembic/env.py:" in built.reason
    assert built.next_step.startswith(f"Run `{' '.join(f'{n}=...' for n in needed)} pgassay check`")
    # And that is all it takes.
    for name in needed:
        monkeypatch.setenv(name, "x")
    again, _ = build(root)
    assert not isinstance(again, Unavailable), again


def test_what_an_env_file_holds_is_not_shown(
    make_project: MakeProject, build: BuildProject
) -> None:
    env = (
        "from pydantic_settings import BaseSettings, SettingsConfigDict\n"
        "class Settings(BaseSettings):\n"
        "    model_config = SettingsConfigDict(env_file='.env')\n"
        "    region_name: str\n    word: str\nSettings()\n"
    )
    root = make_project(env=env)
    (root / ".env").write_text("WORD=Tr0ub4dor\n")
    built, _ = build(root)
    assert isinstance(built, Unavailable)
    assert "needs the environment variable REGION_NAME" in built.reason
    assert "Tr0ub4dor" not in repr(built)
    assert "Tr0ub4dor" not in built.detail
