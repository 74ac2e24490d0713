"""Cutting a child process off from every server but ours.

The child gets a network namespace of its own, which takes TCP and abstract sockets away, and a
mount namespace in which /dev/null lies over the path of each listening unix-domain socket; a
connection to it is refused. Measured: guards inside Python alone do not stop a revision's own
`psycopg2.connect` or a `psql` child; this does.

What it does not do: it stops accidents, not attackers. An outside server that starts after the
child did makes a new socket, which is not masked unless it is in PostgreSQL's own folder.
"""

import functools
import glob
import os
import subprocess
import sys
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from pgassay.postgres.account import Account
from pgassay.postgres.owned_folder import temporary_folders

_LAUNCHER = Path(__file__).with_name("enclosure.py")
_LISTENING = 0x10000  # __SO_ACCEPTCON, include/linux/net.h
# Folders for nothing but sockets: taken away whole, so that a server that starts later is too.
_SOCKET_FOLDERS = ("/run/postgresql", "/var/run/postgresql", "/var/pgsql_socket")
# Servers in other network namespaces, such as other runs of ours, are not in /proc/net/unix.
_RUN_SOCKETS = "pgassay-*/run-*/*/.s.PGSQL.*"


class IsolationLevel(StrEnum):
    """How far a child is cut off."""

    FULL = "full"  # no network, and no listening unix socket of the machine but the allowed
    PARTIAL = "partial"  # no network; some unix sockets could not be masked
    NONE = "none"  # the system does not allow it, or it is not Linux


@dataclass(frozen=True, slots=True)
class Isolation:
    """A command to run in place of the one given, and how far it is cut off."""

    command: tuple[str, ...]
    level: IsolationLevel
    reason: str  # why the level is not full; empty when it is


@dataclass(frozen=True, slots=True)
class _Ability:
    works: bool
    reason: str
    unmaskable: frozenset[str]


def isolate(
    command: Sequence[str | Path],
    *,
    allow: Sequence[Path] = (),
    mask: Sequence[Path] = (),
    own_pids: bool = False,
    account: Account | None = None,
) -> Isolation:
    """The command that runs `command` cut off, to be given to `subprocess` at once.

    `allow`: folders, or sockets, that stay reachable. `mask`: further folders whose
    `.s.PGSQL.*` sockets, or sockets, to take away. `own_pids`: a process tree of its own; every
    descendant ends with the child, and the child with the process that was started. Send that
    one SIGTERM or SIGKILL. `account`: whom to run as; needs root.

    With level `none` the command comes back unchanged, and `account` is left to the caller.
    The folders and pipes given to `subprocess` (`cwd`, `pass_fds`, `env`) work as usual.
    """
    plain = tuple(os.fspath(part) for part in command)
    ability = _ability(own_pids)
    if not ability.works:
        return Isolation(plain, IsolationLevel.NONE, ability.reason)
    sockets = set(_sockets(mask, allow))
    unlocated = sorted(path for path in sockets if not os.path.isabs(path))
    unmaskable = sorted(sockets & ability.unmaskable)
    masks = sorted(sockets - ability.unmaskable - set(unlocated))
    options = ["pids"] if own_pids else []
    if account is not None:
        options.append(f"account={account.uid}:{account.gid}")
    enclosed = _launch(options, masks, plain)
    left = [f"{path} cannot be masked" for path in unmaskable]
    left += [f"{path} is a relative path and cannot be located" for path in unlocated]
    if left:
        return Isolation(enclosed, IsolationLevel.PARTIAL, "; ".join(left))
    return Isolation(enclosed, IsolationLevel.FULL, "")


def _launch(
    options: Sequence[str], masks: Sequence[str], command: Iterable[str]
) -> tuple[str, ...]:
    start = (sys.executable, "-I", "-S", str(_LAUNCHER))
    return (*start, ",".join(options) or "-", str(len(masks)), *masks, *command)


@functools.cache
def _ability(own_pids: bool) -> _Ability:
    """Whether it works here, found out by doing it once in each process (about 40 ms)."""
    if not sys.platform.startswith("linux"):
        return _Ability(False, f"{sys.platform} has no network namespaces", frozenset())
    if not sys.executable:
        return _Ability(False, "the path of the Python interpreter is not known", frozenset())
    masks = sorted(path for path in set(_sockets((), ())) if os.path.isabs(path))
    options = ["probe", *(["pids"] if own_pids else [])]
    try:
        done = subprocess.run(
            _launch(options, masks, ()),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=20,
        )
    except (OSError, subprocess.SubprocessError) as failed:
        return _Ability(False, f"the launcher did not run: {failed}", frozenset())
    if done.returncode != 0:
        said = os.fsdecode(done.stderr).strip().splitlines()
        return _Ability(False, said[-1] if said else "the launcher failed", frozenset())
    unmaskable = frozenset(path for path in os.fsdecode(done.stdout).split("\0") if path)
    return _Ability(True, "", unmaskable)


def _sockets(mask: Sequence[Path], allow: Sequence[Path]) -> Iterator[str]:
    """The listening unix sockets of the machine and folders for them, without the allowed."""
    allowed = [os.path.realpath(path) for path in allow]
    closed = {os.path.realpath(path) for path in _SOCKET_FOLDERS if os.path.isdir(path)}
    closed = {folder for folder in closed if not any(_is_in(one, folder) for one in allowed)}
    yield from closed
    for path in (*_listening(), *_standard(mask)):
        actual = os.path.realpath(path) if os.path.isabs(path) else path
        if not any(_is_in(actual, folder) for folder in (*allowed, *closed)):
            yield actual


def _is_in(path: str, folder: str) -> bool:
    return path == folder or path.startswith(folder + os.sep)


def _listening() -> Iterator[str]:
    try:
        table = Path("/proc/net/unix").read_bytes()
    except OSError:
        return
    for line in table.splitlines()[1:]:
        fields = line.split(None, 7)
        # Abstract sockets ("@name") belong to the network namespace.
        if len(fields) == 8 and int(fields[3], 16) & _LISTENING and fields[7][:1] != b"@":
            yield os.fsdecode(fields[7])


def _standard(mask: Sequence[Path]) -> Iterator[str]:
    folders = ["/tmp", *_SOCKET_FOLDERS, *os.environ.get("PGHOST", "").split(","), *map(str, mask)]
    for folder in folders:
        if not os.path.isabs(folder):
            continue
        if os.path.isdir(folder):
            found = glob.glob(f"{glob.escape(folder)}/.s.PGSQL.*")
            yield from (path for path in found if not path.endswith(".lock"))
        elif os.path.exists(folder):
            yield folder
    for temporary in {os.fspath(folder) for folder in temporary_folders()}:
        found = glob.glob(f"{glob.escape(temporary)}/{_RUN_SOCKETS}")
        yield from (path for path in found if not path.endswith(".lock"))
