"""Which files belong to the project, and what could not be looked into."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest

from pgassay.sources.project_files import read_project_files


def test_other_peoples_code_is_left_out(tmp_path: Path) -> None:
    for name in (
        "app/a.py",
        ".venv/b.py",
        "env/pyvenv.cfg",
        "env/c.py",
        "old/d.py",
        "x/build/e.py",
    ):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("")
    (tmp_path / "app" / "big.sql").write_text("")
    (tmp_path / "link.py").symlink_to(tmp_path / "app" / "a.py")
    found = read_project_files(tmp_path, exclude=("old/", "app/big.sql"))
    assert [p.relative_to(tmp_path).as_posix() for p in found.paths] == ["app/a.py"]
    assert found.unavailable == ()


def test_a_folder_that_may_not_be_looked_into_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "conf").mkdir()
    (tmp_path / "a.py").write_text("")
    real = os.scandir

    def locked(path: Any) -> Any:
        if os.fspath(path).endswith("conf"):
            raise PermissionError(13, "Permission denied", os.fspath(path))
        return real(path)

    monkeypatch.setattr(os, "scandir", locked)
    found = read_project_files(tmp_path)
    assert [p.name for p in found.paths] == ["a.py"]
    assert [(u.needs, u.reason, u.next_step) for u in found.unavailable] == [
        ("folder conf", "conf/ cannot be looked into: Permission denied.", "chmod u+rx conf")
    ]
