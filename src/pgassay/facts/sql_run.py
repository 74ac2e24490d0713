"""What came of running SQL files on scratch."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from pgassay.facts.location import Location
from pgassay.facts.touch import Touch

Fate = Literal["fails", "already", "follows", "unknown"]


@dataclass(frozen=True, slots=True)
class SqlFailure:
    """A statement that the scratch server refused.

    `fate`: "fails" by itself; "already": what it makes is there; "follows" from another failure
    in the same run; "unknown": the cause may be scratch (rows, rights, settings that are only
    elsewhere, or something that was not run). `missing_object` is such as `relation "users"`.
    """

    location: Location
    statement: str
    error: str
    sqlstate: str
    fate: Fate = "fails"
    missing_object: str = ""


@dataclass(frozen=True, slots=True)
class NotRun:
    """Something in a script that scratch does not carry out, and why. `matters`: what it would
    have done to the schema is not known."""

    location: Location
    what: str
    reason: str
    matters: bool = True


@dataclass(frozen=True, slots=True)
class SqlRun:
    """What came of one system's files on an empty database, or of one script on a built schema.

    `name` is the system's, or the script's location. `logged`: `touches` is complete, as the
    server told it; else nothing is known from execution. `assumed` are roles that were made because
    the SQL names them. `tables` is how many tables there were at the end. `included` are the files
    that it took in by psql's commands, relative to the root.
    """

    name: str
    statements: int = 0
    failures: tuple[SqlFailure, ...] = ()
    not_run: tuple[NotRun, ...] = ()
    touches: tuple[Touch, ...] = ()
    logged: bool = False
    assumed: tuple[str, ...] = ()
    tables: int = 0
    included: tuple[str, ...] = ()

    @property
    def defects(self) -> tuple[SqlFailure, ...]:
        """The failures that are the SQL's own."""
        return tuple(f for f in self.failures if f.fate == "fails")

    @property
    def lacking(self) -> tuple[NotRun, ...]:
        """What was not run although it matters."""
        return tuple(n for n in self.not_run if n.matters)

    @property
    def unknowns(self) -> tuple[SqlFailure, ...]:
        """The failures that prove nothing."""
        return tuple(f for f in self.failures if f.fate == "unknown")
