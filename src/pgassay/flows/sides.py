"""Comparing schemas, with a scratch server to say which texts mean the same."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from traceback import format_exception

from pgassay.analysis.schema_diff import compare, unsettled
from pgassay.analysis.side_scope import Scope
from pgassay.facts.assay import Assay
from pgassay.facts.catalog import Catalog, Sequence
from pgassay.facts.comparison import Comparison
from pgassay.facts.models import Models
from pgassay.facts.unavailable import Unavailable
from pgassay.flows.memory import Memory
from pgassay.flows.scratch_once import ScratchOnce
from pgassay.flows.scratch_texts import Asked, ScratchTexts

# Texts that line up only once others are known to be the same come in a second round.
_ROUNDS = 3


def compare_sides(
    sides: Mapping[str, Catalog],
    scopes: Mapping[str, Scope],
    scratch: ScratchOnce,
    progress: Callable[[str], None],
    memory: Memory | None = None,
) -> Comparison:
    """The comparison of the schemas, each text that differs put through scratch on every side.

    Scratch is started only where some text differs, as the newest of the sides' versions that this
    machine has. Where it cannot be used, those texts stay different, and say so in `undecided`.
    """
    reparsed: dict[str, Asked] = {side: {} for side in sides}
    comparison = compare(sides, scopes=scopes)
    for _ in range(_ROUNDS):
        asked = {
            side: set(keys) - reparsed[side].keys()
            for side, keys in unsettled(sides, comparison).items()
        }
        if not any(asked.values()):
            break
        progress("Comparing texts on scratch")
        texts = ScratchTexts(scratch, max(c.server_major for c in sides.values()), memory)
        for side, made in texts.of_all(sides, asked).items():
            reparsed[side] |= made
        comparison = compare(sides, scopes=scopes, reparsed=reparsed)
    return comparison


def compare_or_say_why(
    sides: Mapping[str, Catalog],
    scopes: Mapping[str, Scope],
    scratch: ScratchOnce,
    progress: Callable[[str], None],
    memory: Memory | None = None,
) -> Comparison | Unavailable:
    """`compare_sides`; a crash of it is said, so that nobody takes it for "nothing differs"."""
    try:
        return compare_sides(sides, scopes, scratch, progress, memory)
    except Exception as crash:
        return Unavailable(
            "comparison",
            f"Comparing {', '.join(sides)} crashed: {type(crash).__name__}: {crash}",
            "Report this with the output of -vv.",
            "".join(format_exception(crash)),
        )


def unread(sides: Mapping[str, Catalog]) -> tuple[Unavailable, ...]:
    """What of a side could not be read: nobody can say that nothing differs there."""
    return tuple(
        Unavailable(
            f"schema of {side}",
            f"Not all of {side} could be read: {sentence}",
            "Read it as a role that may see all of it; a superuser may.",
        )
        for side, catalog in sides.items()
        for sentence in catalog.unread
    )


def unseen_positions(sides: Mapping[str, tuple[Catalog, Scope]]) -> tuple[Unavailable, ...]:
    """Sequences whose position a role may not see, where both sides hold data: that they stand
    alike is not known."""
    if not all(scope.data for _, scope in sides.values()):
        return ()
    hidden = {
        side: [s for s in catalog.of(Sequence) if not s.readable]
        for side, (catalog, _) in sides.items()
    }
    return tuple(
        Unavailable(
            f"sequence positions of {side}",
            f"The role that read {side} may not see where {len(sequences)} of its sequences stand, "
            f"such as {sequences[0].subject}.",
            "GRANT SELECT ON ALL SEQUENCES IN SCHEMA ... TO that role, and read it again.",
        )
        for side, sequences in hidden.items()
        if sequences
    )


def catalogs(assay: Assay) -> dict[str, Catalog]:
    """The schemas that could be had: of live, applied, history and models."""
    models = assay.models.catalog if isinstance(assay.models, Models) else assay.models
    candidates = {
        "live": assay.live,
        "applied": assay.applied,
        "history": assay.history,
        "models": models,
    }
    return {side: found for side, found in candidates.items() if isinstance(found, Catalog)}
