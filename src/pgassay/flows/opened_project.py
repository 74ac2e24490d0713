"""A project as a run begins with it: its settings, files and histories, nothing executed yet."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

from pgassay.facts.project import Project
from pgassay.facts.settings import Settings
from pgassay.sources.configuration import (
    ConfigurationError,
    find_configuration,
    read_configuration,
)
from pgassay.sources.entry_points import read_entry_points
from pgassay.sources.histories import read_histories
from pgassay.sources.interpreter import find_interpreter
from pgassay.sources.migration_systems import read_migration_systems
from pgassay.sources.model_tables import read_model_tables
from pgassay.sources.monitoring import read_monitoring
from pgassay.sources.package_folders import PackageFolders
from pgassay.sources.project_files import read_project_files, relative
from pgassay.sources.python_modules import PythonModules
from pgassay.sources.startup_code import read_startup_calls
from pgassay.sources.url_variables import read_url_variables


class NotAProject(Exception):
    """The folder holds nothing to assay. The message says what was looked for."""


@dataclass(frozen=True, slots=True)
class OpenedProject:
    """`root` is absolute. `settings_path` is relative to it, None where there is no file."""

    root: Path
    settings: Settings
    settings_path: str | None
    project: Project
    files: tuple[Path, ...]


def open_project(
    root: Path, config: Path | None, python: str = "", *, default_python: str = ""
) -> OpenedProject:
    """Read what stands in the project's files. `python`, which overrules the configuration's, is
    asked where it has a package that an ini names; `default_python` where neither is given. Raises
    NotAProject or ConfigurationError."""
    asked, root = root, root.resolve()
    if not root.is_dir():
        raise NotAProject(f"{asked} is not a folder.")
    path = config or find_configuration(root)
    if path is not None and not path.is_file():
        raise ConfigurationError(f"{path}: no such file")
    settings = read_configuration(path)
    if not settings.project.python:
        settings = replace(settings, project=replace(settings.project, python=default_python))
    project, files = read_project(root, settings, python)
    has_rules = (root / settings.data.file).is_file()
    if not project.histories and not project.systems and path is None and not has_rules:
        raise NotAProject(
            f"{root} holds no Alembic history and no pgassay.toml: looked for *.ini with "
            "script_location, for env.py beside revision files, for revision files, and for the "
            "migrations of other tools."
        )
    names = [h.name for h in project.histories]
    if settings.history.main and settings.history.main.strip("/") not in names:
        raise ConfigurationError(
            f"{path}: [history] main = {settings.history.main!r} is none of the histories found: "
            f"{', '.join(names) or 'none'}"
        )
    return OpenedProject(
        root, settings, relative(path.resolve(), root) if path else None, project, files
    )


def read_project(
    root: Path, settings: Settings, python: str = ""
) -> tuple[Project, tuple[Path, ...]]:
    """The project as its files tell it, and which files it has."""
    files = read_project_files(root, settings.project.exclude)
    interpreter = find_interpreter(root, python or settings.project.python)
    packages = PackageFolders(root, files.paths, interpreter)
    found = read_histories(root, files.paths, packages)
    others = read_migration_systems(root, files.paths, found.histories)
    commands = read_entry_points(root, files.paths, found.histories, packages)
    entry_points = tuple(c for c in commands if c.action != "dump")
    modules = PythonModules(root, files.paths)
    migrations = [h.name for h in found.histories]
    project = Project(
        root=str(root),
        histories=found.histories,
        url_variables=read_url_variables(root, files.paths),
        entry_points=entry_points,
        dumps=tuple(c for c in commands if c.action == "dump"),
        startup_calls=read_startup_calls(modules, entry_points, migrations),
        model_tables=read_model_tables(modules, migrations),
        unavailable=(*files.unavailable, *found.unavailable, *others.unavailable),
        systems=others.systems,
        loose=others.loose,
        left_out=others.left_out,
        sub_projects=others.sub_projects,
        monitoring=read_monitoring(root, files.paths, modules),
    )
    return project, files.paths
