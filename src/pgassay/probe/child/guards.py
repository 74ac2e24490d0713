"""Refusing every other way out, and naming it: sockets, libpq drivers, database clients.

Where the parent could put this process into a network namespace of its own, nothing would get out
anyway; these guards then only name the attempt. Elsewhere they are all there is, and code that is
determined to can pass them: the report says that isolation was partial.
"""

from __future__ import annotations

import os
import sys
from typing import Any, Callable

CLIENTS = frozenset(
    (
        "clusterdb",
        "createdb",
        "createuser",
        "dropdb",
        "dropuser",
        "pg_dump",
        "pg_dumpall",
        "pg_restore",
        "pgbench",
        "pgcli",
        "psql",
        "reindexdb",
        "vacuumdb",
    )
)


class OutsideScratch(Exception):
    """The project's code reached for something beside the scratch server; pgassay refused."""


class Guards:
    def __init__(self, scratch: dict[str, Any], tell: Callable[[str], None]) -> None:
        self._host = str(scratch["host"])
        self._port = str(scratch["port"])
        self._tell = tell

    def install(self) -> None:
        sys.addaudithook(self._audit)
        sys.meta_path.insert(0, _PatchOnImport(self._patch))

    def _refuse(self, what: str) -> None:
        self._tell(what)
        raise OutsideScratch(f"pgassay refused {what}")

    def _audit(self, event: str, arguments: Any) -> None:
        if event == "socket.connect":
            address = arguments[1]
            if isinstance(address, tuple):
                host, port = str(address[0]), str(address[1])
                if (host, port) != (self._host, self._port):
                    self._refuse(f"a connection to {host}:{port}")
            elif isinstance(address, (str, bytes)) and not os.fsdecode(address).startswith(
                self._host
            ):
                self._refuse(f"a connection to {os.fsdecode(address)}")
        elif event == "subprocess.Popen":
            self._command(arguments[0], arguments[1])
        elif event in ("os.exec", "os.posix_spawn", "os.spawn"):
            self._command(arguments[-3] if event == "os.spawn" else arguments[0], arguments[1])
        elif event == "os.system":
            self._command("", os.fsdecode(arguments[0]))

    def _command(self, executable: Any, arguments: Any) -> None:
        words: list[str] = []
        for part in (executable, arguments):
            if isinstance(part, (str, bytes)) or hasattr(part, "__fspath__"):
                words += os.fsdecode(part).split()
            elif isinstance(part, (list, tuple)):
                for item in part:
                    words += os.fsdecode(item).split()
        client = next((w for w in words if os.path.basename(w.strip(";&|()'\"")) in CLIENTS), "")
        if client:
            self._refuse(f"the program {os.path.basename(client)}")

    def _patch(self, module: Any) -> None:
        """libpq opens its sockets in C, where no audit event is raised."""
        if module.__name__ == "psycopg2":
            module.connect = self._guarded(module.connect)
        elif module.__name__ == "psycopg":
            for kind in (module.Connection, module.AsyncConnection):
                kind.connect = self._guarded(kind.connect)
            module.connect = module.Connection.connect

    def _guarded(self, connect: Any) -> Any:
        def guarded(*arguments: Any, **values: Any) -> Any:
            host = str(values.get("host") or "")
            text = str(values.get("dsn") or (arguments[0] if arguments else "") or "")
            if host != self._host and self._host not in text:
                self._refuse(f"a connection to {_shown(host, values, text)}")
            return connect(*arguments, **values)

        return guarded


def _shown(host: str, values: dict[str, Any], text: str) -> str:
    if host or not text:
        port = values.get("port")
        return (host or "the default server") + (f":{port}" if port else "")
    if "://" in text:
        # What stands before the last @ may hold a password.
        return text.split("://", 1)[1].rsplit("@", 1)[-1]
    return " ".join(w for w in text.split() if not w.lower().startswith("password"))


class _PatchOnImport:
    """Calls `patch` on a driver as soon as the project has imported it."""

    def __init__(self, patch: Callable[[Any], None]) -> None:
        self._patch = patch
        self._waiting = {"psycopg2", "psycopg"}

    def find_spec(self, name: str, *_: Any) -> Any:
        if name not in self._waiting:
            return None
        self._waiting.discard(name)
        import importlib.util

        spec = importlib.util.find_spec(name)
        if spec is None or spec.loader is None:
            return None
        execute, patch = spec.loader.exec_module, self._patch

        def exec_module(module: Any) -> None:
            execute(module)
            patch(module)

        spec.loader.exec_module = exec_module  # type: ignore[method-assign]
        return spec
