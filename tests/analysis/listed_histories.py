"""Histories and builds written by hand, for the tests of `history list`."""

from __future__ import annotations

from collections.abc import Sequence

from pgassay.facts.history import Build, History, Revision, UnreadableRevision
from pgassay.facts.location import Location
from pgassay.facts.touch import Action, Touch


def revision(
    id: str,
    *parents: str,
    depends_on: Sequence[str] = (),
    labels: Sequence[str] = (),
    path: str = "",
    summary: str = "",
) -> Revision:
    return Revision(
        id,
        parents,
        Location(path or f"alembic/versions/{id}.py", 3),
        summary=summary,
        depends_on=tuple(depends_on),
        branch_labels=tuple(labels),
    )


def history(
    *revisions: Revision, name: str = "alembic", unreadable: Sequence[UnreadableRevision] = ()
) -> History:
    return History(name, f"/project/{name}", (), revisions, tuple(unreadable))


def touch(
    revision: str, action: Action, name: str, kind: str = "table", table: str | None = None
) -> Touch:
    on = table or (name if kind == "table" else None)
    return Touch(
        revision, action, action.upper(), kind, f"public.{name}", ("public", on) if on else None
    )


def build(*touches: Touch, name: str = "alembic") -> Build:
    return Build(name, touches=touches)
