"""SEC: what pending revisions open of what is there, or make open besides tables."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from pgassay.analysis.pending_access import access_after
from pgassay.analysis.unstamped_tables import tables_there
from pgassay.check import Check
from pgassay.checks.definer_functions import mutable_search_path
from pgassay.checks.exposed_policies import open_policies
from pgassay.checks.exposed_tables import open_tables
from pgassay.checks.exposed_views import bypassing_views
from pgassay.checks.public_rights import public_rights
from pgassay.facts.access import Access
from pgassay.facts.assay import Assay
from pgassay.facts.catalog import Catalog
from pgassay.facts.pending_run import PendingRun
from pgassay.findings import Finding, Severity

_ALSO = (open_policies, public_rights, mutable_search_path, bypassing_views)


def opened_by_change(check: Check, assay: Assay) -> Iterator[Finding]:
    """A pending revision takes a protection away.

    What:
      The live database's rights, with what the pending revisions change when they run on scratch,
      have a defect that they do not have now: row security is switched off, a policy lets everybody
      in, PUBLIC gets a right, a SECURITY DEFINER function has no search_path, a view no longer
      reads as whoever asks it. It is as grave as SEC002 to SEC006 are for that. New tables are
      SEC007's. What a new view reads, and default privileges, are looked at once they are live.
      In an empty database everything that the history makes is pending; what it changes of the
      schemas that are there is not seen.

    Why:
      From the moment of deployment on it is open. Before, it costs a line in the revision.

    Fix:
      Take it out of the revision, or put what shuts it beside it.

    Example:
      bad:  op.execute("ALTER TABLE orders DISABLE ROW LEVEL SECURITY")
      good: op.execute("CREATE POLICY own ON orders USING ((SELECT auth.uid()) = customer_id)")
    """
    assert isinstance(assay.access, Access)
    deployment = _deployment(assay)
    if deployment is None:
        return
    before, after, revisions = deployment
    now = assay.access
    then = access_after(now, before, after)
    there = {t.table_name for t in now.catalog.tables}
    known = tuple(t for t in then.catalog.tables if t.table_name in there)
    of_known = replace(then, catalog=replace(then.catalog, tables=known))
    pairs = [(open_tables, of_known), *((find, then) for find in _ALSO)]
    for find, access in pairs:
        already = {_key(f) for f in find(check, assay)}
        for finding in find(check, replace(assay, access=access)):
            if _key(finding) not in already:
                yield replace(
                    finding,
                    message=f"Once {_named(revisions)} deployed: {finding.message}",
                    fix=f"In the revision that does it, or a later one of these:\n{finding.fix}",
                )


def _deployment(assay: Assay) -> tuple[Catalog, Catalog, tuple[str, ...]] | None:
    """Scratch before and after what is pending, and its revisions."""
    if isinstance(assay.pending, PendingRun):
        run = assay.pending
        # MIG018 says that it fails.
        return None if run.after is None else (run.before, run.after, run.revisions)
    stamps = assay.stamps if isinstance(assay.stamps, tuple) else ()
    if assay.main is None or tables_there(assay) or any(s.revisions for s in stamps):
        return None
    assert isinstance(assay.history, Catalog)
    empty = replace(assay.history, tables=(), columns=(), others=())
    return empty, assay.history, tuple(r.id for r in assay.main.revisions)


def _key(finding: Finding) -> tuple[str, Severity, tuple[str, ...]]:
    return finding.subject, finding.severity, finding.particulars


def _named(revisions: tuple[str, ...]) -> str:
    return f"{revisions[0]} is" if len(revisions) == 1 else f"{len(revisions)} revisions are"


CHECKS: tuple[Check, ...] = (
    Check(
        "SEC008",
        "pending-revision-opens",
        Severity.BLOCKER,
        opened_by_change,
        needs=("access", "live", "history"),
        uses=("pending", "stamps"),
    ),
)
