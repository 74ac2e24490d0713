"""Real servers, in a temporary folder and with a cache of their own."""

import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

import pgassay
from pgassay.postgres.account import server_account
from pgassay.postgres.binaries import Binaries, find_binaries
from pgassay.postgres.scratch_server import ScratchServer

SOURCE = Path(pgassay.__file__).parents[1]


@pytest.fixture(scope="session", autouse=True)
def own_temporary_folder() -> Iterator[Path]:
    """Everything the room makes lands here; nothing but the cache may be left in it."""
    folder = Path(tempfile.mkdtemp(prefix="pgt-", dir="/tmp"))
    folder.chmod(0o755)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("TMPDIR", str(folder))
        patch.setenv("XDG_CACHE_HOME", str(folder / "cache"))
        patch.setattr(tempfile, "tempdir", str(folder))
        for name in [name for name in os.environ if name.startswith("PG")]:
            patch.delenv(name)
        yield folder
    shutil.rmtree(folder)


@pytest.fixture
def place(own_temporary_folder: Path) -> Iterator[Path]:
    """A folder that the server's account can pass through (pytest's own are closed to it)."""
    folder = Path(tempfile.mkdtemp(dir=own_temporary_folder))
    folder.chmod(0o755)
    yield folder
    shutil.rmtree(folder)


@pytest.fixture(scope="session")
def binaries() -> Binaries:
    """What scratch uses when no version is asked for."""
    return find_binaries()


@pytest.fixture(scope="session")
def server(binaries: Binaries) -> Iterator[ScratchServer]:
    """One server for all that only use one."""
    with ScratchServer(binaries) as running:
        yield running


def run_folders(base: Path) -> set[Path]:
    """The folders of runs, alive or dead, that are on the disk."""
    return set(base.glob("pgassay-*/run-*"))


def owned_by_server(path: Path) -> None:
    """Give a file to the account that servers run as, when that is not us."""
    account = server_account()
    if account is not None:
        os.chown(path, account.uid, account.gid)


def python(script: str, *arguments: str) -> subprocess.Popen[str]:
    """A Python process that can import pgassay; what it prints can be read from it."""
    return subprocess.Popen(
        [sys.executable, "-c", script, *arguments],
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": os.pathsep.join([str(SOURCE), *sys.path])},
        start_new_session=True,
    )


def eventually(condition: Callable[[], bool], limit_s: float = 10.0) -> bool:
    """Whether the condition comes true within the limit."""
    deadline = time.monotonic() + limit_s
    while not condition():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.02)
    return True


def is_alive(pid: int) -> bool:
    """Whether the process runs; a dead one that nobody waited for does not."""
    try:
        text = Path(f"/proc/{pid}/stat").read_text()
    except OSError:
        return False
    return text.rpartition(")")[2].split()[0] != "Z"
