"""Trying changes of a project's files in a copy of it."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from pgassay.actions.write_files import FileChange, write_files

_APART = (".git", ".hg", ".venv", "venv", "node_modules", "__pycache__", ".tox", ".mypy_cache")


@contextmanager
def copied(root: Path, changes: Sequence[FileChange]) -> Iterator[Path]:
    """A copy of the project with the changes, gone afterwards."""
    with tempfile.TemporaryDirectory(prefix="pgassay-copy-") as folder:
        copy = Path(folder).resolve() / root.name
        shutil.copytree(root, copy, symlinks=True, ignore=shutil.ignore_patterns(*_APART))
        write_files(copy, changes)
        yield copy
