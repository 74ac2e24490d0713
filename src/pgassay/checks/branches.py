"""MIG: what a branch does to the history that it came from, and to those of others."""

from __future__ import annotations

from collections.abc import Iterator

from pgassay.analysis.alembic_operations import alembic_command
from pgassay.check import Check
from pgassay.facts.assay import Assay
from pgassay.facts.branch import Branch
from pgassay.findings import Finding, Severity


def find_edited(check: Check, assay: Assay) -> Iterator[Finding]:
    """A revision that was there before was edited or removed.

    What:
      The branch changes the code of a revision, or removes the file of one, that the branch it is
      for has. Comments and layout do not count.

    Why:
      Databases that have it will not run it again: they keep what the old code made, while new ones
      get what the new code makes, under the same stamp.

    Fix:
      Put the file back as it was, and write what should change as a new revision.

    Example:
      0003_users.py gets another column after it ran in production.
    """
    assert isinstance(assay.branch, Branch)
    history = assay.main.name if assay.main else ""
    for edited in assay.branch.edited:
        gone = edited.location is None
        yield check.finding(
            f"{history}: {edited.id}",
            f"Revision {edited.id} was {'removed' if gone else 'edited'} since "
            f"{assay.branch.since}.",
            why="Databases that have it do not run it again, so they and new ones differ under one "
            "stamp."
            if not gone
            else "A database that is stamped with it is then stamped with what no file has.",
            fix="Put the file back as it was, and write the change as a new revision.",
            location=edited.location,
        )


def find_two_heads(check: Check, assay: Assay) -> Iterator[Finding]:
    """Merged with another branch, the history has two heads.

    What:
      This branch and another one that is open both add revisions after the same one. Git merges
      them without a conflict.

    Why:
      `alembic upgrade head` then stops with "Multiple head revisions are present", for whoever
      deploys next.

    Fix:
      Whoever merges second gives their first revision the other's head as `down_revision`; or
      `alembic merge heads`.

    Example:
      0007_plans and 0007_teams both follow 0006.
    """
    assert isinstance(assay.branch, Branch)
    history = assay.main.name if assay.main else ""
    for other in assay.branch.others:
        for clash in other.clashes:
            yield check.finding(
                f"{history}: {clash}",
                f"{other.ref} has a revision {clash} too, with other code.",
                why="Merged, one id stands for two revisions; the files conflict, or Alembic takes "
                "one of them.",
                fix="Give the one of this branch a new `revision`.",
            )
        if len(other.heads) <= max(len(other.ours), len(other.theirs)):
            continue
        new = [h for h in other.heads if h in other.ours]
        theirs = [h for h in other.heads if h not in new]
        merge = alembic_command(assay.main, "merge heads")
        yield check.finding(
            f"{history}: {other.ref}",
            f"Merged with {other.ref}, {history}/ has {len(other.heads)} heads: "
            f"{', '.join(other.heads)}.",
            why='`alembic upgrade head` then stops with "Multiple head revisions are present".',
            fix=f"Let the first new revision of this branch follow {', '.join(theirs)} "
            f"(`down_revision`) once {other.ref} is merged; or, after merging, `{merge}`.",
            location=next(
                (r.location for r in (assay.main.revisions if assay.main else ()) if r.id in new),
                None,
            ),
            particulars=other.heads,
        )


B = Severity.BLOCKER
CHECKS: tuple[Check, ...] = (
    Check("MIG019", "revision-edited", B, find_edited, needs=("branch",)),
    Check("MIG020", "two-heads-after-merge", B, find_two_heads, needs=("branch",)),
)
