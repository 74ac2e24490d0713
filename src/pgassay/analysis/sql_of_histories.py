"""SQL files that an Alembic history executes itself: they are its own, and no other system's."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from pgassay.facts.history import Build
from pgassay.facts.loose_sql import LeftOutScript
from pgassay.facts.project import Project


def without_sql_of_histories(project: Project, builds: Iterable[Build]) -> Project:
    """The project without the systems and scripts that a build was seen to open."""
    opened = {f: b.history for b in builds for f in b.files_read if f.endswith(".sql")}
    if not opened:
        return project
    systems, loose = [], []
    left_out = list(project.left_out)
    for system in project.systems:
        by = [opened[f.location.path] for f in system.files if f.location.path in opened]
        if by:
            left_out.append(LeftOutScript(system.name, f"revisions of {by[0]}/ run it"))
        else:
            systems.append(system)
    for script in project.loose:
        path = script.location.path
        if path in opened:
            left_out.append(LeftOutScript(path, f"revisions of {opened[path]}/ run it"))
        else:
            loose.append(script)
    return replace(project, systems=tuple(systems), loose=tuple(loose), left_out=tuple(left_out))
