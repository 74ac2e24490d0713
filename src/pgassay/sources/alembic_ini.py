"""Reading Alembic's configuration files."""

from __future__ import annotations

import configparser
import os
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from pgassay.sources.package_folders import PackageFolders


@dataclass(frozen=True, slots=True)
class AlembicSection:
    """One section that names a script directory. Paths are absolute. `line` is that of the URL,
    else of the section; `url` is as written, password and all: never print it. `run_directory` is
    where Alembic must be run for the section's relative paths to hold. `package` is a
    `script_location` of the form package:folder, "" for a folder's path; where nobody knows the
    package, there is no such script directory. `is_literal`: the path leads there as it stands."""

    path: Path
    section: str
    run_directory: Path
    script_directory: Path
    version_directories: tuple[Path, ...]
    recursive: bool
    url: str
    line: int
    package: str = ""
    is_literal: bool = True


class UnreadableIni(Exception):
    """An ini file that names a script directory but cannot be parsed."""


def read_alembic_ini(
    path: Path, root: Path, packages: PackageFolders
) -> tuple[AlembicSection, ...]:
    """Every section of `path` that has `script_location` (Alembic documentation, "Tutorial:
    Editing the .ini File": `%(here)s` is the file's folder; `version_path_separator` and
    `path_separator` split `version_locations`). `root` is the project's."""
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
        return tuple(_section(parser, name, path, root, text, packages) for name in names)
    except configparser.Error as error:
        raise UnreadableIni(str(error).replace("\n", " ")) from error


def _section(
    parser: configparser.ConfigParser,
    name: str,
    path: Path,
    root: Path,
    text: str,
    packages: PackageFolders,
) -> AlembicSection:
    def get(key: str) -> str:
        return parser.get(name, key, fallback="")

    separator = get("path_separator") or get("version_path_separator")
    split = {"os": ":", "space": r"\s+", "newline": r"\n", ":": ":", ";": ";"}.get(
        separator, r"[\s,]+" if not separator else re.escape(separator)
    )
    written = get("script_location")
    paths = [p.strip() for p in re.split(split, get("prepend_sys_path")) if p.strip()]
    folder = _run_directory(path.parent, root, written, paths)
    directory = _script_directory(folder, written)
    package, colon, inside = written.partition(":")
    is_package = bool(colon) and not Path(written).is_absolute()
    is_literal = not is_package and directory.is_dir()
    if is_package and not directory.is_dir():
        directory = packages.find(package, inside.replace(":", "/"), path) or directory
    elif not is_literal and not Path(written).is_absolute():
        directory = packages.copy(Path(*Path(written).parts[1:]), path) or directory
    versions = [v.strip() for v in re.split(split, get("version_locations")) if v.strip()]
    return AlembicSection(
        path=path,
        section=name,
        run_directory=folder,
        script_directory=directory,
        version_directories=tuple(_inside(folder, v) for v in versions),
        recursive=parser.getboolean(name, "recursive_version_locations", fallback=False),
        url=_url(parser, name),
        line=_line(text, name),
        package=written if is_package else "",
        is_literal=is_literal,
    )


def _url(parser: configparser.ConfigParser, name: str) -> str:
    """The URL; as it stands, where env.py sets the options that `%(user)s` in it names."""
    try:
        return parser.get(name, "sqlalchemy.url", fallback="")
    except configparser.InterpolationError:
        return parser.get(name, "sqlalchemy.url", raw=True)


def _run_directory(folder: Path, root: Path, written: str, paths: Sequence[str]) -> Path:
    """Alembic takes relative paths from where it is run: the ini's folder, or one above it from
    which `-c` names the ini. The nearest in which the section's paths are found; also that above
    the root, if the root is a package."""
    above = [root.parent] if (root / "__init__.py").is_file() else []
    candidates = [folder, *(p for p in folder.parents if p == root or root in p.parents), *above]
    for candidate in candidates:
        if _script_directory(candidate, written).is_dir() and all(
            (candidate / p).is_dir() for p in paths
        ):
            return candidate
    found = (c for c in candidates if _script_directory(c, written).is_dir())
    return next(found, folder)


def _script_directory(folder: Path, written: str) -> Path:
    """`package:folder`, also `package:folder:folder`, names a folder in a Python package; taken
    relative to `folder`."""
    package, colon, inside = written.partition(":")
    if colon and not Path(written).is_absolute():
        inside = inside.replace(":", "/")
        for base in (folder, folder / "src"):
            if (base / package.replace(".", "/") / inside).is_dir():
                return base / package.replace(".", "/") / inside
    return _inside(folder, written)


def _inside(folder: Path, written: str) -> Path:
    """`%(here)s/../migrations` and `./migrations` are the same folder as `migrations`."""
    return Path(os.path.normpath(folder / written))


def _line(text: str, section: str) -> int:
    found, inside = 1, False
    for number, line in enumerate(text.splitlines(), 1):
        if line.strip().startswith("["):
            inside = line.strip() == f"[{section}]"
            found = number if inside else found
        elif inside and re.match(r"sqlalchemy\.url\s*[=:]", line):
            return number
    return found
