"""The extensions that a project's migrations make, by their text."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from pgassay.facts.project import Project

# In a Python string the quotes around a name may be escaped. PGExtension is alembic_utils'.
_NAMED = re.compile(
    r"\bCREATE\s+EXTENSION\s+(?:IF\s+NOT\s+EXISTS\s+)?(?:\\?\"|')?(?P<sql>[a-z_][\w-]*)"
    r"|\bPGExtension\([^)]*\bsignature\s*=\s*[\"'](?P<python>[\w-]+)[\"']",
    re.IGNORECASE,
)
_REMARK = re.compile(r"^\s*(?:#|--)[^\n]*$", re.MULTILINE)


def named_extensions(root: Path, project: Project) -> frozenset[str]:
    """As PostgreSQL calls them. Enough to choose a server by, and no more."""
    found = (
        match for text in _texts(root, project) for match in _NAMED.finditer(_REMARK.sub("", text))
    )
    return frozenset(match["sql"] or match["python"] for match in found)


def _texts(root: Path, project: Project) -> Iterator[str]:
    for history in project.histories:
        locations = [r.location for r in history.revisions]
        locations += [history.env] if history.env else []
        for location in locations:
            try:
                text = (root / location.path).read_text("utf-8", "replace")
            except OSError:
                continue
            if "xtension" in text.lower():
                yield text
    for system in project.systems:
        for file in system.applied:
            if file.up is not None:
                yield file.up.sql
