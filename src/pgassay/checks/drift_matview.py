"""DRF015: materialized views that hold nothing yet, so that no query of them is answered."""

from __future__ import annotations

from collections.abc import Iterator

from pgassay.analysis import drift_repair as repair
from pgassay.analysis.drift_case import drift, live_differs
from pgassay.analysis.provenance import origin
from pgassay.analysis.sql_identifier import qualified
from pgassay.check import Check
from pgassay.facts.assay import Assay
from pgassay.facts.catalog import Catalog, MaterializedView
from pgassay.facts.comparison import Difference
from pgassay.findings import Finding


def find_materialized_view_not_populated(check: Check, assay: Assay) -> Iterator[Finding]:
    """A materialized view of the live database was never filled.

    What:
      The view was made, or last refreshed, WITH NO DATA, as pg_restore does before it fills it. A
      revision may have done it, or a restore that was broken off.

    Why:
      Every query of it fails with "materialized view has not been populated".

    Fix:
      REFRESH MATERIALIZED VIEW. It cannot be CONCURRENTLY while the view is not populated.

    Example:
      public.monthly_totals was restored WITH NO DATA, and no REFRESH followed.
    """
    assert isinstance(assay.live, Catalog)
    told = {
        d.subject
        for d in drift(assay)
        if d.kind == MaterializedView.KIND and d.property == "populated" and live_differs(d)
    }
    for view in assay.live.of(MaterializedView):
        if view.populated or view.subject in told:
            continue  # Where the history says that it is filled, it is DRF005.
        made_by = origin(
            assay, Difference(view.KIND, *view.identity, "populated", (), (("live", view),))
        ) or origin(assay, Difference(view.KIND, *view.identity, "", (), (("live", view),)))
        yield check.finding(
            view.subject,
            f"Materialized view {view.subject} of the live database has not been populated."
            + (f" Revision {made_by.revision} made it." if made_by else ""),
            why="Every query of it fails until it is refreshed.",
            fix="Run on the live database; it reads all that the view reads:\n"
            + repair.code([f"REFRESH MATERIALIZED VIEW {qualified(*view.table_name)};"]),
            location=made_by.location if made_by else None,
            evidence={
                "kind": view.KIND,
                "populated": False,
                **({"revision": made_by.revision} if made_by else {}),
            },
        )
