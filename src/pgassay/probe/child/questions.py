"""Hearing of the paths that the project's code asks about without opening them."""

from __future__ import annotations

import functools
import os
from typing import Any, Callable

Tell = Callable[[Any, Any], None]
"""Told the path, and the number of the open folder that it is in, None for none."""


def watch_questions(tell: Tell) -> None:
    """os.path.exists, pathlib and the like all end in one of these, for which CPython has no audit
    event."""
    for name in ("access", "lstat", "readlink", "stat"):
        original = getattr(os, name)
        watched = _Watched(original, tell)
        setattr(os, name, watched)
        for kind in ("dir_fd", "effective_ids", "fd", "follow_symlinks"):
            supporting = getattr(os, "supports_" + kind)
            if original in supporting:
                supporting.add(watched)


class _Watched:
    """No function itself: pathlib, up to Python 3.10, has these as attributes of a class, which
    would make a method of it."""

    def __init__(self, original: Callable[..., Any], tell: Tell) -> None:
        self._original = original
        self._tell = tell
        functools.update_wrapper(self, original)

    def __call__(self, path: Any, *arguments: Any, **values: Any) -> Any:
        self._tell(path, values.get("dir_fd"))
        return self._original(path, *arguments, **values)
