"""Taking a history down to its bottom and up again, on a copy of what it built."""

from __future__ import annotations

from pgassay.analysis.schema_diff import compare
from pgassay.analysis.touched_objects import toucher
from pgassay.facts.catalog import Catalog
from pgassay.facts.history import Build, BuildFailure, History
from pgassay.facts.project import Project
from pgassay.facts.round_trip import RoundTrip, Trace
from pgassay.facts.unavailable import Unavailable
from pgassay.postgres.scratch import Database
from pgassay.sources.builds import build_of, version_table
from pgassay.sources.history_runs import Course, Place, Workshop, run_history


def round_trip(
    workshop: Workshop,
    project: Project,
    history: History,
    build: Build,
    database: Database,
    purpose: str,
) -> RoundTrip | Unavailable:
    """Of a history that was built in `database`, which is copied."""
    copy = workshop.create_database(purpose, template=database.name)
    down = _run(workshop, project, history, Course(direction="down"), copy)
    if isinstance(down, Unavailable):
        return down
    if down is not None:
        return RoundTrip(history.name, down, "down")
    table = version_table(build)
    bottom = workshop.read_catalog(copy, table)
    nothing = workshop.read_catalog(workshop.create_database(f"{purpose}_empty"), table)
    left = _traces(build, bottom, nothing)
    if isinstance(left, Unavailable):
        return left
    up = _run(workshop, project, history, Course(), copy)
    if isinstance(up, Unavailable):
        return up
    if up is not None:
        return RoundTrip(history.name, up, "up again", left)
    changed = _traces(build, workshop.read_catalog(copy, table), build.catalog)
    if isinstance(changed, Unavailable):
        return changed
    return RoundTrip(history.name, left=left, changed=changed)


def _run(
    workshop: Workshop, project: Project, history: History, course: Course, database: Database
) -> BuildFailure | Unavailable | None:
    outcome = run_history(workshop, project, history, course, lambda: Place(database))
    if isinstance(outcome, Unavailable):
        return outcome
    went = build_of(workshop, project, history, outcome)
    return went if isinstance(went, Unavailable) else went.failure


def _traces(
    build: Build,
    found: Catalog | Unavailable,
    expected: Catalog | Unavailable | None,
) -> tuple[Trace, ...] | Unavailable:
    for side in (found, expected):
        if not isinstance(side, Catalog):
            return side or Unavailable(f"round trip of {build.history}", "Nothing was built.")
    assert isinstance(found, Catalog)
    assert isinstance(expected, Catalog)
    differences = compare({"found": found, "expected": expected}).differences
    touches = build.touches or ()
    return tuple(Trace(toucher(touches, d), d) for d in differences)
