"""Finding every Alembic history in a project, whether an ini file names it or not."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from pgassay.analysis.url_text import masked_url
from pgassay.facts.history import History, Revision, UnreadableRevision
from pgassay.facts.location import Location
from pgassay.sources.alembic_ini import AlembicSection, UnreadableIni, read_alembic_ini
from pgassay.sources.env_file import read_version_table
from pgassay.sources.project_files import relative
from pgassay.sources.revision_file import is_revision_source, read_revision


def read_histories(root: Path, files: Sequence[Path]) -> tuple[History, ...]:
    """The project's histories, sorted by name; `files` are the project's.

    A script directory is one that an ini section names, or one with an env.py beside revision
    files. Revision files that belong to no script directory are a history of their own.
    """
    sections = _sections(root, files)
    claimed: dict[Path, list[Path]] = {}
    for section in sections:
        folders = section.version_directories or (section.script_directory / "versions",)
        claimed.setdefault(section.script_directory, []).extend(folders)
    for folder in _revision_folders(files):
        owner = next((s for s, own in claimed.items() if _within(folder, own)), None)
        if owner is None:
            claimed.setdefault(_script_directory(folder, root), []).append(folder)
    by_directory = {s.script_directory: s for s in reversed(sections)}
    histories = [
        _history(root, directory, versions, by_directory.get(directory), files)
        for directory, versions in claimed.items()
    ]
    return tuple(sorted(histories, key=lambda h: h.name))


def unreadable_inis(files: Sequence[Path]) -> tuple[tuple[Path, str], ...]:
    """The ini files that name a script directory and cannot be parsed, with the reason."""
    found = []
    for path in files:
        if path.suffix == ".ini":
            try:
                read_alembic_ini(path, path.parent)
            except UnreadableIni as error:
                found.append((path, str(error)))
    return tuple(found)


def _sections(root: Path, files: Sequence[Path]) -> list[AlembicSection]:
    sections: list[AlembicSection] = []
    for path in files:
        if path.suffix in (".ini", ".cfg"):
            try:
                sections += read_alembic_ini(path, root)
            except UnreadableIni:
                continue  # Named by unreadable_inis().
    return sections


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


def _within(folder: Path, claimed: Sequence[Path]) -> bool:
    return any(folder == own or own in folder.parents for own in claimed)


def _script_directory(folder: Path, root: Path) -> Path:
    """The nearest folder, up to the root, that has an env.py; else the folder itself."""
    for candidate in (folder, *folder.parents):
        if (candidate / "env.py").is_file():
            return candidate
        if candidate == root:
            break
    return folder


def _history(
    root: Path,
    directory: Path,
    versions: Sequence[Path],
    section: AlembicSection | None,
    files: Sequence[Path],
) -> History:
    revisions: list[Revision] = []
    unreadable: list[UnreadableRevision] = []
    recursive = section is not None and section.recursive
    for path in files:
        inside = _within(path.parent, versions) if recursive else path.parent in versions
        # Alembic's own rule for what is a revision file (alembic.script.base).
        if not inside or path.suffix != ".py" or path.name.startswith((".#", "__init__", "env.py")):
            continue
        read = read_revision(path, relative(path, root))
        if isinstance(read, Revision):
            revisions.append(read)
        else:
            unreadable.append(read)
    env = directory / "env.py"
    return History(
        name=relative(directory, root),
        script_directory=str(directory),
        version_directories=tuple(dict.fromkeys(str(v) for v in versions)),
        revisions=tuple(revisions),
        unreadable=tuple(unreadable),
        ini=Location(relative(section.path, root), section.line) if section else None,
        ini_section=section.section if section else "alembic",
        env=Location(relative(env, root)) if env.is_file() else None,
        url=masked_url(section.url) if section else "",
        version_table=read_version_table(env),
    )
