"""SEC: views that show what row security keeps back."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from pgassay.analysis.effective_rights import Exposure, listed, shown_rights
from pgassay.analysis.sql_identifier import qualified, quoted
from pgassay.analysis.view_bypass import bypassed, guards_itself
from pgassay.check import Check
from pgassay.facts.access import Access
from pgassay.facts.assay import Assay
from pgassay.facts.catalog import MaterializedView, View
from pgassay.findings import Finding, Severity


def bypassing_views(check: Check, assay: Assay) -> Iterator[Finding]:
    """A view shows rows past row security.

    What:
      A view that an API serves reads, itself or through other views, a table with row security as
      its owner, whom row security does not hold: it owns the table, is a superuser or has
      BYPASSRLS. `security_invoker` is off. A materialized view holds a copy of such rows and knows
      no row security. It is a warning where the view itself asks who is there (auth.uid(),
      current_setting()).

    Why:
      The table's policies are right and do not count: whoever may ask the view sees every row that
      it shows, and through a simple view may change them too.

    Fix:
      From PostgreSQL 15 on, let the view read as whoever asks: security_invoker. Before, and for a
      materialized view, take the API's rights away, or move it to a schema that is not served.

    Example:
      bad:  CREATE VIEW latest_orders AS SELECT * FROM orders;
      good: CREATE VIEW latest_orders WITH (security_invoker = true) AS SELECT * FROM orders;
    """
    assert isinstance(assay.access, Access)
    exposure = Exposure(assay.access)
    catalog = assay.access.catalog
    views: Sequence[View | MaterializedView] = (
        *catalog.of(View),
        *catalog.of(MaterializedView),
    )
    for view in views:
        rights = exposure.open_to(view)
        tables = bypassed(assay.access, view) if rights else ()
        if not tables:
            continue
        itself = guards_itself(view.definition)
        roles = ", ".join(map(quoted, rights))
        name = qualified(view.schema, view.name)
        invoker = isinstance(view, View) and catalog.server_major >= 15
        revoking = f"REVOKE ALL ON TABLE {name} FROM PUBLIC, {roles};"
        yield check.finding(
            view.subject,
            f"The {view.KIND} {view.subject} reads {listed(tables)} as {view.owner}, past row "
            f"security: through the API, {shown_rights(rights)} what it shows."
            + (" It asks by itself who is there." if itself else ""),
            why="The table's policies do not count for whoever asks the view.",
            fix=f"ALTER VIEW {name} SET (security_invoker = true);\n-- or, if nobody outside is to "
            f"ask it:\n{revoking}"
            if invoker
            else f"{revoking}\n-- or move it to a schema that the API does not serve",
            severity=Severity.WARNING if itself else Severity.BLOCKER,
            evidence={"kind": view.KIND, "tables": list(tables), "rights": rights},
            particulars=[*tables, *rights],
        )


CHECKS: tuple[Check, ...] = (
    Check("SEC006", "view-past-row-security", Severity.BLOCKER, bypassing_views, needs=("access",)),
)
