"""An isolated child reaches the socket it is left, and no other server of this machine."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from pgassay.postgres.binaries import Binaries
from pgassay.postgres.isolation import IsolationLevel, isolate
from pgassay.postgres.scratch_server import ScratchServer
from tests.postgres.conftest import eventually

_LIBPQ = """
import psycopg, sys
try:
    psycopg.connect(sys.argv[1], connect_timeout=5).close()
except psycopg.OperationalError as failed:
    sys.exit(str(failed))
"""


def _free_port() -> int:
    with socket.socket() as any_socket:
        any_socket.bind(("127.0.0.1", 0))
        port: int = any_socket.getsockname()[1]
        return port


@pytest.fixture(scope="module")
def outsider(binaries: Binaries) -> Iterator[ScratchServer]:
    """A second server of the machine, on TCP and on a unix socket."""
    with ScratchServer(
        binaries,
        settings={"listen_addresses": "127.0.0.1"},
        port=_free_port(),
        isolated=False,
    ) as running:
        yield running


@pytest.fixture
def able() -> None:
    """Go on where the machine can isolate; elsewhere the reason must have been given."""
    isolation = isolate(["true"])
    if isolation.level is IsolationLevel.NONE:
        assert isolation.reason
        assert isolation.command == ("true",)
        pytest.skip(f"this machine cannot isolate: {isolation.reason}")


def _tcp(server: ScratchServer) -> str:
    return f"postgresql://postgres@127.0.0.1:{server.port}/postgres"


def _python(url: str) -> list[str]:
    return [sys.executable, "-c", _LIBPQ, url]


def _run(command: tuple[str, ...]) -> "subprocess.CompletedProcess[str]":
    path = os.pathsep.join(sys.path)
    return subprocess.run(
        command, capture_output=True, text=True, env={**os.environ, "PYTHONPATH": path}, timeout=30
    )


@pytest.mark.parametrize("own_pids", [False, True])
@pytest.mark.usefixtures("able")
def test_a_child_reaches_scratch_and_nothing_else(
    server: ScratchServer, outsider: ScratchServer, binaries: Binaries, own_pids: bool
) -> None:
    psql = binaries.program("psql")
    assert psql is not None

    def reaches(url: str, isolated: bool) -> list[bool]:
        answers = []
        for command in (_python(url), [str(psql), url, "-Atc", "select 1"]):
            isolation = isolate(command, allow=[server.socket], own_pids=own_pids)
            assert isolation.level is IsolationLevel.FULL, isolation.reason
            done = _run(isolation.command if isolated else tuple(command))
            answers.append(done.returncode == 0)
        return answers

    # Without isolation each of them is reached: the test can fail.
    for url in (_tcp(outsider), outsider.url()):
        assert reaches(url, isolated=False) == [True, True]
        assert reaches(url, isolated=True) == [False, False]
    assert reaches(server.url(), isolated=True) == [True, True]


@pytest.mark.usefixtures("able")
def test_another_run_in_its_own_namespace_is_masked_too(
    server: ScratchServer, binaries: Binaries
) -> None:
    with ScratchServer(binaries) as other:
        assert other.isolation.level is IsolationLevel.FULL
        assert _run(tuple(_python(other.url()))).returncode == 0
        child = isolate(_python(other.url()), allow=[server.socket])
        assert "refused" in _run(child.command).stderr


@pytest.mark.usefixtures("able")
def test_any_socket_is_masked_unless_allowed(place: Path) -> None:
    listener = socket.socket(socket.AF_UNIX)
    with listener:
        listener.bind(str(place / "any.sock"))
        listener.listen()
        code = f"import socket; socket.socket(socket.AF_UNIX).connect({str(place / 'any.sock')!r})"
        command = [sys.executable, "-c", code]
        assert _run(tuple(command)).returncode == 0
        assert "ConnectionRefusedError" in _run(isolate(command).command).stderr
        assert _run(isolate(command, allow=[place]).command).returncode == 0


@pytest.mark.usefixtures("able")
def test_sql_on_the_scratch_server_reaches_nothing(
    outsider: ScratchServer, binaries: Binaries
) -> None:
    psql = binaries.program("psql")
    for isolated in (False, True):
        with ScratchServer(binaries, isolated=isolated) as server:
            if isolated:
                assert server.isolation.level is IsolationLevel.FULL, server.isolation.reason
            with server.create_database("escape").connect(autocommit=True) as connection:
                connection.execute("create extension dblink")
                connection.execute("create table said (line text)")
                for url in (_tcp(outsider), outsider.url()):
                    copy = f'copy said from program \'{psql} "{url}" -Atc "select 1"\''
                    if isolated:
                        with pytest.raises(psycopg.Error, match="could not establish connection"):
                            connection.execute("select dblink_connect(%s)", [url])
                        with pytest.raises(psycopg.errors.ExternalRoutineException):
                            connection.execute(copy.encode())
                    else:
                        connection.execute("select dblink_connect(%s)", [url])
                        connection.execute(copy.encode())


@pytest.mark.usefixtures("able")
def test_a_server_that_starts_later_in_a_socket_folder_is_not_reached(
    monkeypatch: pytest.MonkeyPatch, place: Path
) -> None:
    from pgassay.postgres import isolation as module

    code = (
        "import socket, sys; sys.stdin.read();"
        f"socket.socket(socket.AF_UNIX).connect({str(place / '.s.PGSQL.1')!r})"
    )
    command = [sys.executable, "-c", code]
    monkeypatch.setattr(module, "_SOCKET_FOLDERS", (str(place),))
    for start, reached in ((tuple(command), True), (isolate(command).command, False)):
        child = subprocess.Popen(start, stdin=subprocess.PIPE, stderr=subprocess.PIPE)
        time.sleep(0.3)
        with socket.socket(socket.AF_UNIX) as listener:
            listener.bind(str(place / ".s.PGSQL.1"))
            listener.listen()
            child.communicate(b"go", timeout=30)
        (place / ".s.PGSQL.1").unlink()
        assert (child.returncode == 0) == reached


def test_the_server_itself_is_not_in_a_process_tree_of_its_own(server: ScratchServer) -> None:
    pid = int((server.socket_dir.parent / "data/postmaster.pid").read_text().split()[0])
    assert b"postgres" in Path(f"/proc/{pid}/cmdline").read_bytes()


def _sleepers(mark: str) -> list[int]:
    found = []
    for entry in Path("/proc").glob("[0-9]*"):
        try:
            words = (entry / "cmdline").read_bytes().split(b"\0")
        except OSError:
            continue
        if words[:2] == [b"sleep", mark.encode()]:
            found.append(int(entry.name))
    return found


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM])
@pytest.mark.usefixtures("able")
def test_the_whole_tree_ends_with_the_child(number: signal.Signals) -> None:
    mark = f"300.{os.getpid()}{number.value}"
    script = f"setsid sleep {mark} & sleep {mark} & exec sleep {mark}"
    child = subprocess.Popen(isolate(["sh", "-c", script], own_pids=True).command)
    assert eventually(lambda: len(_sleepers(mark)) == 3)
    child.send_signal(number)
    assert child.wait(10) == -number
    assert eventually(lambda: not _sleepers(mark))


@pytest.mark.parametrize("own_pids", [False, True])
@pytest.mark.parametrize(
    ("script", "code"),
    [("exit 0", 0), ("exit 7", 7), ("kill -9 $$", -9), ("kill -TERM $$", -15), ("exit 130", 130)],
)
@pytest.mark.usefixtures("able")
def test_the_exit_code_is_the_childs_own(script: str, code: int, own_pids: bool) -> None:
    assert _run(isolate(["sh", "-c", script], own_pids=own_pids).command).returncode == code


@pytest.mark.usefixtures("able")
def test_a_missing_program_is_named() -> None:
    done = _run(isolate(["/no/such/program"]).command)
    assert done.returncode == 127
    assert "/no/such/program: No such file" in done.stderr


@pytest.mark.usefixtures("able")
def test_pipes_and_input_go_through() -> None:
    read, write = os.pipe()
    code = f"import os, sys; os.write({write}, sys.stdin.buffer.read())"
    command = isolate([sys.executable, "-c", code], own_pids=True).command
    subprocess.run(command, input=b"hello", pass_fds=[write], check=True, timeout=30)
    os.close(write)
    with os.fdopen(read, "rb") as said:
        assert said.read() == b"hello"


@pytest.mark.usefixtures("able")
def test_ignored_signals_are_not_passed_on() -> None:
    code = "import re; print(re.search('SigIgn:\\t(\\\\w+)', open('/proc/self/status').read())[1])"
    plain = _run(("sh", "-c", f'{sys.executable} -I -S -c "{code}"'))
    isolated = _run(isolate(["sh", "-c", f'{sys.executable} -I -S -c "{code}"']).command)
    assert isolated.stdout == plain.stdout


def test_where_it_does_not_work_the_command_is_unchanged(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    from pgassay.postgres import isolation as module

    module._ability.cache_clear()
    monkeypatch.setattr(sys, "platform", "darwin")
    try:
        isolation = isolate(["psql", "-l"])
    finally:
        module._ability.cache_clear()
    assert isolation.command == ("psql", "-l")
    assert isolation.level is IsolationLevel.NONE
    assert isolation.reason == "darwin has no network namespaces"


@pytest.mark.usefixtures("able")
def test_a_socket_that_cannot_be_located_is_told(
    monkeypatch: pytest.MonkeyPatch, place: Path
) -> None:
    monkeypatch.chdir(place)
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind("relative.sock")
        listener.listen()
        isolation = isolate(["true"])
    assert isolation.level is IsolationLevel.PARTIAL
    assert "relative.sock" in isolation.reason
