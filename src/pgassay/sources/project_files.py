"""Which files belong to the project."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from pgassay.facts.unavailable import Unavailable

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


@dataclass(frozen=True, slots=True)
class ProjectFiles:
    """`unavailable` names the folders that could not be looked into."""

    paths: tuple[Path, ...]
    unavailable: tuple[Unavailable, ...] = ()


def read_project_files(root: Path, exclude: Sequence[str] = ()) -> ProjectFiles:
    """Every ordinary file below `root`, sorted, links not followed.

    Version control, virtual environments (a folder with pyvenv.cfg), caches, build output and the
    folders and files in `exclude` (relative to `root`) are left out.
    """
    lost: list[Unavailable] = []

    def refused(error: OSError) -> None:
        shown = relative(Path(error.filename), root)
        reason = f"{shown}/ cannot be looked into: {error.strerror}."
        lost.append(Unavailable(f"folder {shown}", reason, f"chmod u+rx {shown}"))

    paths = tuple(_walk(root, exclude, refused))
    return ProjectFiles(paths, tuple(lost))


def is_file(path: Path) -> bool:
    """Whether there is such a file; not, where its folder may not be looked into."""
    try:
        return path.is_file()
    except OSError:
        return False


def _walk(root: Path, exclude: Sequence[str], refused: Callable[[OSError], None]) -> Iterator[Path]:
    left_out = {str(root / folder.strip("/")) for folder in exclude}
    for folder, folders, files in os.walk(root, onerror=refused):
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
            if str(path) not in left_out and is_file(path) and not path.is_symlink():
                yield path


def relative(path: Path, root: Path) -> str:
    """`path` as reports show it: relative to the project, with forward slashes."""
    try:
        return path.relative_to(root).as_posix() or "."
    except ValueError:
        return path.as_posix()
