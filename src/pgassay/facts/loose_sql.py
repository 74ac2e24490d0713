"""SQL scripts that belong to no migration system."""

from __future__ import annotations

from dataclasses import dataclass, field

from pgassay.facts.location import Location


@dataclass(frozen=True, slots=True)
class LooseScript:
    """SQL that changes a schema or its rows and that somebody runs by hand.

    `location` is its first line: of a file, or of a here-document in a shell script. `defines`:
    it changes the schema.
    """

    location: Location
    sql: str = field(repr=False)
    defines: bool = True


@dataclass(frozen=True, slots=True)
class LeftOutScript:
    """An SQL file that is not taken for a script of the project's, and why."""

    path: str
    reason: str
