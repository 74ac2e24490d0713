"""What came of taking a history down to its bottom, and up again."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from pgassay.facts.comparison import Difference
from pgassay.facts.history import BuildFailure


@dataclass(frozen=True, slots=True)
class Trace:
    """Something that a downgrade leaves, or that is not the same after the second upgrade.
    `revision` made the object, "" where that is not known."""

    revision: str
    difference: Difference


@dataclass(frozen=True, slots=True)
class RoundTrip:
    """Of a history that builds. `failure` ended the way down, or the way up again: there
    `failed_on` says which. `left` is what the bottom has that an empty database has not, `changed`
    what is otherwise after the second upgrade; each empty where the way ended before."""

    history: str
    failure: BuildFailure | None = None
    failed_on: Literal["", "down", "up again"] = ""
    left: tuple[Trace, ...] = ()
    changed: tuple[Trace, ...] = ()
