"""Which files belong to the project."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from pathlib import Path

# Other people's code and machines' output: what stands there is not the project's.
NOT_THE_PROJECT = frozenset(
    (
        ".eggs",
        ".git",
        ".hg",
        ".idea",
        ".mypy_cache",
        ".nox",
        ".pytest_cache",
        ".ruff_cache",
        ".svn",
        ".terraform",
        ".tox",
        ".venv",
        ".vscode",
        "__pycache__",
        "build",
        "dist",
        "htmlcov",
        "node_modules",
        "site-packages",
        "venv",
    )
)


def project_files(root: Path, exclude: Sequence[str] = ()) -> Iterator[Path]:
    """Every ordinary file below `root`, sorted, links not followed.

    Version control, virtual environments (a folder with pyvenv.cfg), caches, build output and the
    folders in `exclude` (relative to `root`) are left out. An unreadable folder is passed over.
    """
    left_out = {str(root / folder.strip("/")) for folder in exclude}
    for folder, folders, files in os.walk(root):
        folders[:] = sorted(
            name
            for name in folders
            if name not in NOT_THE_PROJECT
            and not name.endswith(".egg-info")
            and os.path.join(folder, name) not in left_out
            and not os.path.exists(os.path.join(folder, name, "pyvenv.cfg"))
        )
        for name in sorted(files):
            path = Path(folder, name)
            if path.is_file() and not path.is_symlink():
                yield path


def relative(path: Path, root: Path) -> str:
    """`path` as reports show it: relative to the project, with forward slashes."""
    try:
        return path.relative_to(root).as_posix() or "."
    except ValueError:
        return path.as_posix()
