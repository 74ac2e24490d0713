"""CONSOLIDATION.md: what was decided, what proves it, what to run, how to undo it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from pgassay.facts.consolidation import Consolidation, FilePatch, Plan, SharedStamp, StateProof
from pgassay.render.unified_diff import unified_diff

DOCUMENT = "CONSOLIDATION.md"
CONVERGE = "converge.sql"
MODELS_PATCH = "models.patch"


def consolidation_markdown(made: Consolidation) -> str:
    return "\n".join(_lines(made)) + "\n"


def _lines(made: Consolidation) -> Iterator[str]:
    plan = made.plan
    yield f"# {plan.retired}/ is brought over into {plan.into}/"
    yield ""
    yield "Written by `pgassay history consolidate`. Every line of the proof was executed on"
    yield "scratch databases; nothing here touched a live one."
    yield from _revisions(plan)
    yield from _decisions(plan)
    yield from _by_hand(plan)
    yield from _patches(made.patches)
    yield from _listed(
        "What still names the retired history", made.running, "These lines are yours to change:"
    )
    yield from _models(made)
    yield from _listed("What changes on the live database", made.on_live, "As it was read:")
    yield from _states(made)
    yield from _shared(made.shared)
    yield from _rows(made.plan)
    yield from _proof(made)
    yield from _undo(made)


def _revisions(plan: Plan) -> Iterator[str]:
    yield ""
    yield "## New revisions"
    yield ""
    yield "| revision | after | from | does |"
    yield "|---|---|---|---|"
    for revision in plan.revisions:
        does = ", ".join(o.subject for o in revision.operations)
        yield (
            f"| `{revision.id}` | {', '.join(revision.parents) or '-'} | {revision.origin} "
            f"| {_cell(does)} |"
        )
    if plan.renames:
        yield ""
        yield "Renamed, since an id must fit into the version table and mean one thing:"
        yield ""
        for rename in plan.renames:
            yield f"- {rename.history}/ `{rename.old}` is now `{rename.new}`"
    if plan.edits:
        yield ""
        yield "Changed in revisions that were there:"
        yield ""
        for edit in plan.edits:
            yield f"- {edit.path}: {edit.why}"


def _patches(patches: Sequence[FilePatch]) -> Iterator[str]:
    if not patches:
        return
    yield ""
    yield "## What runs migrations, changed"
    yield ""
    yield "Each was seen to work in a copy of the project."
    for patch in patches:
        yield ""
        yield f"{patch.path} {patch.why}:"
        yield ""
        yield "```diff"
        yield from unified_diff(patch).splitlines()
        yield "```"


def _models(made: Consolidation) -> Iterator[str]:
    if made.models:
        folder = made.plan.into
        yield ""
        yield "## What the models lack: a proposal"
        yield ""
        yield "Made with it on scratch, the models have what the history has and they lacked."
        yield f"Nothing of it was written; to take it: `git apply {folder}/{MODELS_PATCH}`."
        yield ""
        yield "```diff"
        for patch in made.models:
            yield from unified_diff(patch).splitlines()
        yield "```"
    yield from _listed(
        "Where models and history still differ", made.models_lack, "To be decided, and written:"
    )


def _decisions(plan: Plan) -> Iterator[str]:
    yield ""
    yield "## Where the two said otherwise"
    yield ""
    if not plan.decisions:
        yield "Nowhere."
        return
    yield "| object | property | kept | given up | why |"
    yield "|---|---|---|---|---|"
    for d in plan.decisions:
        kept, dropped = _cell(d.kept), _cell(d.dropped)
        yield f"| {d.subject} | {d.property} | {kept} | {dropped} | {d.why} |"


def _by_hand(plan: Plan) -> Iterator[str]:
    if plan.by_hand:
        yield ""
        yield "## To look at by hand"
        yield ""
        for line in plan.by_hand:
            yield f"- {line}"


def _listed(title: str, lines: Sequence[str], says: str) -> Iterator[str]:
    if lines:
        yield ""
        yield f"## {title}"
        yield ""
        yield says
        yield ""
        for line in lines:
            yield f"- {line}"


def _rows(plan: Plan) -> Iterator[str]:
    yield from _listed(
        "Rows that are not carried over",
        plan.rows_left,
        "Of these only a person knows whether a database still needs them:",
    )
    yield from _listed(
        "Rows",
        plan.rows,
        "converge.sql changes none. A database that it takes along may still need these, of the "
        "revisions that it never ran:",
    )


def _states(made: Consolidation) -> Iterator[str]:
    yield ""
    yield "## What to run, by the state of the database"
    yield ""
    yield "| the database is | run |"
    yield "|---|---|"
    for proof in made.proofs:
        if proof.commands:
            yield f"| {proof.state} | {' ; '.join(f'`{c}`' for c in proof.commands)} |"
    yield ""
    yield "Any other state: do not guess. Restore a backup elsewhere, and try it there first. What"
    yield "was changed by hand there: a type that no proven state has stops the script; a function,"
    yield "view, trigger, policy or check of the same name becomes as the new head has it."


def _shared(shared: Sequence[SharedStamp]) -> Iterator[str]:
    if not shared:
        return
    yield ""
    yield "## Stamps that may be of either history"
    yield ""
    yield "Both have a revision of this id, so that the stamp does not say which row is meant."
    alike = [stamp.revision for stamp in shared if not stamp.differs]
    if alike:
        yield ""
        yield f"{', '.join(f'`{revision}`' for revision in alike)}: both have made the same schema"
        yield "by then, so that the proof of either row holds for both: either row does. The row of"
        yield "`alembic upgrade` also changes rows as the revisions say; converge.sql changes none."
    for stamp in (s for s in shared if s.differs):
        yield ""
        if stamp.query:
            yield f"`{stamp.revision}`: run this there with psql; it changes nothing, and answers"
            yield "with the row that is meant:"
            yield ""
            yield "```sql"
            yield stamp.query
            yield "```"
        else:
            rows = " or ".join(f"`{row}`" for row in stamp.rows)
            yield f"`{stamp.revision}`: no query here tells {rows}. Look how it is there:"
            yield ""
            for difference in stamp.differs:
                yield f"- {difference}"


def _proof(made: Consolidation) -> Iterator[str]:
    yield ""
    yield "## Proof"
    yield ""
    yield "proven" if made.is_proven else "NOT PROVEN: nothing was written."
    yield ""
    for proof in made.proofs:
        yield f"- {'ok' if not proof.failed else 'FAILED'}: {_claim(proof)}"
    for state in made.not_proven:
        yield f"- not proven: {state}"


def _claim(proof: StateProof) -> str:
    claim = proof.state if not proof.commands else f"{proof.state} -> the new head, equal schemas"
    return f"{claim}{f' ({proof.failed})' if proof.failed else ''}"


def _undo(made: Consolidation) -> Iterator[str]:
    back = " and ".join(f"`git mv {new} {old}`" for old, new in made.moved)
    new = " ".join(revision.path for revision in made.plan.revisions)
    changed = sorted({e.path for e in made.plan.edits} | {p.path for p in made.patches})
    yield ""
    yield "## How to undo it"
    yield ""
    yield f"The files: {back};"
    if changed:
        yield f"`git checkout -- {' '.join(changed)}`;"
    yield f"`rm {new}`, and the files beside this one that came with it." if new else ""
    yield ""
    yield "A database: restore the backup that was made before. `alembic downgrade` is for those"
    yield "that were built from nothing: its way down drops what the new revisions are about, also"
    yield "where that was there, with rows, before they ran."


def converge_sql(made: Consolidation) -> str:
    """The script that takes the other states to the new head."""
    head = (
        f"-- Takes a database of {made.plan.retired}/, or one between the two histories, to the\n"
        "-- schema of the new head. Each statement does nothing where it is not needed.\n"
        "-- Take a backup first. It changes no rows; see Rows in CONSOLIDATION.md.\n"
        f"-- Run: {made.plan.script}\n\n"
        "SET lock_timeout = '5s';\n\n"
    )
    return head + "\n\n".join(made.converge) + "\n"


def _cell(text: str) -> str:
    return " ".join(text.split()).replace("|", "\\|")
