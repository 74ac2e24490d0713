"""Folders below versions/ that code gives Alembic, and those that are no part of the history."""

from __future__ import annotations

from pathlib import Path

import pytest

from pgassay.facts.history import History
from pgassay.sources.histories import read_histories
from pgassay.sources.project_files import read_project_files


def history(root: Path, revisions: dict[str, str], ini: str = "") -> History:
    """`revisions` are parents by path below versions/, "" for none; the file's name is the id."""
    versions = root / "migrations" / "versions"
    for path, parent in revisions.items():
        file = versions / f"{path}.py"
        file.parent.mkdir(parents=True, exist_ok=True)
        down = repr(parent) if parent else None
        file.write_text(
            f'revision = "{file.stem}"\ndown_revision = {down}\ndef upgrade():\n    pass\n'
        )
    (root / "migrations" / "env.py").write_text("from alembic import context\n")
    (root / "alembic.ini").write_text(f"[alembic]\nscript_location = migrations\n{ini}")
    (found,) = read_histories(root, read_project_files(root).paths).histories
    return found


@pytest.mark.parametrize(
    ("revisions", "expected"),
    [
        # keystone's: each release's folders follow on the ones before.
        (
            {"a": "", "v1/expand/b": "a", "v1/contract/c": "a", "v2/expand/d": "b"},
            {"a", "b", "c", "d"},
        ),
        # prefect's: a tree a dialect.
        ({"postgresql/a": "", "postgresql/b": "a", "sqlite/x": ""}, {"a", "b"}),
        # What was squashed away.
        ({"c": "", "d": "c", "old/a": "", "old/b": "a"}, {"c", "d"}),
    ],
)
def test_a_folder_below_versions(
    tmp_path: Path, revisions: dict[str, str], expected: set[str]
) -> None:
    assert {r.id for r in history(tmp_path, revisions).revisions} == expected


def test_where_the_ini_names_folders_only_those_count(tmp_path: Path) -> None:
    ini = "version_locations = migrations/versions/v1\n"
    found = history(tmp_path, {"v1/a": "", "v1/more/b": "a"}, ini)
    assert {r.id for r in found.revisions} == {"a"}
