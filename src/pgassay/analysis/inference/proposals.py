"""All proposals, and those that the rows support."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

from pgassay.analysis.inference.amounts import Size, amount_proposals
from pgassay.analysis.inference.references import reference_proposals
from pgassay.analysis.inference.seen import Seen
from pgassay.analysis.inference.texts import text_proposals
from pgassay.analysis.inference.times import time_proposals
from pgassay.analysis.inference.totals import total_proposals
from pgassay.facts.data_rule import Balanced, DataRule
from pgassay.facts.data_run import RuleOutcome
from pgassay.facts.proposal import Proposal

_FEW = 20
# In a small table a few wrong rows are a larger share.
_SMALL, _SLACK = 1000, 0.02


def proposals(seen: Seen, size: Size) -> tuple[Proposal, ...]:
    """What names, types, relationships and statistics speak for; the rows are yet to be asked."""
    return (
        *reference_proposals(seen),
        *amount_proposals(seen, size),
        *text_proposals(seen),
        *time_proposals(seen),
        *total_proposals(seen),
    )


def supported(
    made: tuple[Proposal, ...],
    outcomes: tuple[RuleOutcome, ...],
    rows: Mapping[DataRule, int],
) -> Iterator[Proposal]:
    """Those that nearly all rows keep, with how many do. `rows` is how many each rule is about: of
    journals for `Balanced`. What few rows say is no evidence, and what a constraint proves needs
    no rule."""
    by_rule = {id(outcome.rule): outcome for outcome in outcomes}
    for proposal in made:
        outcome, number = by_rule[id(proposal.rule)], rows.get(proposal.rule, 0)
        if outcome.ending not in ("passed", "failed") or outcome.failing is None or number < _FEW:
            continue
        share = 1 - outcome.failing / number
        if share + (_SLACK if number < _SMALL else 0) < proposal.holds:
            continue
        unit = "journals" if isinstance(proposal.rule, Balanced) else "rows"
        broken = f"all but {outcome.failing:,} of" if outcome.failing else "all of"
        yield replace(proposal, reason=f"{proposal.reason}; {broken} {number:,} {unit} keep it")
