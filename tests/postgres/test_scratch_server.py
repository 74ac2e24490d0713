"""A scratch server's life: it starts, is used, and leaves nothing behind however it ends."""

import os
import signal
import subprocess
import tempfile
import threading
import time
from pathlib import Path

import psycopg
import pytest

from pgassay.postgres import cluster_cache
from pgassay.postgres.binaries import Binaries, all_binaries
from pgassay.postgres.owned_folder import is_ours, run_parent, run_parents
from pgassay.postgres.run_folder import RunFolder, sweep_stale
from pgassay.postgres.scratch import ScratchFailed
from pgassay.postgres.scratch_server import ScratchServer
from tests.postgres.conftest import eventually, is_alive, python, run_folders

_HOLD = """
import sys, time
from pgassay.postgres.binaries import find_binaries
from pgassay.postgres.scratch_server import ScratchServer
with ScratchServer(find_binaries()) as server:
    pid = int((server.socket_dir.parent / "data" / "postmaster.pid").read_text().split()[0])
    print(pid, server.socket_dir.parent, flush=True)
    time.sleep(float(sys.argv[1]))
"""
_FORGET = """
from pgassay.postgres.binaries import find_binaries
from pgassay.postgres.scratch_server import ScratchServer
server = ScratchServer(find_binaries())
server.__enter__()
print(server.create_database("x").connect().execute("select 41 + 1").fetchone()[0])
"""


def _started(process: subprocess.Popen[str]) -> tuple[int, Path]:
    assert process.stdout is not None
    pid, folder = process.stdout.readline().split()
    return int(pid), Path(folder)


@pytest.mark.parametrize("installation", all_binaries(), ids=lambda one: str(one.version))
def test_every_installation_starts_and_goes_away(
    installation: Binaries, own_temporary_folder: Path
) -> None:
    before = run_folders(own_temporary_folder)
    with ScratchServer(installation) as server:
        pid = int((server.socket_dir.parent / "data/postmaster.pid").read_text().split()[0])
        database = server.create_database("history")
        with database.connect() as connection:
            row = connection.execute(
                "select current_setting('server_version_num')::int / 10000, current_database(),"
                " current_setting('listen_addresses'), current_setting('fsync'),"
                " current_setting('server_encoding'), current_setting('TimeZone')"
            ).fetchone()
        assert row == (installation.major, "history", "", "off", "UTF8", "UTC")
        assert "database system is ready" in server.log_tail()
        assert is_alive(pid)
        server.drop_database(database)
        with pytest.raises(psycopg.OperationalError, match="does not exist"):
            database.connect()
    assert not is_alive(pid)
    assert run_folders(own_temporary_folder) == before


def test_a_warm_start_runs_no_initdb(binaries: Binaries, monkeypatch: pytest.MonkeyPatch) -> None:
    with ScratchServer(binaries):
        pass

    def forbidden(*_: object) -> None:
        raise AssertionError("initdb again")

    monkeypatch.setattr(cluster_cache, "_initdb", forbidden)
    with ScratchServer(binaries) as server:
        server.create_database("one")


def test_the_url_works_for_libpq_and_names_a_driver(server: ScratchServer) -> None:
    with psycopg.connect(server.url("postgres")) as connection:
        assert connection.execute("select 1").fetchone() == (1,)
    assert server.url("mita", "asyncpg").startswith("postgresql+asyncpg://postgres@/mita?host=/")


def test_threads_share_a_server(server: ScratchServer) -> None:
    names = [f"thread_{number}" for number in range(6)]
    workers = [threading.Thread(target=server.create_database, args=(name,)) for name in names]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    with psycopg.connect(server.url()) as connection:
        found = {row[0] for row in connection.execute("select datname from pg_database")}
    assert set(names) <= found


def test_a_database_is_copied_from_a_template(server: ScratchServer) -> None:
    first = server.create_database("pattern")
    with first.connect() as connection:
        connection.execute("create table t as select 7 as n")
    copy = server.create_database("copy", template="pattern")
    with copy.connect() as connection:
        assert connection.execute("select n from t").fetchone() == (7,)


def test_a_database_that_is_there_is_a_plain_failure(server: ScratchServer) -> None:
    with pytest.raises(ScratchFailed, match="postgres could not be made"):
        server.create_database("postgres")


def test_a_wrong_setting_shows_the_log_and_leaves_nothing(
    binaries: Binaries, own_temporary_folder: Path
) -> None:
    before = run_folders(own_temporary_folder)
    with (
        pytest.raises(ScratchFailed) as failed,
        ScratchServer(binaries, settings={"shared_buffers": "not-a-size"}),
    ):
        pass
    assert "shared_buffers" in failed.value.reason
    assert "--scratch-url" in failed.value.next_step
    assert run_folders(own_temporary_folder) == before


def test_a_given_folder_and_port_are_used_and_a_made_folder_goes_away(
    binaries: Binaries, place: Path
) -> None:
    folder = place / "a b"
    with ScratchServer(binaries, port=6543, socket_dir=folder) as server:
        assert server.socket == folder / ".s.PGSQL.6543"
        assert server.socket.is_socket()
    assert not folder.exists()


