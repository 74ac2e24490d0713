"""Changing a project's files: all of it, or nothing."""

from __future__ import annotations

import contextlib
import os
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class FileChange:
    """A file with its new text; or, where `text` is None, a file or folder that moves. Paths are
    relative to the project's root."""

    path: str
    text: str | None
    moved_to: str = ""


class NotWritten(Exception):
    """Nothing was changed. The message says what was in the way."""


def write_files(root: Path, changes: Sequence[FileChange]) -> None:
    """Write every file beside its place first; only then put them there, one rename each. What
    fails on the way takes back what was done. Raises NotWritten."""
    ready: list[tuple[Path, Path]] = []
    undo: list[tuple[Path, bytes | None]] = []
    moved: list[tuple[Path, Path]] = []
    try:
        for change in changes:
            if change.text is not None:
                ready.append((_beside(root / change.path, change.text), root / change.path))
        for temporary, place in ready:
            undo.append((place, place.read_bytes() if place.exists() else None))
            os.replace(temporary, place)
        for change in changes:
            if change.text is None:
                old, new = root / change.path, root / change.moved_to
                if new.exists():
                    raise FileExistsError(f"{new} exists")
                old.rename(new)
                moved.append((new, old))
    except BaseException as error:
        for new, old in reversed(moved):
            new.rename(old)
        for place, before in reversed(undo):
            if before is None:
                place.unlink(missing_ok=True)
            else:
                place.write_bytes(before)
        for temporary, _ in ready:
            with contextlib.suppress(OSError):
                temporary.unlink()
        if not isinstance(error, OSError):
            raise
        raise NotWritten(f"Nothing was changed: {error}") from error


def _beside(place: Path, text: str) -> Path:
    mode = place.stat().st_mode & 0o777 if place.exists() else 0o644
    handle, name = tempfile.mkstemp(dir=place.parent, prefix=f".{place.name}.")
    with os.fdopen(handle, "w", encoding="utf-8", newline="") as file:
        file.write(text)
    Path(name).chmod(mode)
    return Path(name)
