"""The processes of a server: started, stopped, and found again by their data folder."""

import os
import shutil
import signal
import subprocess
import time
from collections.abc import Sequence
from pathlib import Path

from pgassay.postgres.account import Account

_PROGRAMS = (b"postgres", b"initdb")
_STOP_LIMIT_S = 5.0


def start_server(
    command: Sequence[str], folder: Path, log: Path, account: Account | None
) -> subprocess.Popen[bytes]:
    """Start a server in `folder`, its messages added to `log`. Raises OSError."""
    with open(log, "ab") as file:
        return subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=file,
            stderr=subprocess.STDOUT,
            cwd=folder,
            env=server_environment(),
            # Ctrl-C in the terminal is for us; we then stop the server.
            start_new_session=True,
            user=account.uid if account else None,
            group=account.gid if account else None,
            extra_groups=[] if account else None,
        )


def stop_server(process: subprocess.Popen[bytes]) -> None:
    """End a server of ours at once; its data is not to be used again. It is gone on return."""
    if process.poll() is None:
        process.send_signal(signal.SIGQUIT)
    try:
        process.wait(_STOP_LIMIT_S)
    except BaseException as failed:
        # Too slow, or a second Ctrl-C: either way it must be gone before its folder is.
        process.kill()
        process.wait()
        if not isinstance(failed, subprocess.TimeoutExpired):
            raise


def server_environment() -> dict[str, str]:
    """The environment of initdb and postgres: nothing of ours, so no password, no PG* variable."""
    kept = ("PATH", "LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH")
    inherited = {name: os.environ[name] for name in kept if name in os.environ}
    return {**inherited, "LC_ALL": "C", "TZ": "UTC"}


def server_pids(data: Path) -> tuple[int, ...]:
    """The postmaster (or initdb) that was started with exactly this data folder.

    `postmaster.pid` alone does not do: the number in it may belong to another process by now.
    Empty where there is no /proc.
    """
    wanted = os.fsencode(data)
    found = []
    for entry in Path("/proc").glob("[0-9]*"):
        try:
            arguments = (entry / "cmdline").read_bytes().split(b"\0")
        except OSError:
            continue
        if os.path.basename(arguments[0]) in _PROGRAMS and wanted in arguments[1:]:
            found.append(int(entry.name))
    return tuple(found)


def end_servers(data: Path) -> None:
    """End them at once (SIGQUIT, then SIGKILL after 5 s). The data is not to be used again."""
    if not Path("/proc/self/cmdline").exists():
        _end_with_pg_ctl(data)
        return
    _signal(server_pids(data), signal.SIGQUIT)
    deadline = time.monotonic() + _STOP_LIMIT_S
    while (pids := server_pids(data)) and time.monotonic() < deadline:
        time.sleep(0.01)
    _signal(pids, signal.SIGKILL)


def _signal(pids: tuple[int, ...], number: signal.Signals) -> None:
    for pid in pids:
        try:
            os.kill(pid, number)
        except ProcessLookupError:
            continue


def _end_with_pg_ctl(data: Path) -> None:
    """macOS and BSD. The options file names the postgres program; pg_ctl is beside it."""
    try:
        program = (data / "postmaster.opts").read_text().split('"')[0].split()[0]
    except (OSError, IndexError):
        return
    pg_ctl = Path(program).with_name("pg_ctl")
    if not shutil.which(pg_ctl):
        return
    command = [str(pg_ctl), "stop", "-D", str(data), "-m", "immediate", "-t", "5"]
    subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, timeout=15, check=False)
