"""The list of histories as JSON: a contract with its schema in history_list.schema.json beside."""

from __future__ import annotations

import json
from importlib import resources
from typing import Any, Final

from pgassay import __version__
from pgassay.facts.history_listing import (
    HistoryListing,
    HistoryProblem,
    ListedHistory,
    ListedRevision,
    TouchedObject,
)
from pgassay.facts.stamp_sighting import StampSighting

SCHEMA_VERSION: Final = 1


def render_history_list_json(listing: HistoryListing) -> str:
    """The list with its keys in the contract's order; the revisions newest first, in ASCII."""
    document = {
        "schema_version": SCHEMA_VERSION,
        "tool": {"name": "pgassay", "version": __version__},
        "project": listing.project,
        "unchanged_since": listing.unchanged_since or None,
        "histories": [_history(history) for history in listing.histories],
        "unavailable": [
            {"needs": lost.needs, "reason": lost.reason} for lost in listing.unavailable
        ],
    }
    return json.dumps(document, indent=2, ensure_ascii=True, allow_nan=False) + "\n"


def _history(listed: ListedHistory) -> dict[str, Any]:
    history, stamp = listed.history, listed.stamp
    return {
        "name": history.name,
        "ini": history.ini.path if history.ini else None,
        "ini_section": history.ini_section if history.ini else None,
        "env": history.env.path if history.env else None,
        "version_table": ".".join(part for part in listed.version_table if part),
        "build": listed.build.replace(" ", "-"),
        "build_notes": list(listed.build_notes),
        "stamp": {
            "status": stamp.status,
            "table": stamp.table or None,
            "revisions": list(stamp.revisions),
            "not_in_files": list(stamp.strangers),
            "reason": stamp.reason,
            "position": stamp.position or None,
            "seen": [_sighting(seen) for seen in stamp.sightings],
        },
        "heads": list(listed.heads),
        "bases": list(listed.bases),
        "revisions": [_revision(revision) for revision in listed.revisions],
        "problems": [_problem(problem) for problem in listed.problems],
    }


def _sighting(seen: StampSighting) -> dict[str, Any]:
    return {
        "revision": seen.revision,
        "path": seen.path,
        "commit": seen.commit or None,
        "ref": seen.ref or None,
        "continues": seen.continues or None,
        "ahead_by": len(seen.steps) if seen.is_ahead else None,
        "removed_by": seen.removed or None,
    }


def _revision(listed: ListedRevision) -> dict[str, Any]:
    revision, effects = listed.revision, listed.effects
    return {
        "id": revision.id,
        "parents": list(revision.parents),
        "depends_on": list(revision.depends_on),
        "labels": list(revision.branch_labels),
        "summary": revision.summary,
        "path": revision.location.path,
        "line": revision.location.line,
        "state": listed.state,
        "id_also_in": list(listed.id_also_in),
        "creates": None if effects is None else [_object(o) for o in effects.creates],
        "alters": None if effects is None else [_object(o) for o in effects.alters],
        "drops": None if effects is None else [_object(o) for o in effects.drops],
        "assumed": [{"missing": a.missing, "source": a.source} for a in listed.assumed],
    }


def _object(thing: TouchedObject) -> dict[str, Any]:
    return {
        "kind": thing.kind,
        "name": thing.name,
        "owner": thing.owner or None,
        "also_in": list(thing.also_in),
    }


def _problem(problem: HistoryProblem) -> dict[str, Any]:
    place = problem.location
    return {
        "kind": problem.kind,
        "revision": problem.revision or None,
        "message": problem.message,
        "path": place.path if place else None,
        "line": place.line if place else None,
    }


def history_list_schema() -> dict[str, Any]:
    """The published JSON Schema of the list."""
    text = resources.files("pgassay.render").joinpath("history_list.schema.json").read_text("utf-8")
    schema: dict[str, Any] = json.loads(text)
    return schema
