"""What a run took from the world besides what it was given."""

from __future__ import annotations

from dataclasses import dataclass

_NONE: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Reads:
    """What decides, with the inputs, what a run ends in. Paths are absolute.

    `opened` are files, there or not, whose contents count; of `listed` folders the names in them,
    of those `looked_through` the files' sizes and times too, of `asked` paths whether and what they
    are. `variables` are of the environment, `every_variable` that all were looked through.
    `foreign` are packages of compiled code that may read what nobody sees: then all of the
    project's files and every variable count. `doubts` say what it did whose outcome nobody can
    foretell.
    """

    opened: frozenset[str] = _NONE
    listed: frozenset[str] = _NONE
    looked_through: frozenset[str] = _NONE
    asked: frozenset[str] = _NONE
    variables: frozenset[str] = _NONE
    every_variable: bool = False
    foreign: frozenset[str] = _NONE
    doubts: frozenset[str] = _NONE

    def __or__(self, other: Reads) -> Reads:
        return Reads(
            self.opened | other.opened,
            self.listed | other.listed,
            self.looked_through | other.looked_through,
            self.asked | other.asked,
            self.variables | other.variables,
            self.every_variable or other.every_variable,
            self.foreign | other.foreign,
            self.doubts | other.doubts,
        )
