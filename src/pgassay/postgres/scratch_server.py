"""A scratch server of our own: started for a run, reachable by a private unix socket only.

Its data is worth nothing, so it never waits for the disk. Its folder, and the server, go away
with the run; what a killed run leaves behind goes away when the next one starts.
"""

import atexit
import contextlib
import os
import shutil
import subprocess
import time
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType
from typing import Self

import psycopg
from psycopg import sql

from pgassay.postgres.account import server_account
from pgassay.postgres.binaries import Binaries
from pgassay.postgres.binaries_copy import usable_binaries
from pgassay.postgres.cluster_cache import InitdbFailed, new_cluster
from pgassay.postgres.connection_url import write_url
from pgassay.postgres.isolation import Isolation, IsolationLevel, isolate
from pgassay.postgres.owned_folder import SOCKET_PATH_LIMIT
from pgassay.postgres.run_folder import RunFolder, sweep_stale
from pgassay.postgres.scratch import Database, ScratchFailed
from pgassay.postgres.server_process import end_servers, start_server, stop_server

_SETTINGS = {
    "listen_addresses": "",
    "unix_socket_permissions": "0700",
    "fsync": "off",
    "full_page_writes": "off",
    "synchronous_commit": "off",
    "max_connections": "50",
    "shared_buffers": "64MB",
    "lc_messages": "C",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "log_checkpoints": "off",
    # In the data folder, so that a killed server leaves nothing in /dev/shm.
    "dynamic_shared_memory_type": "mmap",
}
_START_LIMIT_S = 30.0
_POLL_S = 0.02


