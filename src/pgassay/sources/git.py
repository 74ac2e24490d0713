"""Asking git. It only reads, runs nothing that the repository configures, and has little time."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

_TIME_LIMIT_S = 5.0
_QUIET = (
    *("--no-pager", "-c", "core.fsmonitor=false", "-c", "core.hooksPath=/dev/null"),
    *("-c", "log.showSignature=false"),
)


class Git:
    """`root` is a folder in a work tree, which paths are relative to."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.environment = {k: v for k, v in os.environ.items() if not k.startswith("GIT_")} | {
            "GIT_LITERAL_PATHSPECS": "1",
            "GIT_OPTIONAL_LOCKS": "0",
            "GIT_TERMINAL_PROMPT": "0",
            "GIT_NO_LAZY_FETCH": "1",
            "LC_ALL": "C",
        }

    def run(self, *arguments: str) -> bytes:
        """What git says; b"" where it fails, is missing or takes too long."""
        return self.asked(*arguments) or b""

    def asked(self, *arguments: str) -> bytes | None:
        """The same, but None where it fails: for whom silence would be an answer."""
        try:
            done = subprocess.run(
                ["git", *_QUIET, *arguments],
                cwd=self.root,
                env=self.environment,
                stdin=subprocess.DEVNULL,
                capture_output=True,
                check=False,
                timeout=_TIME_LIMIT_S,
            )
        except (OSError, subprocess.TimeoutExpired):
            return None
        return done.stdout if done.returncode == 0 else None

    def lines(self, *arguments: str) -> list[str]:
        return self.run(*arguments).decode("utf-8", "replace").splitlines()
