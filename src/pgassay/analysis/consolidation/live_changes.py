"""What bringing the live database to the new head does to what it holds."""

from __future__ import annotations

from dataclasses import dataclass

from pgassay.analysis.consolidation.precedence import INTO, OTHER, precedence
from pgassay.analysis.consolidation.union import IGNORED
from pgassay.analysis.schema_diff import compare
from pgassay.facts.catalog import Catalog
from pgassay.facts.comparison import ABSENT


@dataclass(frozen=True, slots=True)
class LiveChanges:
    """`refused` is what would take something from it that nobody gave up; `told` all other changes
    of what it has, and what it lacks of its own history, one sentence each."""

    refused: tuple[str, ...] = ()
    told: tuple[str, ...] = ()


def live_changes(live: Catalog, head: Catalog, history: str) -> LiveChanges:
    """Both without owners and rights, which are left alone. `history` is the one that stays."""
    refused, told = [], []
    for difference in compare({INTO: head, OTHER: live}).differences:
        if difference.property in IGNORED:
            continue
        values = dict(difference.values)
        name = f"{difference.kind} {difference.subject}"
        if difference.property == "presence":
            if values.get(OTHER) == ABSENT:
                told.append(f"{name} is made")
            continue
        new, old = values.get(INTO) or "none", values.get(OTHER) or "none"
        side, why = precedence(difference)
        if side == INTO:
            told.append(f"{name}: {difference.property} {old} becomes {new} ({why})")
        else:
            refused.append(
                f"the live database has {name} with {difference.property} {old}, and the new head "
                f"{new}: write it in a revision of {history}/ first, or change it back there"
            )
    return LiveChanges(tuple(refused), tuple(told))
