"""The command line remembers, unless it is told not to."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from tests.cli.pgassay_command import EXAMPLE, pgassay


@pytest.fixture
def example(tmp_path: Path) -> Path:
    return Path(shutil.copytree(EXAMPLE, tmp_path / "example"))


def test_the_worked_example_runs_once(example: Path, tmp_path: Path) -> None:
    env = {"PGASSAY_NO_CACHE": "", "XDG_CACHE_HOME": str(tmp_path / "caches")}

    def checked(*options: str) -> dict[str, object]:
        done = pgassay("check", example, "--output", "json", *options, env=env)
        assert done.returncode in (1, 3), done.stderr
        document: dict[str, object] = json.loads(done.stdout)
        return document

    first, second = checked(), checked()
    assert first["unchanged_since"] is None
    assert second["unchanged_since"] is not None
    for key in ("verdict", "checklist", "checks", "findings", "unavailable", "facts"):
        assert second[key] == first[key], key
    assert checked("--no-cache")["unchanged_since"] is None
    assert checked("--gate")["unchanged_since"] is None, "what a deployment relies on is run"
    env["PGASSAY_NO_CACHE"] = "1"
    assert checked()["unchanged_since"] is None


def test_the_list_runs_once(example: Path, tmp_path: Path) -> None:
    env = {"PGASSAY_NO_CACHE": "", "XDG_CACHE_HOME": str(tmp_path / "caches")}
    command = ("history", "list", example)
    first, second = (pgassay(*command, env=env).stdout for _ in range(2))
    lines = second.splitlines()
    assert lines.pop().startswith("scratch runs: unchanged since ")
    assert lines == first.splitlines()
    assert "scratch runs:" not in pgassay(*command, "--no-cache", env=env).stdout


def test_a_cache_that_cannot_be_written_is_no_failure(example: Path) -> None:
    env = {"PGASSAY_NO_CACHE": "", "XDG_CACHE_HOME": "/dev/null/nowhere"}
    done = pgassay("history", "list", example, env=env)
    assert done.returncode == 0, done.stderr
    assert "scratch runs:" not in done.stdout
