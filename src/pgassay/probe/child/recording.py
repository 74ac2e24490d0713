"""Recording what the project's code reads: its files and its environment."""

from __future__ import annotations

import os
import sys
from typing import Any


class Recording:
    def __init__(self, root: str) -> None:
        self.files: set[str] = set()
        self.variables: set[str] = set()
        self._root = os.path.join(os.path.realpath(root), "")
        sys.addaudithook(self._opened)
        self._watch_environment()

    def _opened(self, event: str, arguments: Any) -> None:
        if event == "open" and arguments and isinstance(arguments[0], str):
            # abspath, not realpath: resolving links here would open files again.
            path = os.path.abspath(arguments[0])
            if path.startswith(self._root) and not path.endswith(".pyc"):
                self.files.add(path)

    def _watch_environment(self) -> None:
        """os.getenv and os.environ.get both end in __getitem__."""
        kind: Any = type(os.environ)
        original = kind.__getitem__
        variables = self.variables

        def watched(self: Any, key: Any) -> Any:
            variables.add(str(key))
            return original(self, key)

        kind.__getitem__ = watched
