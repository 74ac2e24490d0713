"""Folders that are ours: where runs live and where what is costly to make is kept.

A folder in a shared place such as /tmp may have been put there by somebody else. It is used
only when it is a real folder, belongs to us, and nobody else may write to it.
"""

import os
import stat
import tempfile
from collections.abc import Iterator
from pathlib import Path

from pgassay.postgres.account import Account, can_enter

# sun_path is 108 bytes on Linux, 104 on macOS and BSD; PostgreSQL needs one for the final NUL.
SOCKET_PATH_LIMIT = 100
# The longest path a run adds: /pgassay-4294967295-9/run-xxxxxxxx/socket/.s.PGSQL.65535
_LONGEST_RUN_SUFFIX = 58
_NAMES_TRIED = 10
# A run makes and removes some 2000 small files: on a disk that takes longer than the rest of the
# start. Linux has memory that looks like a folder; a run needs about 60 MB of it.
_MEMORY = Path("/dev/shm")
_MEMORY_WANTED = 1 << 30


def is_ours(folder: Path) -> bool:
    """Whether `folder` is a real folder (no link), of our uid, that only we may write to."""
    try:
        status = folder.lstat()
    except OSError:
        return False
    return (
        stat.S_ISDIR(status.st_mode)
        and status.st_uid == os.geteuid()
        and not status.st_mode & 0o022
    )


def make_ours(folder: Path, mode: int) -> bool:
    """Make `folder` with `mode` unless it is there; whether it is ours afterwards."""
    try:
        folder.mkdir()
        # mkdir's own mode is cut by the umask.
        folder.chmod(mode)
    except OSError:
        pass
    return is_ours(folder)


def temporary_folders() -> Iterator[Path]:
    """Where runs may live, the preferred place first; who names TMPDIR decides."""
    if "TMPDIR" not in os.environ and tempfile.gettempdir() == "/tmp" and _MEMORY.is_dir():
        yield _MEMORY
    yield from (Path(tempfile.gettempdir()).resolve(), Path("/tmp").resolve())


def run_parents() -> Iterator[Path]:
    """The folders that may hold runs of ours, the preferred one first, whether there or not."""
    seen: set[Path] = set()
    for temporary in temporary_folders():
        # To libpq a comma separates two hosts.
        too_long = len(os.fsencode(temporary)) > SOCKET_PATH_LIMIT - _LONGEST_RUN_SUFFIX
        if temporary in seen or too_long or "," in str(temporary):
            continue
        seen.add(temporary)
        for number in range(_NAMES_TRIED):
            yield temporary / f"pgassay-{os.geteuid()}{f'-{number}' if number else ''}"


def run_parent(account: Account | None, *, executable: bool = False) -> Path:
    """The folder to make a run's folder in, made when missing.

    `account`: who must be able to pass through it, when that is not us. `executable`: programs
    will be kept there, which memory may not allow.
    Raises OSError when no temporary folder can be used.
    """
    for parent in run_parents():
        if account is not None and not can_enter(account, parent.parent):
            continue
        if parent.parent == _MEMORY and (executable or _free(_MEMORY) < _MEMORY_WANTED):
            continue
        if make_ours(parent, 0o755):
            return parent
    raise OSError(f"no folder of ours can be made in {tempfile.gettempdir()} or /tmp")


def cache_folder() -> Path | None:
    """`$XDG_CACHE_HOME/pgassay` or `~/.cache/pgassay`, made when missing; None when unwritable."""
    named = os.environ.get("XDG_CACHE_HOME", "")
    try:
        # The XDG specification says that a relative path is to be ignored.
        base = Path(named) if os.path.isabs(named) else Path.home() / ".cache"
        base.mkdir(mode=0o700, parents=True, exist_ok=True)
    except (OSError, RuntimeError):
        return None
    folder = base / "pgassay"
    if not make_ours(folder, 0o755) or not os.access(folder, os.W_OK | os.X_OK):
        return None
    return folder


def shared_cache_folder(account: Account) -> Path:
    """A cache folder of ours that `account` can read too; root's home usually is not.

    Raises OSError when there is none.
    """
    usual = cache_folder()
    if usual is not None and can_enter(account, usual):
        return usual
    system = Path("/var/cache/pgassay")
    if make_ours(system, 0o755) and can_enter(account, system):
        return system
    return run_parent(account, executable=True)


def _free(folder: Path) -> int:
    """Bytes that an ordinary user may still write."""
    status = os.statvfs(folder)
    return status.f_bavail * status.f_frsize
