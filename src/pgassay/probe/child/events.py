"""Speaking to the parent: one JSON object a line."""

from __future__ import annotations

import json
import os
import re
import threading
import traceback
from typing import Any, Callable


class Events:
    """The descriptor that was standard output, kept for this alone. `lacking` tells which variables
    the project's code has asked for and not got."""

    def __init__(self, lacking: Callable[[], list[Any]] = list) -> None:
        self._lacking = lacking
        self._out = os.fdopen(os.dup(1), "w", encoding="utf-8", errors="backslashreplace")
        os.dup2(2, 1)
        self._lock = threading.Lock()

    def send(self, event: str, **values: Any) -> None:
        line = json.dumps(dict(values, event=event), default=str)
        with self._lock:
            self._out.write(line + "\n")
            self._out.flush()

    def failed(self, where: str, error: BaseException, **values: Any) -> None:
        """Report an exception: its type, message, SQLSTATE where it has one, and where in the
        project it was raised."""
        origin = getattr(error, "orig", None) or error
        frames = traceback.extract_tb(error.__traceback__)
        self.send(
            "failed",
            where=where,
            type=type(origin).__name__,
            bases=[kind.__name__ for kind in type(origin).__mro__],
            lacking=self._lacking(),
            error=_first_line(origin),
            sqlstate=getattr(origin, "sqlstate", None) or getattr(origin, "pgcode", None) or "",
            statement=str(getattr(error, "statement", "") or "")[:4000],
            frames=[[_path(f.filename), f.lineno] for f in frames],
            name=getattr(error, "name", None) or "",
            prefix=_settings_prefix(error),
            argument=without_addresses(str(error.args[0]))[:200] if error.args else "",
            url=getattr(error, "url", "") or _url_of_engine(error),
            traceback=_traceback(error)[-8000:],
            **values,
        )


def without_addresses(text: str) -> str:
    """Where an object is in memory is otherwise in each run: `<Compiler object at 0x7f21...>`."""
    return re.sub(r" at 0x[0-9a-fA-F]+\b", "", text)


def _traceback(error: BaseException) -> str:
    lines = traceback.format_exception(type(error), error, error.__traceback__)
    return without_addresses("".join(lines))


def _path(filename: str) -> str:
    """Until Python 3.8 relative, where Alembic was given a relative path; `<string>` as it is."""
    return filename if filename.startswith("<") else os.path.abspath(filename)


def _url_of_engine(error: BaseException) -> str:
    """The URL, without its password, of the engine that could not be made; "" where it was not in
    making one that the error was raised."""
    for frame, _ in traceback.walk_tb(error.__traceback__):
        url: Any = frame.f_locals.get("u") if frame.f_code.co_name == "create_engine" else None
        if hasattr(url, "render_as_string"):
            return str(url.render_as_string(hide_password=True))
    return ""


def _first_line(error: BaseException) -> str:
    # SQLAlchemy's asyncpg puts the class before the message.
    text = re.sub(r"^<class '[\w.]+'>: ", "", without_addresses(str(error)).strip())
    return text.split("\n", 1)[0][:500] if text else type(error).__name__


def _settings_prefix(error: BaseException) -> str | None:
    """What a pydantic settings class puts before its fields' names to get a variable's; None where
    it was no such class that complained."""
    if type(error).__name__ != "ValidationError":
        return None
    model = getattr(error, "model", None)  # pydantic 1
    complaining = getattr(model, "__name__", None) or getattr(error, "title", None)
    frame = error.__traceback__
    while frame is not None:
        for value in list(frame.tb_frame.f_locals.values()):
            # Not isinstance(): it asks the value, and lazy settings then load themselves.
            kind = value if issubclass(type(value), type) else type(value)
            try:
                prefix = _prefix_of(kind) if kind.__name__ == complaining else None
            except Exception:
                continue
            if prefix is not None:
                return prefix
        frame = frame.tb_next
    return None


def _prefix_of(kind: Any) -> str | None:
    config = getattr(kind, "model_config", None) or getattr(kind, "__config__", None)
    if isinstance(config, dict):
        return config.get("env_prefix")
    return getattr(config, "env_prefix", None)
