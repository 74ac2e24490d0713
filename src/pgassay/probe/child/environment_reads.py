"""Recording which environment variables the project's code reads."""

from __future__ import annotations

import os
import posix
from typing import Any


class EnvironmentReads:
    """`names` are those that were asked for, set or not; `every`: all were looked through.

    os.getenv, `get`, `pop`, `setdefault` and the views all end in one of these methods of the class
    that os.environ and os.environb have in common.
    """

    def __init__(self) -> None:
        self.names: set[str] = set()
        self.every = False
        kind: Any = type(os.environ)
        for method in ("__contains__", "__delitem__", "__getitem__"):
            self._watch_one(kind, method)
        for method in ("__iter__", "__len__", "__repr__"):
            self._watch_every(kind, method)
        vars(posix)["environ"] = os.environb  # the same variables, and heard

    def _watch_one(self, kind: Any, method: str) -> None:
        original = getattr(kind, method)

        def watched(environment: Any, key: Any) -> Any:
            self.names.add(os.fsdecode(key) if isinstance(key, (bytes, str)) else str(key))
            return original(environment, key)

        setattr(kind, method, watched)

    def _watch_every(self, kind: Any, method: str) -> None:
        original = getattr(kind, method)

        def watched(environment: Any) -> Any:
            self.every = True
            return original(environment)

        setattr(kind, method, watched)
