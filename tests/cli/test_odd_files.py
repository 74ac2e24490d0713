"""Files that are no Python, wherever they lie, are passed by or named, and end nothing."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.pgassay_command import pgassay
from tests.test_cases import BASE, project

MODEL = b"from sqlalchemy.orm import Mapped\n__tablename__ = 'x'\nsa.create_all()\nimport alembic\n"
REVISION = b"revision = 'odd'\ndown_revision = '0003_payments_by_day'\n\ndef upgrade():\n    pass\n"
ODD = {
    "null-bytes": b"\x00\n",
    "not-utf-8": b"a = 'caf\xe9'\n",
    "too-deep": b"x = " + b"-" * 100_000 + b"1\n",
    "too-long": b"x = " + b"+".join([b"1"] * 100_000),
    "conflict": b"<<<<<<< HEAD\n",
    "escape": b"\x1b[31m = 1\n",
}
PLACES = {
    "app/models/odd.py": MODEL,
    "app/main.py": MODEL + b"app = FastAPI()\n",
    "manage.py": MODEL + b"INSTALLED_APPS = ['django']\n",
    "app/migrations/0001_initial.py": b"from django.db import migrations\n",
    "alembic/versions/odd.py": REVISION,
}


@pytest.mark.parametrize("odd", ODD)
def test_an_odd_file_ends_nothing(tmp_path: Path, odd: str) -> None:
    root = project(BASE, tmp_path)
    for place, text in PLACES.items():
        path = root / place
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text + ODD[odd])
    done = pgassay("check", root, "--no-color", "--select", "HIS,SEC,MON")
    assert "Traceback" not in done.stderr + done.stdout
    assert "crashed" not in done.stdout
    assert "HIS008" in done.stdout
    assert "alembic/versions/odd.py" in done.stdout
    assert "\x1b" not in done.stdout
    assert done.returncode == 1
    listed = pgassay("history", "list", root, "--no-build")
    assert listed.returncode == 0, listed.stderr
    assert "alembic/versions/odd.py" in " ".join(listed.stdout.split())
