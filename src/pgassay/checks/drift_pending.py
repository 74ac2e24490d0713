"""DRF006: the live database against the revisions still to come."""

from __future__ import annotations

from collections.abc import Iterator

from pgassay.analysis import drift_repair as repair
from pgassay.analysis.alembic_operations import alembic_command
from pgassay.analysis.drift_case import cases, drift, who_says
from pgassay.analysis.provenance import Origin, model_location, origin
from pgassay.check import Check
from pgassay.checks.drift_texts import (
    described,
    evidence,
)
from pgassay.facts.assay import Assay
from pgassay.facts.catalog import SchemaObject
from pgassay.facts.comparison import PRESENT, Difference
from pgassay.findings import Finding, Severity

_REPLACED = {"view", "function", "aggregate", "trigger", "rule"}


def find_pending_will_collide(check: Check, assay: Assay) -> Iterator[Finding]:
    """A pending revision makes what is there already, or drops what is not.

    What:
      The live database already has a table, column, constraint, index or other object that a
      pending revision creates, or already lacks one that a pending revision drops.

    Why:
      `alembic upgrade` stops at that statement with "already exists" or "does not exist", and the
      deployment with it.

    Fix:
      If the revision does nothing else, stamp it; otherwise let its statement say IF NOT EXISTS or
      IF EXISTS.

    Example:
      live = history up to its heads: present; history up to live's stamp: absent for
      public.users.phone, which pending revision 0003 adds.
    """
    if isinstance(assay.stamps, tuple) and not any(stamp.revisions for stamp in assay.stamps):
        return  # Everything is pending; that there is no stamp is HIS016.
    differing = {d.subject for d in drift(assay) if d.property in ("type", "definition")}
    for found in cases(assay, "pending-will-collide"):
        creates = dict(found.values)["live"] == PRESENT
        part = repair.part_on(found, "live", "applied")
        assert part is not None
        culprit = origin(assay, found, dropped=not creates)
        guard = "IF NOT EXISTS" if creates else "IF EXISTS"
        if creates and found.kind in _REPLACED:
            guard = "OR REPLACE"
        guarded = culprit is not None and guard in " ".join(culprit.sql.upper().split())
        unlike = creates and found.subject in differing
        yield check.finding(
            found.subject,
            _collision(found, part, culprit, creates)
            + (f" The revision says {guard}, so it does not stop here." if guarded else "")
            + (" What live has is not what the revision would make." if unlike else ""),
            why=_why(guarded, guard),
            fix=_settle(assay, found, culprit, guard),
            severity=Severity.WARNING if guarded else Severity.BLOCKER,
            location=culprit.location if culprit else model_location(assay, found),
            evidence=evidence(found, culprit),
        )


def _why(guarded: bool, guard: str) -> str:
    if not guarded:
        return "`alembic upgrade` stops there with an error, and the deployment with it."
    if guard == "OR REPLACE":
        return "What live has is overwritten, whatever somebody changed in it by hand."
    return "What live has stays as it is, whatever the revision meant to make."


def _collision(found: Difference, part: SchemaObject, culprit: Origin | None, creates: bool) -> str:
    revision = f"revision {culprit.revision}" if culprit else "a revision"
    has, does = ("already has", "creates") if creates else ("no longer has", "drops")
    return (
        f"The live database {has} {described(part)}, which pending {revision} {does} "
        f"({who_says(found.values)})."
    )


def _settle(assay: Assay, found: Difference, culprit: Origin | None, guard: str) -> str:
    name = culprit.revision if culprit else "REVISION"
    where = f" in {culprit.location.path}" if culprit and culprit.location else ""
    return (
        f"If revision {name} does nothing else:\n"
        f"{repair.code([alembic_command(assay.main, f'stamp {name}')])}\n"
        f"Otherwise let the statement for {found.subject}{where} say {guard}, in op.execute()."
    )
