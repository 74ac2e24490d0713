"""Reading Alembic's configuration files."""

from __future__ import annotations

import configparser
import re
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class AlembicSection:
    """One section that names a script directory. Paths are absolute. `line` is that of the URL,
    else of the section; `url` is as written, password and all: never print it."""

    path: Path
    section: str
    script_directory: Path
    version_directories: tuple[Path, ...]
    recursive: bool
    url: str
    line: int


class UnreadableIni(Exception):
    """An ini file that names a script directory but cannot be parsed."""


def read_alembic_ini(path: Path) -> tuple[AlembicSection, ...]:
    """Every section of `path` that has `script_location` (Alembic documentation, "Tutorial:
    Editing the .ini File": `%(here)s` is the file's folder; `version_path_separator` and
    `path_separator` split `version_locations`)."""
    try:
        text = path.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise UnreadableIni(f"cannot be read: {error}") from error
    if not re.search(r"^\s*script_location\s*[=:]", text, re.M):
        return ()
    parser = configparser.ConfigParser({"here": str(path.parent.resolve())})
    try:
        parser.read_string(text, source=path.name)
        names = [s for s in parser.sections() if parser.has_option(s, "script_location")]
        return tuple(_section(parser, name, path, text) for name in names)
    except configparser.Error as error:
        raise UnreadableIni(str(error).replace("\n", " ")) from error


def _section(parser: configparser.ConfigParser, name: str, path: Path, text: str) -> AlembicSection:
    def get(key: str) -> str:
        return parser.get(name, key, fallback="")

    separator = get("path_separator") or get("version_path_separator")
    split = {"os": ":", "space": r"\s+", "newline": r"\n", ":": ":", ";": ";"}.get(
        separator, r"[\s,]+" if not separator else re.escape(separator)
    )
    folder = path.parent
    versions = [folder / v.strip() for v in re.split(split, get("version_locations")) if v.strip()]
    return AlembicSection(
        path=path,
        section=name,
        script_directory=_script_directory(folder, get("script_location")),
        version_directories=tuple(versions),
        recursive=parser.getboolean(name, "recursive_version_locations", fallback=False),
        url=parser.get(name, "sqlalchemy.url", fallback="", raw=False),
        line=_line(text, name),
    )


def _script_directory(folder: Path, written: str) -> Path:
    """`package:folder` names a folder in a Python package; taken relative to the ini's folder."""
    package, colon, inside = written.partition(":")
    if colon and not Path(written).is_absolute():
        for base in (folder, folder / "src"):
            if (base / package.replace(".", "/") / inside).is_dir():
                return base / package.replace(".", "/") / inside
    return folder / written


def _line(text: str, section: str) -> int:
    found, inside = 1, False
    for number, line in enumerate(text.splitlines(), 1):
        if line.strip().startswith("["):
            inside = line.strip() == f"[{section}]"
            found = number if inside else found
        elif inside and re.match(r"sqlalchemy\.url\s*[=:]", line):
            return number
    return found
