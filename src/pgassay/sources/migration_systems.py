"""Finding every migration system that is not Alembic's, and the SQL that belongs to none."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from pgassay.analysis.loose_sql import aside, loose_script, shell_scripts
from pgassay.analysis.managed_services import SUPABASE
from pgassay.analysis.sql_systems import sql_systems
from pgassay.facts.history import History
from pgassay.facts.loose_sql import LeftOutScript, LooseScript
from pgassay.facts.migration_system import MigrationSystem
from pgassay.facts.sql_text import SqlText
from pgassay.facts.unavailable import Unavailable
from pgassay.sources.project_files import relative
from pgassay.sources.python_systems import read_python_systems
from pgassay.sources.sql_of_revisions import SqlOfRevisions
from pgassay.sources.system_surroundings import read_surroundings

SIZE_LIMIT = 4_000_000
"""In bytes. A larger SQL file is data, not a script."""

_SUB_PROJECT = frozenset(
    (
        "build.gradle",
        "build.gradle.kts",
        "Cargo.toml",
        "composer.json",
        "Gemfile",
        "go.mod",
        "mix.exs",
        "package.json",
        "pom.xml",
        "pyproject.toml",
        "setup.py",
    )
)


@dataclass(frozen=True, slots=True)
class FoundSystems:
    """`sub_projects` are the folders below the root that are projects of their own, as their
    package or module files say. `unavailable` are the SQL files that could not be read."""

    systems: tuple[MigrationSystem, ...]
    loose: tuple[LooseScript, ...]
    left_out: tuple[LeftOutScript, ...]
    sub_projects: tuple[str, ...] = ()
    unavailable: tuple[Unavailable, ...] = ()


def read_migration_systems(
    root: Path, files: Sequence[Path], histories: Sequence[History]
) -> FoundSystems:
    """The systems, sorted by name, and what belongs to none of them.

    SQL that is one of the Alembic `histories`' own is left out.
    """
    texts, left_out, lost = _sql_texts(root, files)
    of_revisions = SqlOfRevisions(root, histories)
    taken: list[SqlText] = []
    for text in texts:
        if reason := of_revisions.why(text) or aside(text.path):
            left_out.append(LeftOutScript(text.path, reason))
        else:
            taken.append(text)
    python = [s for s in read_python_systems(root, files) if not aside(f"{s.name}/")]
    around = read_surroundings(root, files)
    steps = {"" if s.name == "." else s.name for s in python if s.kind == "yoyo"}
    around = replace(around, yoyo_python=frozenset(steps))
    found = sql_systems(taken, around)
    systems = _merge_yoyo(found, python, steps)
    of_systems = {s.path for f in systems for s in _places(f)}
    loose: list[LooseScript] = []
    kinds = {s.name: s.kind for s in systems}
    scripts = [
        LeftOutScript(t.path, f"it lies among migrations of {kind}, which does not take it")
        if (kind := kinds.get(t.folder or "."))
        else loose_script(t)
        for t in taken
        if t.path not in of_systems
    ]
    for script in (*scripts, *_shell(root, files)):
        if isinstance(script, LooseScript):
            loose.append(script)
        else:
            left_out.append(script)
    return FoundSystems(
        systems=tuple(_managed(s) for s in sorted(systems, key=lambda s: (s.name, s.kind))),
        loose=tuple(sorted(loose, key=lambda s: s.location)),
        left_out=tuple(sorted(left_out, key=lambda s: s.path)),
        sub_projects=_sub_projects(root, files),
        unavailable=tuple(lost),
    )


def _managed(system: MigrationSystem) -> MigrationSystem:
    return replace(system, managed=SUPABASE.schemas) if system.kind == "supabase" else system


def _sql_texts(
    root: Path, files: Sequence[Path]
) -> tuple[list[SqlText], list[LeftOutScript], list[Unavailable]]:
    texts: list[SqlText] = []
    left_out: list[LeftOutScript] = []
    lost: list[Unavailable] = []
    for path in files:
        if path.suffix.lower() != ".sql":
            continue
        shown = relative(path, root)
        try:
            if path.stat().st_size > SIZE_LIMIT:
                left_out.append(LeftOutScript(shown, "it is larger than 4 MB"))
                continue
            texts.append(SqlText(shown, path.read_text("utf-8-sig", "replace")))
        except OSError as error:
            reason = f"{shown} cannot be read: {error.strerror}."
            lost.append(Unavailable(f"file {shown}", reason, f"chmod u+r {shown}"))
    return texts, left_out, lost


def _merge_yoyo(
    found: Sequence[MigrationSystem], python: Sequence[MigrationSystem], steps: set[str]
) -> list[MigrationSystem]:
    """yoyo's SQL and its Python in one folder are one system."""
    merged = [s for s in found if not (s.kind == "yoyo" and s.name in steps)]
    for system in python:
        sql = [s for s in found if s.kind == system.kind == "yoyo" and s.name == system.name]
        if sql:
            files = sorted((*system.files, *sql[0].files), key=lambda f: f.version)
            makes = system.makes | sql[0].makes
            merged.append(replace(system, files=tuple(files), makes=makes))
        else:
            merged.append(system)
    return merged


def _places(system: MigrationSystem) -> list[SqlText]:
    return [
        SqlText(place.path, "")
        for file in system.files
        for place in (
            file.location,
            *(s.location for s in (file.up, file.down) if s is not None),
        )
    ]


def _shell(root: Path, files: Sequence[Path]) -> list[LooseScript | LeftOutScript]:
    found: list[LooseScript | LeftOutScript] = []
    for path in files:
        if path.suffix in (".sh", ".bash"):
            try:
                text = path.read_text("utf-8", "replace")
            except OSError:
                continue
            found += shell_scripts(relative(path, root), text)
    return found


def _sub_projects(root: Path, files: Sequence[Path]) -> tuple[str, ...]:
    folders = {p.parent for p in files if p.name in _SUB_PROJECT and p.parent != root}
    return tuple(sorted(relative(f, root) for f in folders))
