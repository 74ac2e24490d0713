"""A run leaves nothing behind: not side by side, not after Ctrl-C, not after kill -9."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cli.pgassay_command import COMMAND, EXAMPLE, environment

CHECK = [*COMMAND, "check", str(EXAMPLE), "--output", "json"]


@pytest.fixture
def temporary() -> Iterator[Path]:
    """A temporary folder of the test's own: what other runs leave does not count. Short, for the
    sockets in it, and open to the account that the server runs as."""
    folder = Path(tempfile.mkdtemp(prefix="pga-", dir="/tmp"))
    folder.chmod(0o755)
    yield folder
    shutil.rmtree(folder, ignore_errors=True)


def start(temporary: Path) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        CHECK,
        env=environment({"TMPDIR": str(temporary)}),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        start_new_session=True,
    )


def runs(temporary: Path) -> list[Path]:
    return sorted(temporary.glob("pgassay-*/run-*"))


def servers(temporary: Path) -> list[int]:
    """Processes that work in, or name, the folder."""
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        try:
            command = (process / "cmdline").read_bytes()
        except OSError:
            continue
        if str(temporary).encode() in command and b"postgres" in command:
            found.append(int(process.name))
    return found


def wait_for_server(temporary: Path, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline:
        if any(temporary.glob("pgassay-*/run-*/*/.s.PGSQL.*")):
            time.sleep(0.3)
            return
        assert process.poll() is None, process.communicate()
        time.sleep(0.02)
    raise AssertionError("no scratch server was started")


def test_two_runs_side_by_side_agree_and_leave_nothing(temporary: Path) -> None:
    both = [start(temporary), start(temporary)]
    documents = []
    for process in both:
        out, error = process.communicate(timeout=120)
        assert process.returncode == 1, error
        documents.append(json.loads(out))
    first, second = ([(f["code"], f["subject"]) for f in d["findings"]] for d in documents)
    assert first == second
    assert ("HIS001", "alembic + migrations") in first
    assert runs(temporary) == []
    assert servers(temporary) == []


@pytest.mark.parametrize(("ending", "status"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_a_run_that_is_told_to_stop_cleans_up(
    temporary: Path, ending: signal.Signals, status: int
) -> None:
    process = start(temporary)
    wait_for_server(temporary, process)
    process.send_signal(ending)
    _, error = process.communicate(timeout=30)
    assert process.returncode == status, error
    assert b"Traceback" not in error
    assert runs(temporary) == []
    assert servers(temporary) == []


def test_nobody_waits_for_code_that_hangs(temporary: Path, tmp_path: Path) -> None:
    """Ctrl-C while env.py hangs ends the run at once, not after its time limit."""
    project = tmp_path / "p"
    shutil.copytree(EXAMPLE, project)
    env = project / "alembic" / "env.py"
    env.write_text(f"open('hangs', 'w').close()\nimport time\ntime.sleep(600)\n{env.read_text()}")
    process = subprocess.Popen(
        [*COMMAND, "check", str(project)],
        env=environment({"TMPDIR": str(temporary)}),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        start_new_session=True,
    )
    deadline = time.monotonic() + 30
    while not (project / "hangs").exists() and time.monotonic() < deadline:
        time.sleep(0.05)
    process.send_signal(signal.SIGINT)
    _, error = process.communicate(timeout=15)
    assert process.returncode == 130, error
    assert b"Traceback" not in error
    assert runs(temporary) == []
    assert children_at(project) == []


def test_what_kill_9_leaves_the_next_run_removes(temporary: Path) -> None:
    killed = start(temporary)
    wait_for_server(temporary, killed)
    os.kill(killed.pid, signal.SIGKILL)
    killed.communicate()
    left = runs(temporary)
    assert len(left) == 1, "the planted damage is not there"
    assert servers(temporary) != []
    following = start(temporary)
    _, error = following.communicate(timeout=120)
    assert following.returncode == 1, error
    assert runs(temporary) == []
    assert servers(temporary) == []


def test_the_projects_code_ends_with_a_run_that_is_killed(temporary: Path, tmp_path: Path) -> None:
    project = tmp_path / "p"
    shutil.copytree(EXAMPLE, project)
    env = project / "alembic" / "env.py"
    marker = f"hang-{os.getpid()}"
    env.write_text(
        f"import os, time\nopen({marker!r}, 'w').write(str(os.getpid()))\n"
        f"time.sleep(600)\n{env.read_text()}"
    )
    process = subprocess.Popen(
        [*COMMAND, "check", str(project)],
        env=environment({"TMPDIR": str(temporary)}),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    deadline = time.monotonic() + 30
    while not (project / marker).exists() and time.monotonic() < deadline:
        time.sleep(0.05)
    assert (project / marker).exists()
    assert children_at(project) != []
    os.kill(process.pid, signal.SIGKILL)
    process.wait()
    deadline = time.monotonic() + 5
    while children_at(project) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert children_at(project) == []
    subprocess.run(
        [*COMMAND, "check", str(EXAMPLE), "-q"],
        env=environment({"TMPDIR": str(temporary)}),
        capture_output=True,
        check=False,
    )


def children_at(project: Path) -> list[int]:
    """Probe children whose working folder is the project."""
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        try:
            if os.readlink(process / "cwd") == str(project):
                found.append(int(process.name))
        except OSError:
            continue
    return found
