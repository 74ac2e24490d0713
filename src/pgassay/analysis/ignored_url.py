"""Which URL variables of the project an env.py passes over."""

from __future__ import annotations

from dataclasses import dataclass

from pgassay.facts.entry_point import EntryPoint
from pgassay.facts.history import Build, History
from pgassay.facts.location import Location
from pgassay.facts.project import Project, UrlVariable

_EXAMPLES = (".example", ".sample", ".template", ".dist", ".md")


@dataclass(frozen=True, slots=True)
class IgnoredUrl:
    """`variables` name a database and are not for tests; `used_at` is where the project reads or
    sets them, env.py apart; `is_read`: it reads one. `misled` is what runs the history with a URL
    variable set, and hands over no URL in code."""

    variables: tuple[UrlVariable, ...]
    used_at: tuple[Location, ...]
    is_read: bool
    misled: tuple[EntryPoint, ...]


def ignored_url(project: Project, history: History, build: Build) -> IgnoredUrl | None:
    """None where env.py, run with all of them set, took its database from one of them, asked for
    none, or there is no such variable."""
    variables = tuple(
        v
        for v in project.url_variables
        if not v.name.startswith("TEST") and (v.read_at or v.set_at)
    )
    read = [p for v in variables for p in v.read_at]
    places = [*read, *(p for v in variables for p in v.set_at)]
    used = tuple(p for p in places if history.env is None or p.path != history.env.path)
    if not build.requested_url or build.url_variable or not used:
        return None
    misled = tuple(
        e for e in project.entry_points if e.history == history.name and not e.sets_url and e.given
    )
    return IgnoredUrl(variables, used, any(p in used for p in read), misled)


def given_instead(project: Project, entry: EntryPoint, taken: str) -> frozenset[str]:
    """The URL variables that an entry point sets and env.py, which took `taken` when all were set,
    may pass over; none where what it took is set there, or may be.

    Where variables may come from elsewhere, the entry point's own that count are those it sets for
    the one command: any other may be for the application beside it.
    """
    if not taken or entry.sets_url or taken in entry.given:
        return frozenset()
    if entry.open:
        return entry.given_alone
    set_at = (p for v in project.url_variables if v.name == taken for p in v.set_at)
    is_set = any(not p.path.endswith(_EXAMPLES) for p in set_at)
    return frozenset() if is_set else entry.given
