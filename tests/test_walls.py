"""The walls between the rooms stand, and a breach is seen."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]


def lint(tree: Path) -> subprocess.CompletedProcess[str]:
    code = "import sys; from importlinter.cli import lint_imports_command; lint_imports_command()"
    return subprocess.run(
        [sys.executable, "-c", code, "--no-cache", "--config", str(tree / "pyproject.toml")],
        cwd=tree / "src",
        env={"PYTHONPATH": str(tree / "src"), "PATH": ""},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    shutil.copytree(
        ROOT / "src", tmp_path / "src", ignore=shutil.ignore_patterns("__pycache__", ".*")
    )
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    return tmp_path


def test_the_walls_stand(tree: Path) -> None:
    done = lint(tree)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "0 broken" in done.stdout


@pytest.mark.parametrize(
    ("room", "breach"),
    [
        ("facts/catalog/relations.py", "import psycopg"),
        ("analysis/money.py", "import datetime"),
        ("checks/money.py", "from pgassay.checks import drift"),
        ("checks/history_systems.py", "from pgassay.sources import histories"),
        ("render/terminal.py", "from pgassay.postgres import connection"),
        ("cli/check.py", "import psycopg"),
        ("sources/builds.py", "import alembic"),
        ("guard.py", "from pgassay.facts import location"),
        ("evidence/gate_record.py", "from pgassay.render import json_report"),
        ("a_room_nobody_named.py", "X = 1"),
    ],
)
def test_a_breach_is_seen(tree: Path, room: str, breach: str) -> None:
    path = tree / "src" / "pgassay" / room
    before = path.read_text() if path.exists() else ""
    marker = "from __future__ import annotations\n"
    path.write_text(before.replace(marker, f"{marker}\n{breach}\n", 1) if before else breach)
    done = lint(tree)
    assert done.returncode == 1, done.stdout + done.stderr


def test_the_child_is_python_3_8_and_stands_alone() -> None:
    import ast

    for path in (ROOT / "src" / "pgassay" / "probe" / "child").glob("*.py"):
        module = ast.parse(path.read_text(), feature_version=(3, 8))
        for node in ast.walk(module):
            if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("pgassay"):
                assert (node.module or "").startswith("pgassay.probe.child"), path
