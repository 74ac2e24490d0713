"""Kept results come back whole or not at all, and nothing else comes out of the folder."""

from __future__ import annotations

import hashlib
import os
import pickle
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from pgassay.facts.location import Location
from pgassay.facts.reads import Reads
from pgassay.sources import result_cache
from pgassay.sources.result_cache import ResultCache

VALUE = (Reads(opened=frozenset(("a", "b")), every_variable=True), {"k": [Location("p", 3)]}, 1.5)


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    return tmp_path / "pgassay" / "results"


@pytest.fixture
def cache(folder: Path) -> ResultCache:
    made = ResultCache.of_user()
    assert made is not None
    assert folder.stat().st_mode & 0o777 == 0o700
    return made


def test_what_was_kept_is_found(cache: ResultCache, folder: Path) -> None:
    assert cache.find("name") is None
    cache.keep("name", VALUE)
    assert cache.find("name") == VALUE
    assert cache.find("other") is None
    assert (folder / "name").stat().st_mode & 0o777 == 0o600
    cache.keep("name", "later")
    assert cache.find("name") == "later"
    assert [p.name for p in folder.iterdir()] == ["name"]


@pytest.mark.parametrize("cut", [0, 1, 10, 30, 60, -1])
def test_a_cut_entry_is_as_good_as_none(cache: ResultCache, folder: Path, cut: int) -> None:
    cache.keep("name", VALUE)
    content = (folder / "name").read_bytes()
    (folder / "name").write_bytes(content[:cut])
    assert cache.find("name") is None


@pytest.mark.parametrize("at", range(0, 120, 7))
def test_a_changed_byte_is_as_good_as_none(cache: ResultCache, folder: Path, at: int) -> None:
    cache.keep("name", VALUE)
    content = bytearray((folder / "name").read_bytes())
    content[at] ^= 1
    (folder / "name").write_bytes(content)
    assert cache.find("name") is None


class Evil:
    def __init__(self, call: object, *arguments: object) -> None:
        self.made = (call, arguments)

    def __reduce__(self) -> tuple[object, tuple[object, ...]]:
        return self.made


def planted(folder: Path, content: bytes) -> None:
    (folder / "name").write_bytes(
        b"pgassay result 1\n" + hashlib.sha256(content).digest() + content
    )


@pytest.mark.parametrize("protocol", range(pickle.HIGHEST_PROTOCOL + 1))
def test_an_evil_entry_does_nothing(
    cache: ResultCache, folder: Path, tmp_path: Path, protocol: int
) -> None:
    victim = tmp_path / "victim"
    evil = [Evil(os.system, f"touch {victim}"), Evil(eval, "1"), Evil(Path, "x")]
    for value in evil:
        planted(folder, pickle.dumps(value, protocol))
        assert cache.find("name") is None
    assert not victim.exists()
    planted(folder, pickle.dumps(("harmless",), protocol))
    assert cache.find("name") == ("harmless",)


@pytest.mark.parametrize(
    "named",
    [
        b"cpgassay.facts.reads\ndataclass\n.",  # somebody else's, only imported there
        b"cpgassay.facts.reads\n__builtins__\n.",
        b"cpgassay.flows.check\nCheckRequest\n.",
        b"\x80\x04\x8c\x14pgassay.facts.reads\x8c\x0eReads.__init__\x93.",
    ],
)
def test_only_facts_are_made(cache: ResultCache, folder: Path, named: bytes) -> None:
    planted(folder, named)
    assert cache.find("name") is None


def test_somebody_elses_is_not_read(
    cache: ResultCache, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    cache.keep("name", VALUE)
    monkeypatch.setattr(os, "geteuid", lambda: os.getuid() + 1)
    assert ResultCache.of_user() is None
    assert cache.find("name") is None
    cache.keep("new", VALUE)
    assert not (folder / "new").exists()


def test_a_folder_that_others_may_look_into_is_not_used(cache: ResultCache, folder: Path) -> None:
    del cache
    for mode in (0o755, 0o770, 0o707):
        folder.chmod(mode)
        assert ResultCache.of_user() is None
    folder.chmod(0o700)
    assert ResultCache.of_user() is not None


def test_a_link_is_not_followed(cache: ResultCache, folder: Path, tmp_path: Path) -> None:
    cache.keep("name", VALUE)
    (folder / "name").rename(tmp_path / "elsewhere")
    (folder / "name").symlink_to(tmp_path / "elsewhere")
    assert cache.find("name") is None
    (folder / "folder").mkdir()
    assert cache.find("folder") is None


def test_it_does_not_grow_without_end(
    cache: ResultCache, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(result_cache, "_FILES_AT_MOST", 3)
    for number in range(6):
        cache.keep(str(number), VALUE)
        os.utime(folder / str(number), (number, number))
    cache.keep("last", VALUE)
    assert sorted(p.name for p in folder.iterdir()) == ["4", "5", "last"]
    monkeypatch.setattr(result_cache, "_BYTES_AT_MOST", (folder / "last").stat().st_size * 2)
    cache.keep("last", VALUE)
    assert sorted(p.name for p in folder.iterdir()) == ["5", "last"]


def test_what_a_killed_run_left_goes(cache: ResultCache, folder: Path) -> None:
    for name in (".new-old", ".new-fresh"):
        (folder / name).write_bytes(b"half")
    os.utime(folder / ".new-old", (1, 1))
    cache.keep("name", VALUE)
    assert sorted(p.name for p in folder.iterdir()) == [".new-fresh", "name"]


def test_two_at_once(cache: ResultCache) -> None:
    def both(number: int) -> object:
        cache.keep("name", (number, "x" * 100_000))
        return cache.find("name")

    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(both, range(200)))
    assert all(isinstance(f, tuple) and len(f[1]) == 100_000 for f in found)


def test_a_full_disk_is_no_failure(
    cache: ResultCache, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "replace", full)
    cache.keep("name", VALUE)
    assert list(folder.iterdir()) == []
