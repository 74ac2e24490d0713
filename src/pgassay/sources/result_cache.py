"""Results of earlier runs, in a private folder of the user's cache: one file each.

What is read is not trusted: only facts and plain containers can come out of it, and whatever is
broken, cut off or somebody else's is as good as not there.
"""

from __future__ import annotations

import hashlib
import io
import os
import pickle
import re
import stat
import tempfile
import time
from contextlib import suppress
from dataclasses import is_dataclass
from pathlib import Path
from typing import Any

from pgassay.postgres.owned_folder import cache_folder, is_ours, make_ours

_MAGIC = b"pgassay result 1\n"
_FACTS = "pgassay.facts."
_NEW = ".new-"
# In SQL, or in a connection string: a revision's own is in its file, and shall be nowhere else.
_PASSWORD = re.compile(rb"password\s*=?\s*(?:e|\$\w*\$)?'[^'*]|password=[^\s'*=]", re.IGNORECASE)
_FILES_AT_MOST = 200
_BYTES_AT_MOST = 256 << 20
_ABANDONED_AFTER_S = 3600


class ResultCache:
    """`keep` never fails: what cannot be kept, or holds a password, is made again."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    @classmethod
    def of_user(cls) -> ResultCache | None:
        """None where there is no folder that only the user may look into."""
        cache = cache_folder()
        folder = cache / "results" if cache is not None else None
        if folder is None or not make_ours(folder, 0o700) or folder.lstat().st_mode & 0o077:
            return None
        return cls(folder)

    def find(self, name: str) -> Any:
        """What was kept by that name; None without it."""
        try:
            with open(os.open(self._folder / name, os.O_RDONLY | os.O_NOFOLLOW), "rb") as file:
                found = os.fstat(file.fileno())
                if not stat.S_ISREG(found.st_mode) or found.st_uid != os.geteuid():
                    return None
                content = file.read(_BYTES_AT_MOST)
        except OSError:
            return None
        begin = len(_MAGIC) + hashlib.sha256().digest_size
        if content[:begin] != _MAGIC + hashlib.sha256(content[begin:]).digest():
            return None
        try:
            return _FactsOnly(io.BytesIO(content[begin:])).load()
        except Exception:
            # A pickle may fail in any way.
            return None

    def keep(self, name: str, value: Any) -> None:
        """Under a name that is free, or in the place of what was kept by it."""
        if not is_ours(self._folder):
            return
        content = pickle.dumps(value, protocol=pickle.HIGHEST_PROTOCOL)
        if _PASSWORD.search(content):
            return
        with suppress(OSError):
            handle, written = tempfile.mkstemp(prefix=_NEW, dir=self._folder)
            try:
                with open(handle, "wb") as file:
                    file.write(_MAGIC + hashlib.sha256(content).digest() + content)
                os.replace(written, self._folder / name)
            except OSError:
                os.unlink(written)
                raise
            self._prune()

    def _prune(self) -> None:
        """Drop the oldest of what is too much, and what a killed run left half written."""
        found = []
        for path in self._folder.iterdir():
            with suppress(OSError):
                status = path.lstat()
                if not path.name.startswith(_NEW):
                    found.append((status.st_mtime, status.st_size, path))
                elif status.st_mtime < time.time() - _ABANDONED_AFTER_S:
                    path.unlink()
        size = 0
        for number, (_, bytes_, path) in enumerate(sorted(found, reverse=True)):
            size += bytes_
            if number >= _FILES_AT_MOST or size > _BYTES_AT_MOST:
                with suppress(OSError):
                    path.unlink()


class _FactsOnly(pickle.Unpickler):
    """An unpickler that makes facts and calls nothing else."""

    def find_class(self, module: str, name: str) -> Any:
        if module.startswith(_FACTS) and "." not in name:
            found = super().find_class(module, name)
            if isinstance(found, type) and is_dataclass(found) and found.__module__ == module:
                return found
        raise pickle.UnpicklingError(f"{module}.{name} is no fact")
