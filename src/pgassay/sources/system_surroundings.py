"""What a project's other files say of its SQL migrations: Prisma's lock, Flyway's and yoyo's
configuration."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Sequence
from pathlib import Path

from pgassay.analysis.sql_systems import Surroundings
from pgassay.analysis.url_text import masked_url
from pgassay.sources.project_files import relative

_PROVIDER = re.compile(r"^\s*provider\s*=\s*\"(\w+)\"", re.MULTILINE)
_PROPERTY = re.compile(r"^\s*flyway\.([\w.-]+)\s*[=:]\s*(.*?)\s*$", re.MULTILINE)
_YOYO_SOURCES = re.compile(r"^\s*sources\s*=\s*(.+)$", re.MULTILINE)
_JAVA = re.compile(r"^[VR]\d*[\w.]*__\w+\.(?:java|kt|class)$")


def read_surroundings(root: Path, files: Sequence[Path]) -> Surroundings:
    """Read what stands around the SQL; a file that cannot be read says nothing."""
    prisma: dict[str, str] = {}
    urls: dict[str, str] = {}
    placeholders: dict[str, tuple[tuple[str, str], ...]] = {}
    apart: set[str] = set()
    java: set[str] = set()
    yoyo: set[str] = set()
    for path in files:
        folder = _folder(path.parent, root)
        if path.name == "migration_lock.toml":
            found = _PROVIDER.search(_read(path))
            prisma[folder] = found[1] if found else "postgresql"
        elif path.name in ("flyway.conf", "flyway.toml"):
            said = _flyway(path)
            urls[folder] = masked_url(said.get("url", ""))
            placeholders[folder] = tuple(
                (k.removeprefix("placeholders."), v)
                for k, v in said.items()
                if k.startswith("placeholders.")
            )
        elif path.name.endswith(".sql.conf"):
            if re.search(r"executeInTransaction\s*=\s*false", _read(path), re.IGNORECASE):
                apart.add(relative(path, root).removesuffix(".conf"))
        elif _JAVA.match(path.name):
            java.add(folder)
        elif path.name == "yoyo.ini":
            for source in _YOYO_SOURCES.findall(_read(path)):
                named = source.replace("%(here)s", ".").split()
                yoyo |= {_folder((path.parent / n).resolve(), root) for n in named}
    return Surroundings(
        prisma, frozenset(apart), urls, placeholders, frozenset(java), frozenset(yoyo)
    )


def _folder(path: Path, root: Path) -> str:
    shown = relative(path, root)
    return "" if shown == "." else shown


def _read(path: Path) -> str:
    try:
        return path.read_text("utf-8", "replace")
    except OSError:
        return ""


def _flyway(path: Path) -> dict[str, str]:
    if path.suffix == ".conf":
        return dict(_PROPERTY.findall(_read(path)))
    try:
        said = tomllib.loads(_read(path))
    except tomllib.TOMLDecodeError:
        return {}
    flyway = said.get("flyway", {})
    found = {k: str(v) for k, v in flyway.items() if isinstance(v, str)}
    for name, value in flyway.get("placeholders", {}).items():
        found[f"placeholders.{name}"] = str(value)
    environment = said.get("environments", {}).get(flyway.get("environment", "default"), {})
    if isinstance(environment.get("url"), str):
        found.setdefault("url", environment["url"])
    return found
