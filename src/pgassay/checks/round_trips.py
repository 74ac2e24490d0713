"""HIS: whether each history's downgrades undo its upgrades."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from pgassay.analysis.revision_graph import revision_graph
from pgassay.check import Check
from pgassay.facts.assay import Assay
from pgassay.facts.comparison import PRESENT, Difference
from pgassay.facts.history import BuildFailure
from pgassay.facts.location import Location
from pgassay.facts.round_trip import RoundTrip, Trace
from pgassay.findings import Finding, Severity

_SHOWN = 6


def irreversible(check: Check, assay: Assay) -> Iterator[Finding]:
    """A downgrade fails, or does not undo its upgrade.

    What:
      The history was built on scratch, taken down to its bottom and up again. The first downgrade
      that fails is named; or what is left at the bottom, by the revision that made it; or what is
      otherwise after the second upgrade.

    Why:
      A deployment that goes wrong cannot be taken back with `alembic downgrade`; and what a
      downgrade leaves, such as an enum, makes the next upgrade fail.

    Fix:
      Write what the downgrade lacks. Where there is no way back, as after rows were dropped, say so
      with `raise`, and keep a backup as the way back.

    Example:
      0007 creates an enum with its table; its downgrade drops the table only, so the second upgrade
      fails with "type already exists".
    """
    trips = assay.round_trips if isinstance(assay.round_trips, tuple) else ()
    for trip in trips:
        if isinstance(trip, RoundTrip):
            yield from _of(check, assay, trip)


def _of(check: Check, assay: Assay, trip: RoundTrip) -> Iterator[Finding]:
    left = _by_revision(
        t for t in trip.left if trip.failure is not None or not _is_harmless(t.difference)
    )
    for revision, differences in left.items():
        what = _listed(differences)
        yield _finding(
            check,
            assay,
            trip,
            revision,
            f"The downgrade of {revision or 'some revision'} does not undo its upgrade: after "
            f"`alembic downgrade base` there is still {what}.",
            f"Drop {what} in the downgrade.",
        )
    if trip.failure is not None and not (trip.failed_on == "up again" and left):
        yield _failed(check, assay, trip, trip.failure)
    elif trip.failure is None and not left:
        yield from _changed(check, assay, trip)


def _by_revision(traces: Iterable[Trace]) -> dict[str, list[Difference]]:
    found: dict[str, list[Difference]] = {}
    for trace in traces:
        found.setdefault(trace.revision, []).append(trace.difference)
    return found


def _is_harmless(difference: Difference) -> bool:
    """What is usually made where it is missing, and kept: the next upgrade passed over it."""
    return difference.property != "presence" or difference.kind in ("schema", "extension")


def _failed(check: Check, assay: Assay, trip: RoundTrip, failure: BuildFailure) -> Finding:
    down = trip.failed_on == "down"
    said = "The downgrade of" if down else "After a downgrade to base, the second upgrade by"
    return _finding(
        check,
        assay,
        trip,
        failure.revision,
        f"{said} {failure.revision} fails: {failure.error}."
        + (" What lies below it was not tried." if down else ""),
        "Correct the downgrade; where there is no way back, say in the revision what to restore."
        if down
        else "See which downgrade leaves something behind, or changes what a revision counts on.",
        failure,
    )


def _changed(check: Check, assay: Assay, trip: RoundTrip) -> Iterator[Finding]:
    for revision, differences in _by_revision(trip.changed).items():
        what = _listed(differences)
        yield _finding(
            check,
            assay,
            trip,
            revision,
            f"After a downgrade to base, the second upgrade of {trip.history}/ makes another "
            f"schema: {what}.",
            "A revision acts otherwise on what a downgrade leaves: see its conditions.",
        )


def _finding(
    check: Check,
    assay: Assay,
    trip: RoundTrip,
    revision: str,
    message: str,
    fix: str,
    failure: BuildFailure | None = None,
) -> Finding:
    location = failure.location if failure else None
    return check.finding(
        f"{trip.history}: {revision or 'base'}",
        message,
        why="A deployment that goes wrong cannot be taken back with `alembic downgrade`"
        + (", and the next upgrade may fail on what is left." if failure is None else "."),
        fix=fix,
        location=location or _location(assay, trip.history, revision),
        evidence={"revision": revision, "error": failure.error if failure else ""},
    )


def _location(assay: Assay, history: str, revision: str) -> Location | None:
    found = next(h for h in assay.project.histories if h.name == history)
    made = revision_graph(found).by_id.get(revision)
    return made.location if made else found.env


def _listed(differences: list[Difference]) -> str:
    shown = [_said(d) for d in differences[:_SHOWN]]
    more = len(differences) - len(shown)
    return ", ".join(shown) + (f" and {more} more" if more else "")


def _said(difference: Difference) -> str:
    values = dict(difference.values)
    if difference.property == "presence":
        missing = "" if values["found"] == PRESENT else " (missing)"
        return f"{difference.kind} {difference.subject}{missing}"
    found, expected = values.get("found", "?"), values.get("expected", "?")
    return (
        f"{difference.kind} {difference.subject} with {difference.property} {found} instead of "
        f"{expected}"
    )


CHECKS: tuple[Check, ...] = (
    Check(
        "HIS026", "irreversible-revision", Severity.WARNING, irreversible, needs=("round_trips",)
    ),
)
