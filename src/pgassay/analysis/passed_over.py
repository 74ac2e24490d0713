"""What a revision let be, when it ran again and found what it makes in another shape."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
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
        refused = {n for e in failures for n in _named(e["error"])}
        stopped = any(not e["left_out"] for e in failures)
        found[revision] = tuple(
            _state(o, names, columns)
            for o in event["objects"]
            if not stopped and (o[2] if o[6] else o[3] or o[2]) not in refused
        )
    return found


def _named(error: str) -> list[str]:
    return [quoted.rpartition(".")[2] for quoted in re.findall(r'"([^"]+)"', error)]


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
