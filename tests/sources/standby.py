"""A hot standby of a scratch server."""

from __future__ import annotations

import os
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager

import psycopg

from pgassay.postgres.account import server_account
from pgassay.postgres.binaries_copy import usable_binaries
from pgassay.postgres.run_folder import RunFolder
from pgassay.postgres.scratch import Database
from pgassay.postgres.scratch_server import ScratchServer
from pgassay.postgres.server_process import start_server, stop_server


@contextmanager
def standby_of(primary: ScratchServer) -> Iterator[dict[str, str]]:
    """libpq's words for a hot standby that follows it."""
    account = server_account()
    programs = usable_binaries(primary.binaries, account)
    run = RunFolder(account)
    url = primary.url()
    libraries = os.pathsep.join(map(str, programs.library_dirs))
    try:
        run.path.chmod(0o777)
        subprocess.run(
            [programs.bin_dir / "pg_basebackup", "-D", run.data, "-R", "-c", "fast", "-d", url],
            env={**os.environ, "LD_LIBRARY_PATH": libraries},
            user=account.uid if account else None,
            group=account.gid if account else None,
            extra_groups=[] if account else None,
            cwd="/",
            check=True,
            capture_output=True,
        )
        command = [str(programs.bin_dir / "postgres"), "-D", str(run.data)]
        for setting in ("listen_addresses=", f"unix_socket_directories={run.path}", "port=5432"):
            command += ["-c", setting]
        process = start_server(command, run.path, run.log, account)
        try:
            parameters = {**primary.parameters(), "host": str(run.path)}
            _wait(parameters)
            yield parameters
        finally:
            stop_server(process)
    finally:
        run.remove()


def _wait(parameters: dict[str, str]) -> None:
    deadline = time.monotonic() + 30
    while True:
        try:
            Database("postgres", parameters).connect().close()
            return
        except psycopg.OperationalError:
            assert time.monotonic() < deadline
            time.sleep(0.05)
