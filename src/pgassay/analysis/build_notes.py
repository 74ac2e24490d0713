"""What has to be said of how a history was built: where it was not as the project's own runs."""

from __future__ import annotations

from pgassay.analysis.url_text import other_dialect
from pgassay.facts.history import Build, History


def in_place_of(build: Build) -> str:
    """The database of another dialect, masked, that env.py takes from the ini; "" for none."""
    return build.requested_url if other_dialect(build.requested_url) else ""


def build_notes(history: History, build: Build) -> tuple[str, ...]:
    """Phrases that follow "built"."""
    notes = []
    if asked := in_place_of(build):
        place = f" ({history.ini})" if history.ini else ""
        notes.append(f"on PostgreSQL in place of {asked}{place}")
    if given := build.handed_over:
        names = " and ".join(f'config.attributes["{name}"]' for name in given.names)
        notes.append(f"with a scratch {given.kind} as {names}; without one, {given.why}")
    return tuple(notes)
