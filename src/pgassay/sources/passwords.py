"""Passwords that stand in the project's files, and whether git holds those files."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

from pgassay.analysis.password_text import may_hold_passwords, passwords_in
from pgassay.facts.unavailable import Unavailable
from pgassay.facts.written_password import WrittenPassword
from pgassay.sources.project_files import relative

# 25 ms a megabyte for ordinary text.
_LARGEST_FILE = 32 << 20
_BINARY_WITHIN = 8192
_GIT_TIME_LIMIT_S = 30


def written_passwords(
    root: Path, files: Iterable[Path]
) -> tuple[WrittenPassword | Unavailable, ...]:
    """The passwords in those files, by path and line, each without the password itself.

    Binary files are passed over; one that cannot be read, or is over 32 MB, is `Unavailable`.
    """
    found: list[WrittenPassword] = []
    unread: list[Unavailable] = []
    for path in files:
        shown = relative(path, root)
        if may_hold_passwords(shown):
            try:
                found += passwords_in(shown, _text(path))
            except _TooLarge as large:
                reason = f"{shown} is {large} MB, too large to look through for passwords."
                step = f'Leave it out: [project] exclude = ["{shown}"] in pgassay.toml.'
                unread.append(Unavailable(f"file {shown}", reason, step))
            except OSError as error:
                reason = f"{shown} cannot be read ({error.strerror}), so it may hold a password."
                unread.append(Unavailable(f"file {shown}", reason, f"chmod u+r {shown}"))
    if not found:
        return tuple(unread)
    tracked = _tracked_files(root)
    known = [
        replace(item, tracked=None if tracked is None else item.location.path in tracked)
        for item in found
    ]
    known.sort(key=lambda item: (item.location.path, item.location.line or 0))
    return (*known, *unread)


class _TooLarge(Exception):
    """A text of that many megabytes."""


def _text(path: Path) -> str:
    """The text of an ordinary file, "" of any other. Raises OSError and _TooLarge."""
    if not path.is_file():
        return ""
    size = path.stat().st_size
    if size > _LARGEST_FILE:
        with path.open("rb") as file:
            if b"\0" in file.read(_BINARY_WITHIN):
                return ""
        raise _TooLarge(size >> 20)
    data = path.read_bytes()
    return "" if b"\0" in data[:_BINARY_WITHIN] else data.decode("utf-8", "replace")


def _tracked_files(root: Path) -> frozenset[str] | None:
    """The files below `root` that git holds, or would with the next `git add`; None where git
    cannot tell."""
    # The repository's own configuration must not make git start programs.
    git = ("git", "-c", "core.fsmonitor=false", "-C", str(root))
    command = (*git, "ls-files", "-z", "--cached", "--others", "--exclude-standard")
    environment = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    try:
        done = subprocess.run(
            command,
            capture_output=True,
            check=True,
            env=environment | {"LC_ALL": "C", "GIT_OPTIONAL_LOCKS": "0"},
            stdin=subprocess.DEVNULL,
            timeout=_GIT_TIME_LIMIT_S,
        )
    except (OSError, subprocess.SubprocessError):
        return None
    return frozenset(os.fsdecode(name) for name in done.stdout.split(b"\0") if name)
