"""What another tool says of the SQL that the pending revisions sent."""

from __future__ import annotations

from dataclasses import dataclass

from pgassay.facts.unavailable import NotAsked, Unavailable


@dataclass(frozen=True, slots=True)
class Remark:
    """`statement` is the place, from 0, of the pending run's statement that it is about; `rule` the
    tool's name for what it minds; `said` and `advice` ("" for none) its own words."""

    statement: int
    rule: str
    said: str
    advice: str = ""


@dataclass(frozen=True, slots=True)
class SecondOpinion:
    """`tool` with its version, such as "squawk 2.70.0". `unread` are the statements that it has no
    grammar for; it read the others."""

    tool: str
    remarks: tuple[Remark, ...] = ()
    unread: tuple[int, ...] = ()

    def lacking(self, statements: int) -> tuple[NotAsked, ...]:
        """What of so many statements it says nothing of, as a check shows it. What they did was
        seen all the same, so this makes nothing unknown."""
        if not self.unread:
            return ()
        needs = f"{len(self.unread)} of {statements} statements, which {self.tool} cannot read"
        return (NotAsked(needs, f"Not read: {needs}."),)


SecondOpinions = tuple[SecondOpinion | Unavailable, ...]
"""One opinion, and what it lacks."""