def test_a_folder_that_libpq_cannot_name_is_refused_at_once(
    binaries: Binaries, place: Path
) -> None:
    with (
        pytest.raises(ScratchFailed, match="comma"),
        ScratchServer(binaries, socket_dir=place / "a,b"),
    ):
        pass


def test_without_a_writable_cache_it_still_starts(
    binaries: Binaries, monkeypatch: pytest.MonkeyPatch, place: Path
) -> None:
    (place / "file").write_text("")
    monkeypatch.setenv("XDG_CACHE_HOME", str(place / "file" / "cache"))
    with ScratchServer(binaries) as server:
        server.create_database("one")


def test_two_processes_with_a_cold_cache_do_not_collide(
    monkeypatch: pytest.MonkeyPatch, place: Path
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(place / "cold"))
    both = [python(_HOLD, "0.1") for _ in range(2)]
    folders = {_started(process)[1] for process in both}
    for process in both:
        process.communicate(timeout=30)
        assert process.returncode == 0
    assert len(folders) == 2
    assert not any(folder.exists() for folder in folders)
    assert len(list((place / "cold/pgassay").glob("cluster-*"))) == 1
    assert not list((place / "cold/pgassay").glob("build-*"))


def test_what_a_killed_run_left_is_swept_and_a_live_run_is_not(binaries: Binaries) -> None:
    alive, killed = python(_HOLD, "60"), python(_HOLD, "60")
    try:
        live_pid, live_folder = _started(alive)
        dead_pid, dead_folder = _started(killed)
        killed.kill()
        killed.communicate()
        assert is_alive(dead_pid)
        assert dead_folder.exists()
        with ScratchServer(binaries):
            assert not is_alive(dead_pid)
            assert not dead_folder.exists()
            assert is_alive(live_pid)
            assert live_folder.exists()
    finally:
        alive.send_signal(signal.SIGINT)
        alive.communicate(timeout=30)
    assert not is_alive(live_pid)
    assert not live_folder.exists()


def test_a_dead_run_does_not_take_a_stranger_with_the_same_pid_along() -> None:
    stranger = python("import time; print('up', flush=True); time.sleep(60)")
    try:
        assert stranger.stdout is not None
        stranger.stdout.readline()
        dead = run_parent(None) / "run-stranger"
        (dead / "data").mkdir(parents=True)
        dead.chmod(0o755)
        (dead / "data" / "postmaster.pid").write_text(f"{stranger.pid}\n{dead}/data\n")
        assert dead in sweep_stale()
        assert not dead.exists()
        assert stranger.poll() is None
    finally:
        stranger.kill()
        stranger.communicate()


def test_a_live_folder_without_a_server_is_not_swept() -> None:
    run = RunFolder(None)
    try:
        assert run.path not in sweep_stale()
        assert run.path.exists()
    finally:
        run.remove()
    run.remove()
    assert not run.path.exists()


def test_control_c_in_the_terminal_cleans_up() -> None:
    process = python(_HOLD, "60")
    pid, folder = _started(process)
    # The terminal signals the whole foreground group.
    os.killpg(process.pid, signal.SIGINT)
    process.communicate(timeout=30)
    assert process.returncode != 0
    assert not is_alive(pid)
    assert not folder.exists()


def test_control_c_while_starting_cleans_up(own_temporary_folder: Path) -> None:
    before = run_folders(own_temporary_folder)
    for delay in (0.3, 0.45):
        process = python(_HOLD, "60")
        time.sleep(delay)
        os.killpg(process.pid, signal.SIGINT)
        process.communicate(timeout=30)
    assert eventually(lambda: run_folders(own_temporary_folder) == before)


def test_a_forgotten_server_ends_with_its_process(own_temporary_folder: Path) -> None:
    before = run_folders(own_temporary_folder)
    process = python(_FORGET)
    said, _ = process.communicate(timeout=30)
    assert said == "42\n"
    assert run_folders(own_temporary_folder) == before


def test_an_exception_inside_goes_through_and_cleans_up(
    binaries: Binaries, own_temporary_folder: Path
) -> None:
    before = run_folders(own_temporary_folder)
    with pytest.raises(ZeroDivisionError), ScratchServer(binaries):
        _ = 1 / 0
    assert run_folders(own_temporary_folder) == before


def test_a_folder_that_others_may_write_to_is_not_used(
    monkeypatch: pytest.MonkeyPatch, place: Path
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(place))
    planted = next(run_parents())
    planted.mkdir()
    planted.chmod(0o777)
    chosen = run_parent(None)
    assert chosen.name == f"{planted.name}-1"
    assert is_ours(chosen)


def test_a_link_in_the_way_is_not_followed(monkeypatch: pytest.MonkeyPatch, place: Path) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(place))
    (place / "elsewhere").mkdir(mode=0o755)
    planted = next(run_parents())
    planted.symlink_to(place / "elsewhere")
    assert run_parent(None).name == f"{planted.name}-1"


def test_a_long_temporary_folder_is_not_used(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tempfile, "tempdir", "/tmp/" + "long" * 20)
    assert next(run_parents()).parent == Path("/tmp").resolve()
