"""The unprivileged account that servers run as when we are root.

PostgreSQL refuses to run as uid 0 (`src/backend/main/main.c`, `check_root`).
"""

import os
import pwd
from dataclasses import dataclass
from pathlib import Path

# What Linux gives to "nobody" where there is no such entry (containers without passwd).
_OVERFLOW_ID = 65534


@dataclass(frozen=True, slots=True)
class Account:
    """A user and group, as numbers."""

    uid: int
    gid: int


def server_account() -> Account | None:
    """The account to run servers as: `nobody` when we are root, None (ourselves) otherwise."""
    if os.geteuid() != 0:
        return None
    try:
        entry = pwd.getpwnam("nobody")
    except KeyError:
        return Account(_OVERFLOW_ID, _OVERFLOW_ID)
    return Account(entry.pw_uid, entry.pw_gid)


def can_enter(account: Account, folder: Path) -> bool:
    """Whether `account` may pass through `folder` and every folder above it.

    Reads permission bits only. Access lists may forbid more; the server then says so itself.
    """
    for step in (folder, *folder.parents):
        try:
            status = step.stat()
        except OSError:
            return False
        if status.st_uid == account.uid:
            needed = 0o100
        elif status.st_gid == account.gid:
            needed = 0o010
        else:
            needed = 0o001
        if not status.st_mode & needed:
            return False
    return True
