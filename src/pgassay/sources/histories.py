"""Finding every Alembic history in a project, whether an ini file names it or not."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from pgassay.analysis.sql_dialect import POSTGRESQL, dialect_of_path
from pgassay.analysis.url_text import masked_url
from pgassay.facts.history import History, Revision, UnreadableRevision
from pgassay.facts.location import Location
from pgassay.facts.unavailable import Unavailable
from pgassay.sources.alembic_ini import AlembicSection, UnreadableIni, read_alembic_ini
from pgassay.sources.env_file import read_version_table
from pgassay.sources.package_folders import PackageFolders
from pgassay.sources.project_files import is_file, relative
from pgassay.sources.revision_file import is_revision_source, read_revision

RETIRED = ".retired"
"""The end of a folder's name that says: this history is no more."""


@dataclass(frozen=True, slots=True)
class FoundHistories:
    """`unavailable` are the ini files that name a history and cannot be parsed, or whose history
    lies in a package that nobody knows."""

    histories: tuple[History, ...]
    unavailable: tuple[Unavailable, ...] = ()


def read_histories(
    root: Path, files: Sequence[Path], packages: PackageFolders | None = None
) -> FoundHistories:
    """The project's histories, sorted by name; `files` are the project's. `packages` knows where
    the packages are that inis name; None: only what the files show.

    A script directory is one that an ini section names, also in a package that is installed, or
    one with an env.py beside revision files. Revision files that belong to no script directory are
    a history of their own.
    """
    files = [p for p in files if not any(f.suffix == RETIRED for f in p.parents)]
    sections, lost = _sections(root, files, packages or PackageFolders(root, files))
    claimed: dict[Path, list[Path]] = {}
    with_revisions = _revision_folders(files)
    for section in sections:
        usual = section.script_directory / "versions"
        folders = section.version_directories or (usual,)
        if folders == (usual,) and not section.recursive:
            folders += _nested(usual, with_revisions)
        claimed.setdefault(section.script_directory, []).extend(folders)
    for folder in with_revisions:
        owner = next((s for s, own in claimed.items() if _within(folder, own)), None)
        if owner is None:
            claimed.setdefault(_script_directory(folder, root), []).append(folder)
    by_directory = {s.script_directory: s for s in reversed(sections)}
    histories = [
        _history(root, directory, _for_postgresql(versions), by_directory.get(directory))
        for directory, versions in claimed.items()
    ]
    return FoundHistories(tuple(sorted(histories, key=lambda h: h.name)), lost)


def _sections(
    root: Path, files: Sequence[Path], packages: PackageFolders
) -> tuple[list[AlembicSection], tuple[Unavailable, ...]]:
    sections: list[AlembicSection] = []
    lost: list[Unavailable] = []
    for path in files:
        if path.suffix in (".ini", ".cfg"):
            try:
                found = read_alembic_ini(path, root, packages)
            except UnreadableIni as error:
                shown = relative(path, root)
                reason = f"{shown} cannot be read: {error}."
                lost.append(Unavailable(shown, reason, f"Correct {shown}."))
                continue
            known = [s for s in found if not s.package or s.script_directory.is_dir()]
            lost += [_of_nobody(s, root) for s in found if s not in known]
            sections += known
    return sections, tuple(lost)


def _of_nobody(section: AlembicSection, root: Path) -> Unavailable:
    shown = relative(section.path, root)
    package = section.package.partition(":")[0]
    return Unavailable(
        f"history {section.package}",
        f"[{section.section}] of {shown} has script_location = {section.package}, and neither the "
        f"project nor its interpreter has such a folder in a package {package}.",
        f"Install {package} there, or name the right interpreter with --python "
        "(or [project] python in pgassay.toml).",
    )


def _revision_folders(files: Sequence[Path]) -> list[Path]:
    folders: dict[Path, None] = {}
    for path in files:
        if path.suffix == ".py" and path.parent not in folders:
            try:
                source = path.read_text("utf-8", "replace")
            except OSError:
                continue
            if is_revision_source(source) and path.name not in ("env.py", "conftest.py"):
                folders[path.parent] = None
    return list(folders)


def _nested(usual: Path, folders: Sequence[Path]) -> tuple[Path, ...]:
    """The folders below the usual one that code gives Alembic as version_locations: all of them
    where that has no revision, else those with a revision that follows one of its own. Others, such
    as an archive, are no part of the history."""
    rest = {
        f: _ids_and_needs(f) for f in _for_postgresql([f for f in folders if usual in f.parents])
    }
    known, _ = _ids_and_needs(usual)
    if not known:
        return tuple(rest)
    found: list[Path] = []
    while following := [f for f, (_, needs) in rest.items() if needs & known]:
        found += following
        known |= {i for f in following for i in rest.pop(f)[0]}
    return tuple(sorted(found))


def _ids_and_needs(folder: Path) -> tuple[set[str], set[str]]:
    """The ids in a folder, and those that its revisions follow or depend on."""
    read = [read_revision(p, p.name) for p in sorted(folder.glob("*.py"))]
    revisions = [r for r in read if isinstance(r, Revision)]
    needs = {i for r in revisions for i in (*r.parents, *r.depends_on)}
    return {r.id for r in revisions}, needs


def _for_postgresql(folders: Sequence[Path]) -> list[Path]:
    """Without the trees of other databases, which may repeat the ids, unless that is all there is:
    whoever runs the revisions chooses one."""
    ours = [f for f in folders if dialect_of_path(f.name) in ("", POSTGRESQL)]
    return ours or list(folders)


def _within(folder: Path, claimed: Sequence[Path]) -> bool:
    return any(folder == own or own in folder.parents for own in claimed)


def _script_directory(folder: Path, root: Path) -> Path:
    """The nearest folder, up to the root, that has an env.py; else the folder itself."""
    for candidate in (folder, *folder.parents):
        if is_file(candidate / "env.py"):
            return candidate
        if candidate == root:
            break
    return folder


def _revision_files(versions: Sequence[Path], recursive: bool) -> list[Path]:
    """What Alembic would load (alembic.script.base), links and all, wherever the folders lie."""
    found: dict[Path, None] = {}
    for folder in versions:
        paths = folder.rglob("*.py") if recursive else folder.glob("*.py")
        for path in sorted(paths):
            if not path.name.startswith((".#", "__init__", "env.py")) and is_file(path):
                found[path] = None
    return list(found)


def _history(
    root: Path,
    directory: Path,
    versions: Sequence[Path],
    section: AlembicSection | None,
) -> History:
    revisions: list[Revision] = []
    unreadable: list[UnreadableRevision] = []
    recursive = section is not None and section.recursive
    paths = _revision_files(versions, recursive)
    for path in paths:
        read = read_revision(path, relative(path, root))
        if isinstance(read, Revision):
            revisions.append(read)
        else:
            unreadable.append(read)
    env = directory / "env.py"
    is_installed = section is not None and section.package and root not in directory.parents
    return History(
        name=section.package if section and is_installed else relative(directory, root),
        script_directory=str(directory),
        version_directories=tuple(dict.fromkeys(str(v) for v in versions)),
        revisions=tuple(revisions),
        unreadable=tuple(unreadable),
        ini=Location(relative(section.path, root), section.line) if section else None,
        ini_section=section.section if section else "alembic",
        env=Location(relative(env, root)) if is_file(env) else None,
        url=masked_url(section.url) if section else "",
        version_table=read_version_table(env),
        names_version_num=any(map(_names_version_num, (env, *paths))),
    )


def _names_version_num(path: Path) -> bool:
    try:
        return b"version_num" in path.read_bytes()
    except OSError:
        return False
