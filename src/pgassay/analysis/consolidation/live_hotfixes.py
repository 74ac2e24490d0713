"""What only the live database has, made there by hand and written down by nobody."""

from __future__ import annotations

from pgassay.analysis.consolidation.union import union
from pgassay.facts.catalog import (
    Aggregate,
    Catalog,
    Composite,
    Domain,
    Enum,
    Function,
    MaterializedView,
    Part,
    Range,
    SchemaObject,
    Sequence,
    Table,
    View,
)

_RECORDED = (
    Table,
    View,
    MaterializedView,
    Sequence,
    Function,
    Aggregate,
    Enum,
    Domain,
    Composite,
    Range,
)
"""What a revision can make on every server. A schema or an extension may be the server's own."""


def live_hotfixes(live: Catalog, mine: Catalog, theirs: Catalog) -> list[SchemaObject]:
    """Of those, what a revision can record, in an order in which it can be made."""
    known = {(t.KIND, t.identity) for c in (mine, theirs) for t in c.objects()}
    new = [t for t in union(mine, live).added if (t.KIND, t.identity) not in known]
    tables = {t.table_name for c in (mine, theirs) for t in c.tables}
    tables |= {(t.schema, t.name) for t in new if isinstance(t, _RECORDED)}
    return [
        t
        for t in new
        if isinstance(t, _RECORDED) or (isinstance(t, Part) and t.table_name in tables)
    ]
