"""The present state of what a run read: the same again, or not."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator, Mapping
from contextlib import suppress
from hashlib import sha256

from pgassay.facts.reads import Reads

_HASHED_AT_MOST = 4 << 20
# What a shell keeps for itself; it counts where it was asked for by name.
_OF_THE_SHELL = frozenset(("OLDPWD", "SHLVL", "_"))
# What Python and the C library read before any code of the project's runs.
_UNSEEN = (
    "DYLD_",
    "GLIBC_",
    "LANG",
    "LC_",
    "LD_",
    "LOCPATH",
    "MALLOC_",
    "OPENSSL_",
    "PYTHON",
    "SSL_",
    "TZ",
)


def state_of(reads: Reads, environment: Mapping[str, str], root: str) -> str:
    """A hash over all that `reads` names, as it is now. `environment` is what the project's code
    would be given. The project's files count by their contents; those elsewhere, which are many, by
    size, times and number: nothing changes a file without its ctime."""
    state = sha256()
    for line in _lines(reads, environment, os.path.join(root, "")):
        state.update(line.encode("utf-8", "surrogateescape") + b"\n")
    return state.hexdigest()


def changed_since(reads: Reads, moment: float, root: str) -> bool:
    """Whether anything of it changed after `moment`, by time.time(), as far as that still shows."""
    below = os.path.join(root, "")
    folders = reads.listed | reads.looked_through
    for path in reads.opened | folders | reads.asked:
        place = path
        # What is gone has left its mark on its folder.
        while not os.path.lexists(place) and place.startswith(below):
            place = os.path.dirname(place)
        with suppress(OSError, ValueError):
            for found in (os.lstat(place), os.stat(place)):
                is_folder = stat.S_ISDIR(found.st_mode)
                # An `asked` folder is only looked for; what happens in it is no matter.
                if is_folder and place == path and path not in folders:
                    continue
                if found.st_ctime >= moment:
                    return True
    return False


def _lines(reads: Reads, environment: Mapping[str, str], below: str) -> Iterator[str]:
    for path in sorted(reads.opened):
        yield f"opened {path!r} {_contents(path, path.startswith(below))}"
    for path in sorted(reads.listed):
        yield f"listed {path!r} {_names(path)}"
    for path in sorted(reads.looked_through):
        yield f"looked through {path!r} {_entries(path)}"
    for path in sorted(reads.asked):
        yield f"asked {path!r} {_kind(path)}"
    everything = reads.every_variable or bool(reads.foreign)
    names = set(reads.variables) | {n for n in environment if n.startswith(_UNSEEN)}
    names |= environment.keys() - _OF_THE_SHELL if everything else set()
    for name in sorted(names):
        yield f"variable {name!r} {environment.get(name)!r}"


def _contents(path: str, of_project: bool) -> str:
    try:
        found = os.stat(path)
        if of_project and stat.S_ISREG(found.st_mode) and found.st_size <= _HASHED_AT_MOST:
            with open(path, "rb") as file:
                return sha256(file.read()).hexdigest()
    except (OSError, ValueError) as error:
        return type(error).__name__
    times = f"{found.st_mtime_ns} {found.st_ctime_ns}"
    return f"{found.st_mode} {found.st_size} {times} {found.st_dev} {found.st_ino}"


def _names(path: str) -> str:
    try:
        with os.scandir(path) as entries:
            named = sorted((e.name, e.is_dir()) for e in entries if e.name != "__pycache__")
    except (OSError, ValueError) as error:
        return type(error).__name__
    return sha256(repr(named).encode("utf-8", "surrogateescape")).hexdigest()


def _entries(path: str) -> str:
    try:
        with os.scandir(path) as entries:
            found = sorted((e.name, _kind(e.path)) for e in entries if e.name != "__pycache__")
    except (OSError, ValueError) as error:
        return type(error).__name__
    return sha256(repr(found).encode("utf-8", "surrogateescape")).hexdigest()


def _kind(path: str) -> str:
    try:
        itself, led_to = os.lstat(path), os.stat(path)
        target = os.readlink(path) if stat.S_ISLNK(itself.st_mode) else ""
    except (OSError, ValueError) as error:
        return type(error).__name__
    own = (led_to.st_size, led_to.st_mtime_ns) if stat.S_ISREG(led_to.st_mode) else ()
    return f"{led_to.st_mode} {own} {target!r}"
