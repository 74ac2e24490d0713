"""What `pgassay history consolidate` says in a terminal."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Sequence

from pgassay.facts.consolidation import Consolidation, Plan


def consolidation_text(
    made: Consolidation,
    files: Sequence[str],
    written: bool,
    verbosity: int,
) -> str:
    """At 80 columns."""
    return "\n".join(_lines(made, files, written, verbosity))


def _lines(
    made: Consolidation,
    files: Sequence[str],
    written: bool,
    verbosity: int,
) -> Iterator[str]:
    plan = made.plan
    if plan.refused:
        yield f"REFUSED  {plan.retired}/ cannot be brought over into {plan.into}/"
        for reason in plan.refused:
            yield from _wrapped(f"- {reason}", 2)
        return
    proven = sum(1 for p in made.proofs if not p.failed)
    word = "PROVEN" if made.is_proven else "NOT PROVEN"
    yield f"{word}  {plan.retired}/ into {plan.into}/: {proven} of {len(made.proofs)} proofs hold"
    yield ""
    yield from _plan(plan)
    yield "Proof  on scratch, each with equal schemas at the end"
    for proof in made.proofs:
        yield from _wrapped(f"[{'x' if not proof.failed else ' '}] {proof.state}", 2, hang=4)
        if proof.failed:
            yield from _wrapped(f"in the way: {proof.failed}", 6)
        elif proof.commands and verbosity > 0:
            yield from _wrapped(f"run: {' ; '.join(proof.commands)}", 6)
    for state in made.not_proven:
        yield from _wrapped(f"[ ] not proven: {state}", 2, hang=4)
    yield ""
    for line in made.on_live:
        yield from _wrapped(f"on the live database: {line}", 0)
    if made.patches:
        yield "Changed, and seen to work in a copy"
        for patch in made.patches:
            yield from _wrapped(f"{patch.path} {patch.why}", 2)
        yield ""
    for line in made.running:
        yield from _wrapped(f"names {plan.retired}/, for you to change: {line}", 0)
    if made.models:
        paths = ", ".join(patch.path for patch in made.models)
        yield "The models lack some of the union"
        yield from _wrapped(f"a change of {paths} was tried and helps: models.patch", 2)
    if made.models_lack:
        count = len(made.models_lack)
        rest = "; ".join(made.models_lack) if count < 4 else "see CONSOLIDATION.md"
        yield from _wrapped(f"Models and history still differ in {count}: {rest}", 0)
    if not made.is_proven:
        yield "Nothing was written."
        yield "next: mend what is in the way, in a revision of either history, and run this again."
        return
    if made.plan.rows_left and not written:
        yield from _wrapped(
            f"{len(made.plan.rows_left)} changes of rows are not carried over: look at each, and "
            "add --rows-by-hand to --write",
            0,
        )
    yield "Written:" if written else "To be written with --write:"
    for file in files:
        yield f"  {file}"
    for old, new in made.moved:
        yield f"  {old} moves to {new}"


def _plan(plan: Plan) -> Iterator[str]:
    yield "New revisions"
    for revision in plan.revisions:
        yield f"  {revision.id}  after {', '.join(revision.parents) or 'nothing'}"
        does = ", ".join(o.subject for o in revision.operations)
        yield from _wrapped(f"from {revision.origin}: {does}", 6)
    for rename in plan.renames:
        yield from _wrapped(f"{rename.history}/ {rename.old} is renamed {rename.new}", 2)
    yield ""
    if plan.decisions:
        yield "Decided, since the two say otherwise"
        for d in plan.decisions:
            yield from _wrapped(
                f"{d.subject} {d.property}: {d.kept or 'none'}, not {d.dropped or 'none'} "
                f"({d.why})",
                2,
            )
        yield ""
    if plan.by_hand or plan.rows_left:
        yield "To look at by hand"
        for line in (*plan.by_hand, *plan.rows_left):
            yield from _wrapped(f"- {line}", 2)
        yield ""


def _wrapped(text: str, indent: int, hang: int = 2) -> list[str]:
    blank = " " * indent
    return textwrap.wrap(
        " ".join(text.split()),
        80,
        initial_indent=blank,
        subsequent_indent=blank + " " * hang,
        break_long_words=False,
        break_on_hyphens=False,
    )
