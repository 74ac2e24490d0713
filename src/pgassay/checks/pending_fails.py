"""MIG: pending revisions that fail where they are deployed."""

from __future__ import annotations

from collections.abc import Iterator

from pgassay.analysis.unproven_roles import role_fix, unproven_roles, where_missing
from pgassay.check import Check
from pgassay.facts.assay import Assay
from pgassay.facts.pending_run import PendingRun
from pgassay.findings import Finding, Severity


def find_pending_fails(check: Check, assay: Assay) -> Iterator[Finding]:
    """A pending revision fails on a database that has what came before.

    What:
      Run on a scratch database where the revisions before are committed, a pending one failed. On
      an empty database, where all run together, it may pass: a label added to an enum may be used
      in the transaction that made the enum, and in no other. Or it needs a role that neither a
      revision makes nor the live server has (without one: nor `roles` of the configuration names).

    Why:
      The deployment stops there. What ran in transactions of its own stays.

    Fix:
      Correct the revision. A new enum label is used in a revision after the one that adds it, with
      `transaction_per_migration=True`, or after an autocommit_block().

    Example:
      ALTER TYPE status ADD VALUE 'paused', then UPDATE ... SET status = 'paused'.
    """
    run = assay.pending
    assert isinstance(run, PendingRun)
    for role in unproven_roles(assay, run.history):
        if role.revision in run.revisions:
            yield check.finding(
                f"{run.history}: {role.revision}",
                f"Revision {role.revision} needs role {role.name}, {where_missing(assay)}.",
                why="The deployment stops there; what ran in transactions of its own before stays.",
                fix=role_fix(assay, role),
                location=role.location,
                evidence={"role": role.name},
                particulars=[role.name],
            )
    failure = run.failure
    if failure is None:
        return
    files = {r.id: r.location for r in assay.main.revisions} if assay.main else {}
    yield check.finding(
        f"{run.history}: {failure.revision}",
        f"Revision {failure.revision} fails where the revisions before it are committed: "
        f"{failure.error}.",
        why="The deployment stops there; what ran in transactions of its own before stays.",
        fix="Use the label in a later revision, in another transaction: "
        "`transaction_per_migration=True` in env.py's context.configure()."
        if "enum" in failure.error
        else f"Correct {failure.revision}, then run `pgassay check` again.",
        location=failure.location or files.get(failure.revision),
        evidence={"statement": failure.statement, "error": failure.error},
        particulars=[failure.error],
    )


CHECKS: tuple[Check, ...] = (
    Check(
        "MIG018",
        "pending-fails",
        Severity.BLOCKER,
        find_pending_fails,
        needs=("pending",),
        uses=("builds", "server"),
    ),
)
