"""Roles that a history needs and its project does not make: on scratch they are made for it."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path

from pgassay.analysis.missing_object import role_of_missing
from pgassay.facts.history import AssumedRole, Build, BuildFailure, Salvage
from pgassay.facts.project import Project
from pgassay.sources.history_runs import Workshop

_MAKES = r"\bCREATE\s+(?:ROLE|USER|GROUP)\s+\W{0,3}"


def assume_role(
    workshop: Workshop, project: Project, failures: Iterable[BuildFailure]
) -> AssumedRole | None:
    """Makes the first role that a failure is for want of; None where none is, a revision makes it
    itself (then its order is wrong), or the server does not let us."""
    for failure in failures:
        role = role_of_missing(failure.missing_object)
        if role and not _is_made(project, role) and workshop.make_role(role):
            return AssumedRole(role, failure.revision, failure.location)
    return None


def failures_of(build: Build) -> tuple[BuildFailure, ...]:
    """What it ended at, and what it went on after."""
    first = (build.failure,) if build.failure is not None else ()
    known = build.salvage.failures if isinstance(build.salvage, Salvage) else ()
    return (*first, *known)


def _is_made(project: Project, role: str) -> bool:
    making = re.compile(_MAKES + re.escape(role) + r"\b", re.IGNORECASE)
    files = {r.location.path for h in project.histories for r in h.revisions}
    return any(making.search(_text(Path(project.root, path))) for path in files)


def _text(path: Path) -> str:
    try:
        return path.read_text("utf-8", "replace")
    except OSError:
        return ""
