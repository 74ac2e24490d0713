"""What a revision let be, when it ran again and found what it makes in another shape."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from pgassay.facts.comparison import Difference
from pgassay.facts.other_path import OtherState

Event = Mapping[str, Any]
Relation = tuple[str, str]


def passed_over(
    events: Sequence[Event], names: Mapping[str, Relation], columns: Mapping[tuple[str, int], str]
) -> dict[str, tuple[OtherState, ...]]:
    """By revision that ran twice, the objects over which it did not stumble the second time. A
    failure that names an object, such as "relation already exists", is a refusal; so is an
    exception of the revision's own. `names` and `columns` are what the relations and columns are
    called at the end, by oid, and oid and number."""
    found: dict[str, tuple[OtherState, ...]] = {}
    for index, event in enumerate(events):
        if event["event"] != "distorted":
            continue
        revision = event["revision"]
        failures = [
            e
            for e in events[index:]
            if e["event"] == "failed" and e["where"] == "statement" and e["revision"] == revision
        ]
        errors = [e["error"] for e in failures]
        stopped = any(not e["left_out"] for e in failures)
        found[revision] = tuple(
            _state(o, names, columns)
            for o in event["objects"]
            if not stopped and not _is_named(o[2] if o[6] else o[3] or o[2], errors)
        )
    return found


def _is_named(name: str, errors: Iterable[str]) -> bool:
    """PostgreSQL's messages put quotes around a name and change none within it."""
    return any(f'"{name}"' in error or f'.{name}"' in error for error in errors)


def _state(
    listed: Sequence[Any],
    names: Mapping[str, Relation],
    columns: Mapping[tuple[str, int], str],
) -> OtherState:
    kind, schema, relation, name, oid, number, whole = listed
    return OtherState(
        kind, names.get(oid, (schema, relation)), columns.get((oid, number), name), whole
    )


def is_of(state: OtherState, difference: Difference) -> bool:
    """Whether the difference is in that object, however its kind is called."""
    here = {state.table[1], state.name} - {""}
    there = {difference.table, difference.name} - {""}
    return state.table[0] == difference.schema and here == there
