"""The folder of one run of a server, and the removal of those that dead runs left behind.

Each folder holds `owner.lock`, flock-ed for the life of the process that made it. The kernel
lets go of the lock however that process ends, so a lock that can be had means a dead run.
"""

import contextlib
import fcntl
import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

from pgassay.postgres.account import Account
from pgassay.postgres.owned_folder import is_ours, run_parent, run_parents
from pgassay.postgres.server_process import end_servers

_LOCK = "owner.lock"
_PREFIX = "run-"


class RunFolder:
    """A folder of our own under the temporary folder, with our lock on it.

    As root, `account` may pass through it; `data` and `socket` below belong to that account.
    """

    def __init__(self, account: Account | None) -> None:
        """Make it. Raises OSError when no temporary folder can be used."""
        parent = run_parent(account)
        # Between its making and its locking a folder looks dead; nobody may look then.
        with _guarded(parent):
            self.path = Path(tempfile.mkdtemp(prefix=_PREFIX, dir=parent))
            self._lock: int | None = os.open(self.path / _LOCK, os.O_RDWR | os.O_CREAT, 0o600)
            fcntl.flock(self._lock, fcntl.LOCK_EX)
        if account is not None:
            self.path.chmod(0o711)

    @property
    def data(self) -> Path:
        """Where the server's data is, or will be."""
        return self.path / "data"

    @property
    def log(self) -> Path:
        """The file the server's messages go to."""
        return self.path / "server.log"

    def remove(self) -> None:
        """Remove it with all it holds, and let go of the lock. Again and again is fine."""
        _remove(self.path)
        lock, self._lock = self._lock, None
        if lock is not None:
            os.close(lock)


def sweep_stale() -> tuple[Path, ...]:
    """Stop the servers of dead runs of ours and remove their folders; which ones it removed.

    A run whose process lives is never touched.
    """
    removed = []
    for parent in run_parents():
        if not is_ours(parent):
            continue
        for folder in sorted(parent.glob(f"{_PREFIX}*")):
            with contextlib.suppress(OSError), _owned_by_nobody(parent, folder) as dead:
                if dead:
                    end_servers(folder / "data")
                    _remove(folder)
                    removed.append(folder)
    return tuple(removed)


@contextlib.contextmanager
def _guarded(parent: Path) -> Iterator[None]:
    guard = os.open(parent / ".lock", os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW, 0o600)
    try:
        fcntl.flock(guard, fcntl.LOCK_EX)
        yield
    finally:
        os.close(guard)


@contextlib.contextmanager
def _owned_by_nobody(parent: Path, folder: Path) -> Iterator[bool]:
    """Whether its run is dead; while inside, no other process will think so too."""
    with _guarded(parent):
        if not is_ours(folder):
            yield False
            return
        # Made again when missing: the folder's remover was killed half-way.
        lock = os.open(folder / _LOCK, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW, 0o600)
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(lock)
            yield False
            return
    try:
        yield True
    finally:
        os.close(lock)


def _remove(folder: Path) -> None:
    """Remove a run's folder, its lock last, so that it stays ours until the end."""
    with contextlib.suppress(OSError):
        for entry in list(folder.iterdir()):
            if entry.is_dir() and not entry.is_symlink():
                shutil.rmtree(entry, ignore_errors=True)
            elif entry.name != _LOCK:
                entry.unlink(missing_ok=True)
    shutil.rmtree(folder, ignore_errors=True)
