"""HIS: roles that a history needs and does not make."""

from __future__ import annotations

from collections.abc import Iterator

from pgassay.analysis.unproven_roles import role_fix, unproven_roles, where_missing
from pgassay.check import Check
from pgassay.facts.assay import Assay
from pgassay.facts.pending_run import PendingRun
from pgassay.findings import Finding, Severity


def role_missing(check: Check, assay: Assay) -> Iterator[Finding]:
    """A history needs a role that nobody is known to make.

    What:
      A revision grants to a role, or gives it something, that no revision makes. Roles are the
      server's, so on scratch it was made, and all else is judged as if it were there. The live
      server has none of that name; or, in a run without it, `roles` of the configuration does not
      name it. What a pending revision needs is MIG018's.

    Why:
      The history cannot be built on such a server: a new environment, or a recovery, stops there. A
      name with a typing error looks just so.

    Fix:
      Make the role where servers are made. For runs without the live server, name it:
      [project]
      roles = ["app_reader"]

    Example:
      op.execute("GRANT SELECT ON accounts TO ap_reader")
    """
    runs = (assay.pending, *(beside.pending for beside in assay.pending_beside))
    pending = {(r.history, i) for r in runs if isinstance(r, PendingRun) for i in r.revisions}
    for history in assay.known_builds:
        for role in unproven_roles(assay, history):
            if (history, role.revision) in pending:
                continue
            yield check.finding(
                f"{history}: {role.name}",
                f"Revision {role.revision} needs role {role.name}, {where_missing(assay)}.",
                why="A new environment or a recovery stops there; a typing error looks just so.",
                fix=role_fix(assay, role),
                location=role.location,
                evidence={"role": role.name, "revision": role.revision},
                particulars=[role.name],
            )


CHECKS: tuple[Check, ...] = (
    Check(
        "HIS030",
        "role-missing",
        Severity.BLOCKER,
        role_missing,
        needs=("builds",),
        # Where pending revisions were run for others' sake, what these need is left to MIG018.
        uses=("server",),
    ),
)
