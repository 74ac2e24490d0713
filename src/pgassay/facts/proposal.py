"""A rule that somebody might want, and why."""

from __future__ import annotations

from dataclasses import dataclass

from pgassay.facts.data_rule import GroupRule, RowRule


@dataclass(frozen=True, slots=True)
class Proposal:
    """`reason` is what speaks for it. `confidence`, 0 to 1, is how often such a guess is right, not
    how many rows keep it. It is only made where at least the share `holds` of the rows keep it:
    the others are then what it is for."""

    rule: RowRule | GroupRule
    reason: str
    confidence: float
    holds: float = 0.99
