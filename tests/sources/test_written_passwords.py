"""Reading passwords from a project's folder, with and without git."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from pgassay.facts.location import Location
from pgassay.facts.unavailable import Unavailable
from pgassay.facts.written_password import WrittenPassword
from pgassay.sources import passwords
from pgassay.sources.passwords import written_passwords as all_passwords

SECRET = "Zq9-trompeta"


def written_passwords(root: Path, files: list[Path]) -> tuple[WrittenPassword, ...]:
    """The passwords; every file must have been readable."""
    found = all_passwords(root, files)
    assert not any(isinstance(item, Unavailable) for item in found)
    return tuple(item for item in found if isinstance(item, WrittenPassword))


def test_a_file_that_cannot_be_read_is_not_known_to_be_free_of_passwords(tmp_path: Path) -> None:
    class Locked(type(tmp_path)):  # type: ignore[misc]
        def read_bytes(self) -> bytes:
            raise PermissionError(13, "Permission denied")

    files = write(tmp_path, {"locked.env": "A=b\n"})
    assert all_passwords(tmp_path, [Locked(files[0])]) == (
        Unavailable(
            "file locked.env",
            "locked.env cannot be read (Permission denied), so it may hold a password.",
            "chmod u+r locked.env",
        ),
    )


def write(root: Path, files: dict[str, str | bytes]) -> list[Path]:
    paths = []
    for name, content in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        paths.append(path)
    return paths


def git(root: Path, *arguments: str) -> None:
    subprocess.run(("git", "-C", str(root), *arguments), check=True, capture_output=True)


def test_passwords_by_path_and_line(tmp_path: Path) -> None:
    files = write(
        tmp_path,
        {
            "deploy/.env": f"PGHOST=db.x.io\nPGPASSWORD={SECRET}\n",
            "alembic.ini": f"[alembic]\nsqlalchemy.url = postgresql://a:{SECRET}@db.x.io/p\n",
        },
    )
    found = written_passwords(tmp_path, files)
    assert found == (
        WrittenPassword(
            Location("alembic.ini", 2), "sqlalchemy.url", "postgresql://a:***@db.x.io/p", "db.x.io"
        ),
        WrittenPassword(Location("deploy/.env", 2), "PGPASSWORD", "PGPASSWORD=***", "db.x.io"),
    )
    assert SECRET not in repr(found)
    assert SECRET not in str(found)


def test_git_tells_what_it_holds(tmp_path: Path) -> None:
    root = tmp_path / "wörk tree" / "app"
    line = f"PGPASSWORD={SECRET}\n"
    files = write(root, {"held.env": line, "ignored/é.env": line, ".gitignore": "ignored/\n"})
    git(root.parent, "init", "-q")
    git(root.parent, "add", ".")
    found = {item.location.path: item.tracked for item in written_passwords(root, files)}
    assert found == {"held.env": True, "ignored/é.env": False}


def test_without_git_nothing_is_known(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    files = write(tmp_path, {".env": f"PGPASSWORD={SECRET}\n"})
    git(tmp_path, "init", "-q")
    git(tmp_path, "add", ".")
    assert [item.tracked for item in written_passwords(tmp_path, files)] == [True]
    monkeypatch.setenv("PATH", str(tmp_path / "nothing"))
    assert [item.tracked for item in written_passwords(tmp_path, files)] == [None]


def test_repository_starts_no_program(tmp_path: Path) -> None:
    files = write(tmp_path, {".env": f"PGPASSWORD={SECRET}\n", "hook": "#!/bin/sh\ntouch ran\n"})
    (tmp_path / "hook").chmod(0o755)
    git(tmp_path, "init", "-q")
    git(tmp_path, "add", ".")
    git(tmp_path, "config", "core.fsmonitor", str(tmp_path / "hook"))
    assert [item.tracked for item in written_passwords(tmp_path, files)] == [True]
    assert not (tmp_path / "ran").exists()


def test_what_is_passed_over(tmp_path: Path) -> None:
    line = f"PGPASSWORD={SECRET}\n"
    files = write(
        tmp_path,
        {
            "binary.env": b"\0" + line.encode(),
            "README.md": line,
            "latin1.env": b"# caf\xe9\n" + line.encode(),
        },
    )
    files += [tmp_path / "gone.env", tmp_path]
    found = written_passwords(tmp_path, files)
    assert [item.location for item in found] == [Location("latin1.env", 2)]


def test_a_file_too_large_to_look_through_is_not_known_to_be_free_of_passwords(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(passwords, "_LARGEST_FILE", 2 << 20)
    files = write(
        tmp_path,
        {
            "fits.sql": "#" * (2 << 20),
            "large.sql": "#" * (3 << 20),
            "binary.sql": b"\0" + b"#" * (3 << 20),
        },
    )
    assert all_passwords(tmp_path, files) == (
        Unavailable(
            "file large.sql",
            "large.sql is 3 MB, too large to look through for passwords.",
            'Leave it out: [project] exclude = ["large.sql"] in pgassay.toml.',
        ),
    )


def test_no_password_no_git(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise AssertionError("git was called")

    monkeypatch.setattr(subprocess, "run", refuse)
    assert written_passwords(tmp_path, write(tmp_path, {".env": "PGPASSWORD=${PW}\n"})) == ()
