"""Recording which environment variables the project's code reads."""

from __future__ import annotations

import os
import posix
import sys
from typing import Any


class EnvironmentReads:
    """`names` are those that were asked for, set or not; `every`: all were looked through.

    os.getenv, `get`, `pop`, `setdefault` and the views all end in one of these methods of the class
    that os.environ and os.environb have in common.
    """

    def __init__(self) -> None:
        self.names: set[str] = set()
        self.every = False
        self._lacking: dict[tuple[str, str, str, int], None] = {}
        self._withheld: dict[str, str] = {}
        self._below = ""
        kind: Any = type(os.environ)
        for method in ("__contains__", "__delitem__", "__getitem__"):
            self._watch_one(kind, method)
        for method in ("__iter__", "__len__", "__repr__"):
            self._watch_every(kind, method)
        vars(posix)["environ"] = os.environb  # the same variables, and heard

    def begin(self, root: str, withheld: dict[str, str]) -> None:
        """From here on the project's code runs. `withheld` are the stand-ins that it is given."""
        self._below = os.path.join(root, "")
        self._withheld = withheld

    def lacking(self) -> list[Any]:
        """Each (name, kind, file, line) that was asked for where the code then got nothing (kind
        "unset") or a stand-in (kind "withheld"); file and line are those of the project's code that
        asked, "" and 0 where none of it did."""
        return list(self._lacking)

    def _watch_one(self, kind: Any, method: str) -> None:
        original = getattr(kind, method)

        def watched(environment: Any, key: Any) -> Any:
            name = os.fsdecode(key) if isinstance(key, (bytes, str)) else str(key)
            self.names.add(name)
            try:
                found = original(environment, key)
            except KeyError:
                self._note(name, "unset")
                raise
            if found is False:
                self._note(name, "unset")
            elif isinstance(found, (bytes, str)) and os.fsdecode(found) == self._withheld.get(name):
                self._note(name, "withheld")
            return found

        setattr(kind, method, watched)

    def _note(self, name: str, kind: str) -> None:
        if not self._below:
            return
        frame: Any = sys._getframe(2)
        while frame is not None and not self._is_of_project(frame.f_code.co_filename):
            frame = frame.f_back
        file, line = ("", 0)
        if frame is not None:
            file, line = os.path.abspath(frame.f_code.co_filename), frame.f_lineno
        self._lacking[name, kind, file, line] = None

    def _is_of_project(self, file: str) -> bool:
        """Python's own may be called `<frozen os>`, which is no path."""
        path = os.path.abspath(file)
        is_below = path.startswith(self._below) and not file.startswith("<")
        return is_below and os.sep + "site-packages" + os.sep not in path

    def _watch_every(self, kind: Any, method: str) -> None:
        original = getattr(kind, method)

        def watched(environment: Any) -> Any:
            self.every = True
            return original(environment)

        setattr(kind, method, watched)
