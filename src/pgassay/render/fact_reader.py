"""Reading the report's JSON-ready facts: what is missing is said, and never looks fine."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from pgassay.render.plain import counted, name, one_line

NOT_GATHERED: Final = "not gathered in this run"

FULL_ISOLATION: Final = "The project's code ran in a network namespace of its own"


def lacking(value: object) -> str:
    """Why a fact is not there, or "" when it is."""
    if value is None:
        return NOT_GATHERED
    if isinstance(value, Mapping) and "unavailable" in value:
        return one_line(value["unavailable"]) or "no reason was given"
    return ""


def mapping(value: object) -> Mapping[str, Any]:
    """`value` where it is a mapping of facts; an empty one where it is lacking."""
    return value if isinstance(value, Mapping) and not lacking(value) else {}


def records(value: object) -> list[Mapping[str, Any]]:
    """The mappings of a list; nothing where the fact is lacking."""
    if not isinstance(value, list | tuple):
        return []
    return [record for record in value if isinstance(record, Mapping)]


def names(value: object) -> list[str]:
    """The names of a list, each in one line."""
    if not isinstance(value, list | tuple):
        return []
    return [name(item) for item in value]


def text(record: Mapping[str, Any], key: str) -> str:
    """A text of a record in one line, "" where there is none."""
    value = record.get(key)
    return "" if value is None else one_line(value)


def size(record: Mapping[str, Any], key: str, noun: str) -> str:
    """`12 tables`: of a list its length, of a number itself; said where it is lacking."""
    value = record.get(key)
    if isinstance(value, list | tuple):
        return counted(len(value), noun)
    if isinstance(value, int):
        return counted(value, noun)
    return f"{noun}s unavailable"


def states(history: Mapping[str, Any]) -> list[str]:
    """The state of each of a history's revisions; unknown where it is not given."""
    return [text(revision, "state") or "unknown" for revision in records(history.get("revisions"))]


def is_partly_isolated(isolation: object) -> bool:
    """Whether the project's code could have reached another server than scratch.

    Only the one sentence that says it could not is believed.
    """
    shown = one_line(isolation or "")
    return bool(shown) and not shown.startswith(FULL_ISOLATION)