class ScratchServer:
    """A server that runs inside a `with` block. Threads may share it.

    `settings`: added to, and before, our own; a value for `listen_addresses` opens TCP, which
    needs `isolated=False`. `port` and `socket_dir`: where a person should find it; the folder
    is made when missing. `isolated`: cut it off, so that SQL such as `dblink` or
    `COPY FROM PROGRAM` reaches nothing; `isolation` says how far that went.
    """

    def __init__(
        self,
        binaries: Binaries,
        *,
        settings: Mapping[str, str] | None = None,
        port: int = 5432,
        socket_dir: Path | None = None,
        isolated: bool = True,
    ) -> None:
        self.binaries = binaries
        self.version = binaries.version
        self.major = binaries.major
        self.port = port
        self.isolation = Isolation((), IsolationLevel.NONE, "the server was not started")
        self._settings = {**_SETTINGS, **(settings or {})}
        self._socket_dir = socket_dir
        self._isolated = isolated
        self._account = server_account()
        self._run: RunFolder | None = None
        self._made_socket_dir = False
        self._process: subprocess.Popen[bytes] | None = None
        self._maker_pid = os.getpid()

    def __enter__(self) -> Self:
        """Start it; ready for connections on return.

        Warm: about 0.35 s. Raises ScratchFailed with the end of the server's log.
        """
        sweep_stale()
        atexit.register(self.close)
        try:
            self._start()
        except (OSError, InitdbFailed) as failed:
            self.close()
            raise ScratchFailed(
                f"PostgreSQL {self.version} from {self.binaries.bin_dir} could not be started: "
                f"{failed}",
                "give a server to use instead: --scratch-url postgresql://...",
            ) from failed
        except BaseException:
            self.close()
            raise
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        value: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Stop it and remove its folder. Again and again is fine."""
        # A forked child has a copy of us; the server is not its own.
        if os.getpid() != self._maker_pid:
            return
        run = self._run
        try:
            self._stop()
        finally:
            if run is not None:
                run.remove()
                if self._made_socket_dir and self._socket_dir is not None:
                    shutil.rmtree(self._socket_dir, ignore_errors=True)
            atexit.unregister(self.close)

    @property
    def socket_dir(self) -> Path:
        """The folder of its unix socket."""
        if self._socket_dir is not None:
            return self._socket_dir
        return self._running().path / "socket"

    @property
    def socket(self) -> Path:
        """Its unix socket: what an isolated child is to be allowed."""
        return self.socket_dir / f".s.PGSQL.{self.port}"

    def parameters(self, name: str = "postgres") -> dict[str, str]:
        """libpq's keywords for a connection to the database `name`."""
        return {
            "host": str(self.socket_dir),
            "port": str(self.port),
            "user": "postgres",
            "dbname": name,
        }

    def url(self, name: str = "postgres", driver: str | None = None) -> str:
        """The URL of the database `name`; there is no password."""
        return write_url(self.parameters(name), driver)

    def create_database(self, purpose: str, *, template: str = "template0") -> Database:
        """Make a database with the name `purpose`. Raises ScratchFailed when it is there."""
        statement = sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(
            sql.Identifier(purpose), sql.Identifier(template)
        )
        self._administer(statement, f"the scratch database {purpose} could not be made")
        return Database(purpose, self.parameters(purpose))

    def drop_database(self, database: Database) -> None:
        """Drop it, whoever is connected. Raises ScratchFailed."""
        failure = f"the scratch database {database.name} could not be dropped"
        force = sql.SQL(" WITH (FORCE)" if self.major >= 13 else "")
        statement = sql.SQL("DROP DATABASE IF EXISTS {}").format(sql.Identifier(database.name))
        self._administer(statement + force, failure)

    def make_role(self, name: str) -> bool:
        """Make a role that may not log in. Whether it is there now."""
        making = sql.SQL("CREATE ROLE {} NOLOGIN").format(sql.Identifier(name))
        with (
            Database("postgres", self.parameters()).connect(autocommit=True) as connection,
            # Another history of this run may have needed it before.
            contextlib.suppress(psycopg.errors.DuplicateObject),
        ):
            connection.execute(making)
        return True

    def log_tail(self, lines: int = 20) -> str:
        """The last lines of the server's log."""
        try:
            text = self._running().log.read_text(errors="replace")
        except OSError:
            return ""
        return "\n".join(text.splitlines()[-lines:])

    def _running(self) -> RunFolder:
        if self._run is None:
            raise RuntimeError("the scratch server is used outside its with block")
        return self._run

    def _administer(self, statement: sql.Composed, failure: str) -> None:
        try:
            with Database("postgres", self.parameters()).connect(autocommit=True) as connection:
                connection.execute(statement)
        except psycopg.Error as failed:
            raise ScratchFailed(f"{failure}: {failed}", f"look at {self._running().log}") from None

    def _start(self) -> None:
        account = self._account
        usable = usable_binaries(self.binaries, account)
        run = self._run = RunFolder(account)
        new_cluster(usable, run.data, account)
        folder = self.socket_dir
        if not folder.exists():
            folder.mkdir(mode=0o700)
            self._made_socket_dir = self._socket_dir is not None
            if account is not None:
                os.chown(folder, account.uid, account.gid)
        if len(os.fsencode(self.socket)) > SOCKET_PATH_LIMIT:
            raise OSError(f"{self.socket} is longer than {SOCKET_PATH_LIMIT} bytes")
        if "," in str(folder):
            raise OSError(f"libpq cannot connect to a folder with a comma in its name: {folder}")
        command: list[str | Path] = [usable.bin_dir / "postgres", "-D", run.data]
        settings = {
            "port": str(self.port),
            "unix_socket_directories": f'"{folder}"',
            **self._settings,
        }
        for name, value in settings.items():
            command += ["-c", f"{name}={value}"]
        if self._isolated:
            self.isolation = isolate(command, allow=[self.socket], account=account)
        else:
            plain = tuple(os.fspath(part) for part in command)
            self.isolation = Isolation(plain, IsolationLevel.NONE, "not asked for")
        enclosed = self.isolation.level is not IsolationLevel.NONE
        self._process = start_server(
            self.isolation.command, run.path, run.log, None if enclosed else account
        )
        self._wait_until_ready()

    def _wait_until_ready(self) -> None:
        process = self._process
        deadline = time.monotonic() + _START_LIMIT_S
        answer = ""
        while time.monotonic() < deadline and process is not None and process.poll() is None:
            if self.socket.exists():
                try:
                    Database("postgres", {**self.parameters(), "connect_timeout": "5"}).connect(
                        autocommit=True
                    ).close()
                    return
                except psycopg.OperationalError as failed:
                    answer = f"\nthe last answer: {failed}"
            time.sleep(_POLL_S)
        raise ScratchFailed(
            f"PostgreSQL {self.version} from {self.binaries.bin_dir} did not become ready within "
            f"{_START_LIMIT_S:.0f} s; its log ends:\n{self.log_tail()}{answer}",
            "free the memory or disk the log complains of, or give --scratch-url postgresql://...",
        )

    def _stop(self) -> None:
        process = self._process
        if process is None:
            # Interrupted while starting: a child may be there that we have no handle of.
            if self._run is not None:
                end_servers(self._run.data)
            return
        try:
            stop_server(process)
        finally:
            self._process = None
