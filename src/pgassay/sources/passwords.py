"""Passwords that stand in the project's files, and whether git holds those files."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

from pgassay.analysis.password_text import may_hold_passwords, passwords_in
from pgassay.facts.written_password import WrittenPassword
from pgassay.sources.project_files import relative

_LARGEST_FILE = 1 << 20
_BINARY_WITHIN = 8192
_GIT_TIME_LIMIT_S = 30


def written_passwords(root: Path, files: Iterable[Path]) -> tuple[WrittenPassword, ...]:
    """The passwords in those files, by path and line, each without the password itself.

    Files over 1 MB and binary ones are passed over, and so are those that cannot be read.
    """
    found: list[WrittenPassword] = []
    for path in files:
        shown = relative(path, root)
        if may_hold_passwords(shown):
            found += passwords_in(shown, _text(path))
    if not found:
        return ()
    tracked = _tracked_files(root)
    known = [
        replace(item, tracked=None if tracked is None else item.location.path in tracked)
        for item in found
    ]
    return tuple(sorted(known, key=lambda item: (item.location.path, item.location.line or 0)))


def _text(path: Path) -> str:
    """The text of an ordinary file, "" where there is none to be had."""
    try:
        if not path.is_file() or path.stat().st_size > _LARGEST_FILE:
            return ""
        data = path.read_bytes()
    except OSError:
        return ""
    return "" if b"\0" in data[:_BINARY_WITHIN] else data.decode("utf-8", "replace")


def _tracked_files(root: Path) -> frozenset[str] | None:
    """The files below `root` that git holds; None where git cannot tell."""
    # The repository's own configuration must not make git start programs.
    command = ("git", "-c", "core.fsmonitor=false", "-C", str(root), "ls-files", "-z")
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
