"""DRF006: the live database against the revisions still to come."""

from __future__ import annotations

from collections.abc import Iterator

from pgassay.analysis import drift_repair as repair
from pgassay.analysis.alembic_operations import alembic_command
from pgassay.analysis.drift_case import cases, drift, who_says
from pgassay.analysis.drift_consequence import consequence
from pgassay.analysis.pending_guard import Guard, collision_guard
from pgassay.analysis.provenance import Origin, model_location, origin
from pgassay.analysis.revision_graph import revision_graph
from pgassay.check import Check
from pgassay.checks.drift_texts import described, evidence
from pgassay.facts.assay import Assay
from pgassay.facts.catalog import Catalog, SchemaObject
from pgassay.facts.comparison import PRESENT, Difference
from pgassay.findings import Finding, Severity


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
      IF EXISTS. It counts only in the statement that makes or drops the object, and OR REPLACE only
      where PostgreSQL can put the new one in the place of the old.

    Example:
      live = history up to its heads: present; history up to live's stamp: absent for
      public.users.phone, which pending revision 0003 adds.
    """
    if isinstance(assay.stamps, tuple) and not any(stamp.revisions for stamp in assay.stamps):
        return  # Everything is pending; that there is no stamp is HIS016.
    assert isinstance(assay.live, Catalog)
    for found in cases(assay, "pending-will-collide"):
        creates = dict(found.values)["live"] == PRESENT
        part = repair.part_on(found, "live", "applied")
        assert part is not None
        culprit = origin(assay, found, dropped=not creates)
        unlike = _unlike(assay, found) if creates else []
        own = frozenset(d.property.replace(" ", "_") for d in unlike if d.subject == found.subject)
        guard = collision_guard(_pending(assay), found, assay.live, own)
        worst = min((_severity(d) for d in unlike), key=lambda s: s.rank, default=Severity.WARNING)
        severity = Severity.WARNING if guard else Severity.BLOCKER
        if guard == "kept" and worst is Severity.BLOCKER:
            severity = Severity.BLOCKER
        yield check.finding(
            found.subject,
            _collision(found, part, culprit, creates)
            + (f" {_GUARDED[guard]}" if guard else "")
            + (" What live has is not what the revision would make." if unlike else ""),
            why=_why(guard),
            fix=_settle(assay, found, culprit, creates),
            severity=severity,
            location=culprit.location if culprit else model_location(assay, found),
            evidence=evidence(found, culprit),
        )


_GUARDED: dict[Guard, str] = {
    "kept": "The revision makes it only where it is missing, so it does not stop here.",
    "replaced": "The revision puts its own in the place of what is there, so it does not stop "
    "here.",
    "skipped": "The revision says IF EXISTS, so it does not stop here.",
}


def _pending(assay: Assay) -> list[str]:
    """The SQL of the revisions still to come; where they are not known, of all."""
    build = assay.known_builds.get(assay.main.name) if assay.main else None
    if build is None or assay.main is None:
        return []
    stamps = assay.stamps if isinstance(assay.stamps, tuple) else ()
    covered = revision_graph(assay.main).covered(r for s in stamps for r in s.revisions or ())
    return [s.sql for s in build.statements if s.revision not in covered]


def _unlike(assay: Assay, found: Difference) -> list[Difference]:
    """In what live's object, or a part of it, is not what the pending revision makes."""
    inside = f"{found.subject}."
    return [
        d
        for d in drift(assay)
        if d is not found
        and (d.subject == found.subject or d.subject.startswith(inside))
        and _differ(dict(d.values))
    ]


def _differ(values: dict[str, str]) -> bool:
    return "live" in values and "history" in values and values["live"] != values["history"]


def _severity(difference: Difference) -> Severity:
    return consequence(difference).severity


def _why(guard: Guard | None) -> str:
    if guard is None:
        return "`alembic upgrade` stops there with an error, and the deployment with it."
    if guard == "replaced":
        return "What live has is overwritten, whatever somebody changed in it by hand."
    if guard == "skipped":
        return "Somebody dropped it by hand, and nothing of the history says so yet."
    return "What live has stays as it is, whatever the revision meant to make."


def _collision(found: Difference, part: SchemaObject, culprit: Origin | None, creates: bool) -> str:
    revision = f"pending revision {culprit.revision}" if culprit else "a pending revision"
    has, does = ("already has", "creates") if creates else ("no longer has", "drops")
    return (
        f"The live database {has} {described(part)}, which {revision} {does} ({who_says(found)})."
    )


_SAFELY = {
    "view": "say OR REPLACE, with what live has",
    "function": "say OR REPLACE, with live's arguments and result",
    "aggregate": "say OR REPLACE, with live's arguments and result",
    "trigger": "say OR REPLACE",
    "rule": "say OR REPLACE",
    "policy": "come after DROP POLICY IF EXISTS",
    "constraint": "come after ALTER TABLE ... DROP CONSTRAINT IF EXISTS",
}
_IF_NOT_EXISTS = (
    {"table", "column", "index", "sequence", "materialized view", "schema", "extension"}
    | {"statistics", "collation", "foreign server", "user mapping"}
)  # fmt: skip


def _settle(assay: Assay, found: Difference, culprit: Origin | None, creates: bool) -> str:
    name = culprit.revision if culprit else "REVISION"
    where = f" in {culprit.location.path}" if culprit and culprit.location else ""
    safely = "say IF EXISTS"
    if creates:
        safely = "say IF NOT EXISTS"
        if found.kind not in _IF_NOT_EXISTS:
            safely = _SAFELY.get(found.kind, "stand in a DO block that catches duplicate_object")
    return (
        f"If revision {name} does nothing else:\n"
        f"{repair.code([alembic_command(assay.main, f'stamp {name}')])}\n"
        f"Otherwise let the statement for {found.subject}{where} {safely}, in op.execute()."
    )
