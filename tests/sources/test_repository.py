"""Where a project lies in its repository."""

from __future__ import annotations

from pathlib import Path

from pgassay.sources.repository import folder_in_repository


def test_below_the_top_at_the_top_and_without_one(tmp_path: Path) -> None:
    project = tmp_path / "services" / "billing"
    project.mkdir(parents=True)
    assert folder_in_repository(project) == ""
    (tmp_path / ".git").mkdir()
    assert folder_in_repository(project) == "services/billing"
    assert folder_in_repository(tmp_path) == ""


def test_a_worktree_has_a_file(tmp_path: Path) -> None:
    (tmp_path / ".git").write_text("gitdir: /elsewhere\n")
    (tmp_path / "app").mkdir()
    assert folder_in_repository(tmp_path / "app") == "app"
