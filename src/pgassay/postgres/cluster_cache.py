"""New data folders: initdb runs once for each installation, later folders are copies.

Measured: initdb 0.6 to 1.0 s; a copy of its 1000 files 0.1 s.
"""

import hashlib
import os
import shutil
import subprocess
import tempfile
import time
from pathlib import Path

from pgassay.postgres.account import Account
from pgassay.postgres.binaries import Binaries
from pgassay.postgres.owned_folder import cache_folder, is_ours
from pgassay.postgres.server_process import server_environment

# One locale everywhere; small log segments make a folder of 30 MB out of one of 46.
_OPTIONS = (
    "--auth=trust",
    "--username=postgres",
    "--encoding=UTF8",
    "--locale=C",
    "--no-sync",
    "--wal-segsize=1",
)
_INITDB_LIMIT_S = 120
_ABANDONED_AFTER_S = 3600


class InitdbFailed(Exception):
    """initdb did not make a data folder; the text is the end of what it said."""


def new_cluster(binaries: Binaries, data: Path, account: Account | None) -> None:
    """Make the data folder `data`, which must not exist, ready for `postgres`.

    As root it belongs to `account`. Without a writable cache folder initdb runs each time.
    Raises InitdbFailed, or OSError when the disk is full.
    """
    cache = cache_folder()
    if cache is None:
        _initdb(binaries, data, account)
        return
    template = cache / f"cluster-{binaries.major}-{_key(binaries)}"
    if not is_ours(template):
        _build(binaries, template, data, account)
        return
    _copy(template, data, account)


def _key(binaries: Binaries) -> str:
    modified = (binaries.bin_dir / "postgres").stat().st_mtime_ns
    seed = "\n".join((str(binaries.bin_dir), binaries.version, str(modified), *_OPTIONS))
    return hashlib.sha256(seed.encode(errors="surrogateescape")).hexdigest()[:16]


def _initdb(binaries: Binaries, data: Path, account: Account | None) -> None:
    data.mkdir(mode=0o700)
    if account is not None:
        os.chown(data, account.uid, account.gid)
    try:
        done = subprocess.run(
            [binaries.bin_dir / "initdb", "-D", data, *_OPTIONS],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            cwd=data,
            env=server_environment(),
            user=account.uid if account else None,
            group=account.gid if account else None,
            extra_groups=[] if account else None,
            timeout=_INITDB_LIMIT_S,
        )
    except subprocess.TimeoutExpired:
        raise InitdbFailed(f"initdb was still running after {_INITDB_LIMIT_S} s") from None
    if done.returncode != 0:
        said = done.stdout.decode(errors="replace").strip().splitlines()
        raise InitdbFailed("\n".join(said[-5:]))


def _build(binaries: Binaries, template: Path, data: Path, account: Account | None) -> None:
    """Run initdb into `data` and keep a copy of the result as `template`."""
    _initdb(binaries, data, account)
    _remove_abandoned(template.parent)
    building = Path(tempfile.mkdtemp(prefix="build-", dir=template.parent))
    try:
        _copy(data, building / "data", None)
        (building / "data").rename(template)
    except OSError:
        # Another process was first, or the cache is full: `data` is complete all the same.
        pass
    finally:
        shutil.rmtree(building, ignore_errors=True)


def _remove_abandoned(cache: Path) -> None:
    for building in cache.glob("build-*"):
        try:
            abandoned = building.lstat().st_mtime < time.time() - _ABANDONED_AFTER_S
        except OSError:
            continue
        if abandoned:
            shutil.rmtree(building, ignore_errors=True)


def _copy(source: Path, target: Path, account: Account | None) -> None:
    target.mkdir(mode=0o700)
    if account is not None:
        os.chown(target, account.uid, account.gid)
    with os.scandir(source) as entries:
        for entry in entries:
            copy = target / entry.name
            if entry.is_dir(follow_symlinks=False):
                _copy(Path(entry.path), copy, account)
                continue
            shutil.copyfile(entry.path, copy)
            copy.chmod(0o600)
            if account is not None:
                os.chown(copy, account.uid, account.gid)
