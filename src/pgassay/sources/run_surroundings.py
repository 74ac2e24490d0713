"""What besides the project decides what a run on scratch ends in: this tool, the project's
interpreter, the server's programs, the machine."""

from __future__ import annotations

import os
import re
import sys
from pathlib import Path

import psycopg

from pgassay import __version__
from pgassay.postgres.binaries import Binaries

_OF_LIBPQ = re.compile("PG[A-Z]+")
_OURS = (".py", ".sql", ".json")


def tool_and_machine() -> tuple[str, ...]:
    """pgassay with its source as it is on the disk, what it runs on, who runs it, and what libpq
    takes from the environment when we run SQL ourselves."""
    root = Path(__file__).parents[1]
    ours = [
        (str(path), _file(path))
        for folder, _, names in os.walk(root)
        for path in (Path(folder, name) for name in sorted(names) if name.endswith(_OURS))
    ]
    return (
        __version__,
        sys.version,
        psycopg.__version__,
        str(psycopg.pq.version()),
        *os.uname(),
        str(os.geteuid()),
        _file(Path("/etc/localtime")),
        repr(sorted(pair for pair in os.environ.items() if _OF_LIBPQ.fullmatch(pair[0]))),
        repr(sorted(ours)),
    )


def interpreter(python: str) -> tuple[str, ...]:
    """The project's; its packages count with what the project's code imports."""
    place = Path(python)
    actual = place.resolve()
    settings = place.parent.parent / "pyvenv.cfg"
    return (python, str(actual), _file(actual), _file(settings))


def server_programs(binaries: Binaries) -> tuple[str, ...]:
    """An installation with the extensions that it has."""
    folders = (binaries.bin_dir.parent / "lib", *binaries.extension_folders)
    return (
        str(binaries.bin_dir),
        binaries.version,
        binaries.origin,
        *(_file(path) for path in (binaries.bin_dir / "postgres", *folders)),
    )


def _file(path: Path) -> str:
    """Its state; a folder's changes when something is put into it or taken out."""
    try:
        found = path.stat()
    except OSError as error:
        return type(error).__name__
    return f"{found.st_mode} {found.st_size} {found.st_mtime_ns} {found.st_ctime_ns}"
