"""Tables that a history makes and the live database has, stamped or not."""

from __future__ import annotations

from pgassay.facts.assay import Assay
from pgassay.facts.catalog import Catalog, Table


def tables_there(assay: Assay) -> tuple[Table, ...]:
    """Those of `assay.main`; all of the live ones where nobody knows what it makes."""
    if not isinstance(assay.live, Catalog):
        return ()
    made = assay.history.tables if isinstance(assay.history, Catalog) else ()
    names = {t.table_name for t in made}
    return tuple(t for t in assay.live.tables if not names or t.table_name in names)
