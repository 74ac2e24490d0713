"""Where `script_location = package:folder` leads: the project, its copy, or the interpreter."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

import pytest

from pgassay.facts.history import History
from pgassay.sources.histories import FoundHistories, read_histories
from pgassay.sources.package_folders import PackageFolders
from pgassay.sources.project_files import read_project_files

REVISION = 'revision = "{}"\ndown_revision = None\ndef upgrade():\n    pass\n'


def package(
    folder: Path, *, ids: tuple[str, ...] = ("a1", "b2"), written: str = "crane:core/scripts"
) -> Path:
    """A package with a script directory core/scripts, and two inis that name it by its package."""
    scripts = folder / "core" / "scripts"
    (scripts / "versions").mkdir(parents=True)
    for initial in (folder, folder / "core"):
        (initial / "__init__.py").write_text("")
    (scripts / "env.py").write_text("from alembic import context\n")
    for revision in ids:
        (scripts / "versions" / f"{revision}.py").write_text(REVISION.format(revision))
    for place in ("one", "two"):
        (folder / place).mkdir()
        (folder / place / "alembic.ini").write_text(f"[alembic]\nscript_location = {written}\n")
    return folder


@pytest.fixture
def interpreter(tmp_path: Path) -> str:
    """One that has the package crane."""
    package(tmp_path / "installed" / "crane")
    shim = tmp_path / "python"
    shim.write_text(f'#!/bin/sh\nPYTHONPATH="{tmp_path}/installed" exec "{sys.executable}" "$@"\n')
    shim.chmod(0o755)
    return str(shim)


def found(root: Path, python: str | None = None) -> FoundHistories:
    files = read_project_files(root).paths
    return read_histories(root, files, PackageFolders(root, files, python))


def only(root: Path, python: str | None = None) -> History:
    result = found(root, python)
    assert result.unavailable == ()
    assert len(result.histories) == 1, [h.name for h in result.histories]
    assert sorted(r.id for r in result.histories[0].revisions) == ["a1", "b2"]
    return result.histories[0]


def test_the_root_is_the_package(tmp_path: Path) -> None:
    history = only(package(tmp_path / "crane"))
    assert history.name == "core/scripts"
    assert history.ini is not None


@pytest.mark.parametrize("above", ["crane", "src/crane"])
def test_the_root_has_the_package(tmp_path: Path, above: str) -> None:
    package(tmp_path / "project" / above)
    assert only(tmp_path / "project").name == f"{above}/core/scripts"


@pytest.mark.parametrize("installed", [True, False])
@pytest.mark.parametrize("inside", ["", "other"])
def test_a_copy_under_another_name(
    tmp_path: Path, interpreter: str, installed: bool, inside: str
) -> None:
    root = tmp_path / "project"
    package(root / inside)
    history = only(root, interpreter if installed else None)
    assert history.script_directory == str(root / inside / "core" / "scripts")


def test_of_two_copies_each_ini_means_its_own(tmp_path: Path, interpreter: str) -> None:
    root = tmp_path / "project"
    for name in ("first", "second"):
        package(root / name)
    result = found(root, interpreter)
    assert [h.name for h in result.histories] == ["first/core/scripts", "second/core/scripts"]
    assert all(h.ini and h.ini.path.startswith(h.name[:5]) for h in result.histories)


def test_an_installed_package(tmp_path: Path, interpreter: str) -> None:
    """As dagster-postgres, whose ini names a folder of dagster."""
    root = tmp_path / "project"
    package(root)
    shutil.rmtree(root / "core")
    history = only(root, interpreter)
    assert history.name == "crane:core/scripts"
    assert history.script_directory == str(tmp_path / "installed" / "crane" / "core" / "scripts")
    assert history.ini is not None
    assert history.ini.path == "one/alembic.ini"


def test_a_folder_that_only_looks_alike_is_not_taken_for_the_installed_one(
    tmp_path: Path, interpreter: str
) -> None:
    root = package(tmp_path / "project", ids=("x1", "y2", "z3"))
    names = [h.name for h in found(root, interpreter).histories]
    assert names == ["core/scripts", "crane:core/scripts"]


def test_what_nobody_knows_is_said_and_is_no_history(tmp_path: Path) -> None:
    root = tmp_path / "project"
    package(root)
    shutil.rmtree(root / "core")
    result = found(root, sys.executable)
    assert result.histories == ()
    lost = result.unavailable[0]
    assert "[alembic] of one/alembic.ini has script_location = crane:core/scripts" in lost.reason
    assert "Install crane there" in lost.next_step


def test_the_interpreter_imports_nothing_of_the_package(tmp_path: Path, interpreter: str) -> None:
    (tmp_path / "installed" / "crane" / "__init__.py").write_text("raise SystemExit('imported')")
    root = tmp_path / "project"
    package(root)
    shutil.rmtree(root / "core")
    assert only(root, interpreter).name == "crane:core/scripts"


@pytest.mark.parametrize("name", ["crane", "renamed"])
def test_a_path_from_above_the_package(tmp_path: Path, name: str) -> None:
    """As mlflow's, which is run from the folder that has the package."""
    root = package(tmp_path / name, written="crane/core/scripts")
    history = only(root)
    assert history.name == "core/scripts"
    assert history.ini is not None
