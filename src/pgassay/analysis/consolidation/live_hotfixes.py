"""What only the live database has, made there by hand and written down by nobody."""

from __future__ import annotations

from collections.abc import Collection

from pgassay.analysis.catalog_share import only_those
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
    Schema,
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


def of_others(live: Catalog, mine: Catalog, theirs: Catalog) -> tuple[str, ...]:
    """The schemas of the live database that neither history knows: somebody else's."""
    known = {"public"} | {t.identity[0] for c in (mine, theirs) for t in c.objects()}
    return tuple(s.name for s in live.of(Schema) if s.name not in known)


def without_schemas(live: Catalog, names: Collection[str]) -> Catalog:
    return only_those(live, lambda thing: _schema(thing) not in names)


def _schema(thing: SchemaObject) -> str:
    return thing.name if isinstance(thing, Schema) else thing.identity[0]


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
