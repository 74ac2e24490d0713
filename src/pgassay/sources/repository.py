"""Where a project lies in its repository."""

from __future__ import annotations

from pathlib import Path


def folder_in_repository(root: Path) -> str:
    """The project's folder seen from the top of its repository, with forward slashes; "" at the
    top itself, and where no folder above is a repository. `.git` is a file in a worktree."""
    for top in (root, *root.parents):
        if (top / ".git").exists():
            return "" if top == root else root.relative_to(top).as_posix()
    return ""
