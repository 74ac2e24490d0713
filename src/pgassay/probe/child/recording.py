"""Recording all that the project's code takes from the world, so that the parent can tell whether a
later run would take the same.

CPython's audit events name each file that is opened and each folder that is listed; what is only
asked for (`os.path.exists`) ends in os.stat and its like. What cannot be told by its name, such as
another program's doings, is a doubt: such a run is never taken for a repeated one.
"""

from __future__ import annotations

import _posixsubprocess
import contextlib
import importlib.util
import os
import sys
import threading
from typing import Any

from pgassay.probe.child.environment_reads import EnvironmentReads
from pgassay.probe.child.questions import watch_questions

_PROGRAM, _NETWORK, _CHANGE = "starts a program", "uses the network", "changes files"
_DOUBTS = {
    **dict.fromkeys(
        (
            "os.exec",
            "os.fork",
            "os.forkpty",
            "os.posix_spawn",
            "os.spawn",
            "os.system",
            "pty.spawn",
            "subprocess.Popen",
        ),
        _PROGRAM,
    ),
    **dict.fromkeys(
        (
            "socket.getaddrinfo",
            "socket.gethostbyaddr",
            "socket.gethostbyname",
            "socket.getnameinfo",
            "socket.sendmsg",
            "socket.sendto",
        ),
        _NETWORK,
    ),
    **dict.fromkeys(
        (
            "os.chmod",
            "os.chown",
            "os.link",
            "os.mkdir",
            "os.remove",
            "os.rename",
            "os.rmdir",
            "os.symlink",
            "os.truncate",
            "os.utime",
            "sqlite3.connect",
        ),
        _CHANGE,
    ),
}
# They go by os.scandir, and hand on no more of its entries than names and kinds.
_TELLS_NAMES = ("glob", "os", "pathlib", "pathlib._local", "pathlib._os")
_WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND
# Compiled code may open files without an audit event. These, which projects usually load, do not.
_OPENS_NOTHING = frozenset(
    (
        "_argon2_cffi_bindings",
        "_cffi_backend",
        "_yaml",
        "aiohttp",
        "asyncpg",
        "bcrypt",
        "charset_normalizer",
        "cryptography",
        "frozenlist",
        "greenlet",
        "markupsafe",
        "msgpack",
        "multidict",
        "orjson",
        "propcache",
        "psycopg2",
        "psycopg_binary",
        "psycopg_c",
        "pydantic",
        "pydantic_core",
        "rpds",
        "sqlalchemy",
        "ujson",
        "wrapt",
        "yaml",
        "yarl",
        "zope",
    )
)


class Recording:
    """From the moment it is made. `scratch` is the folder of the scratch server's socket, where
    connections may go; `ours` the one thread that is not the project's."""

    def __init__(self) -> None:
        self.opened: set[str] = set()
        self.listed: set[str] = set()
        self.looked_through: set[str] = set()
        self.asked: set[str] = set()
        self.foreign: set[str] = set()
        self.doubts: set[str] = set()
        self.scratch = ""
        self.ours: threading.Thread | None = None
        self.environment = EnvironmentReads()
        for module in list(sys.modules.values()):
            self._note(self.opened, vars(module).get("__file__") or os.devnull)
        sys.addaudithook(self._heard)
        self._watch_programs()
        watch_questions(self._asked_of)

    def said(self) -> dict[str, Any]:
        """What was taken, as JSON has it. Folders that modules are looked for in count as listed
        even where they are not there. Threads of the project's may go on meanwhile: a set is only
        looked through by sorted(), which they cannot interrupt."""
        for folder in sys.path:
            self._note(self.listed, folder or ".")
        if any(t not in (threading.main_thread(), self.ours) for t in threading.enumerate()):
            self.doubts.add("leaves a thread running")
        ours = os.path.join(self.scratch, "")
        return {
            "opened": sorted(self.opened),
            "listed": sorted(self.listed),
            "looked_through": sorted(self.looked_through),
            "asked": [p for p in sorted(self.asked) if not (ours and p.startswith(ours))],
            "variables": sorted(self.environment.names),
            "every_variable": self.environment.every,
            "foreign": sorted(self.foreign),
            "doubts": sorted(self.doubts),
        }

    def opened_in(self, root: str) -> list[str]:
        """The files below `root` that were opened, without compiled ones."""
        below = os.path.join(os.path.realpath(root), "")
        return [path for path in sorted(self.opened) if path.startswith(below)]

    def _asked_of(self, path: Any, folder: Any) -> None:
        self._note(self.asked, path)
        if folder is not None:
            self.doubts.add("asks for a file by its folder's number")

    def _heard(self, event: str, arguments: Any) -> None:
        if event == "open":
            path, flags = arguments[0], arguments[-1]
            is_written = isinstance(flags, int) and flags & _WRITING
            if is_written and not isinstance(path, int) and path != os.devnull:
                self.doubts.add(_CHANGE)
            self._note(self.opened, path)
        elif event == "import":
            if isinstance(arguments[1], str):
                self._note(self.opened, arguments[1])
                self._compiled(str(arguments[0]), arguments[1])
        elif event in ("os.listdir", "os.scandir"):
            folder = "." if arguments[0] is None else arguments[0]
            by = sys._getframe(1).f_globals.get("__name__")
            entries_told = event == "os.scandir" and by not in _TELLS_NAMES
            self._note(self.looked_through if entries_told else self.listed, folder)
            if isinstance(arguments[0], int):
                self.doubts.add("lists a folder by its number")
        elif event == "socket.connect":
            address = arguments[1]
            local = isinstance(address, (str, bytes)) and self.scratch
            if not local or not os.fsdecode(address).startswith(self.scratch):
                self.doubts.add(_NETWORK)
        elif event == "ctypes.dlopen":
            if arguments[0]:
                self.foreign.add("ctypes")
        elif event in _DOUBTS:
            self.doubts.add(_DOUBTS[event])

    def _compiled(self, module: str, path: str) -> None:
        package = module.partition(".")[0]
        if os.sep + "lib-dynload" + os.sep in path:
            is_heard = package not in ("_dbm", "_gdbm")
        else:
            is_heard = package in _OPENS_NOTHING or module.endswith("__mypyc")
        if not is_heard:
            self.foreign.add(package)

    def _note(self, to: set[str], path: Any) -> None:
        """abspath, not realpath: resolving links here would open files again."""
        if isinstance(path, int):
            return
        try:
            found = os.path.abspath(os.fsdecode(path))
        except (TypeError, ValueError, OSError):
            self.doubts.add("uses a path that has no name")
            return
        if found.endswith(".pyc"):
            # Python takes it where the source beside has the time and size that it was made of,
            # and so may take one of another text.
            if not found.startswith((sys.prefix, sys.base_prefix)):
                to.add(found)
            with contextlib.suppress(NotImplementedError, ValueError):
                found = importlib.util.source_from_cache(found)
        if found.startswith("/dev/shm/") or not found.startswith(("/dev/", "/proc/self/")):
            to.add(found)

    def _watch_programs(self) -> None:
        """multiprocessing starts its own without an audit event."""
        start = _posixsubprocess.fork_exec

        def watched(*arguments: Any) -> Any:
            self.doubts.add(_PROGRAM)
            return start(*arguments)

        _posixsubprocess.fork_exec = watched
