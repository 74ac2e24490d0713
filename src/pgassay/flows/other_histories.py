"""The live database by the histories beside the main one: what is not right there is not known in
full, and never passed over."""

from __future__ import annotations

from collections.abc import Iterator

from pgassay.analysis.revision_graph import revision_graph
from pgassay.analysis.rival_histories import rival_groups
from pgassay.analysis.schema_diff import compare
from pgassay.analysis.schema_diff.columns import COLUMN_ORDER
from pgassay.analysis.side_scope import HISTORY
from pgassay.facts.assay import Assay
from pgassay.facts.catalog import Catalog, TableName
from pgassay.facts.history import History, Stamp
from pgassay.facts.unavailable import Unavailable
from pgassay.flows.live import Live

_SHOWN = 5


def others_unjudged(assay: Assay, live: Live) -> tuple[Unavailable, ...]:
    """One for each history that has its version table or tables in the live database, is no rival
    of the main one, and is not at its heads there with just the tables that it makes. Checks judge
    the main history alone; so that such a database is never clear, what differs is unknown.
    `assay.live` is all of the live database."""
    if assay.main is None or not isinstance(assay.live, Catalog):
        return ()
    rivals = [
        g for g in rival_groups(assay.project.histories, assay.known_builds) if assay.main in g
    ]
    beside = {h.name for group in rivals for h in group} | {assay.main.name}
    others = [h for h in assay.project.histories if h.name not in beside]
    return tuple(found for h in others for found in _unjudged(assay, live, h, assay.live))


def _unjudged(assay: Assay, live: Live, history: History, there: Catalog) -> Iterator[Unavailable]:
    build = assay.known_builds.get(history.name)
    if build is None or not isinstance(build.catalog, Catalog):
        return
    main = assay.history if isinstance(assay.history, Catalog) else None
    own = {t.table_name for t in build.catalog.tables}
    own -= {t.table_name for t in main.tables} if main is not None else set()
    stamps = live.stamp_of(build)
    if not isinstance(stamps, tuple):
        yield from [stamps] if isinstance(stamps, Unavailable) else []
        return
    held = [t for t in there.tables if t.table_name in own]
    for stamp in stamps:
        if stamp.revisions is None and not held:
            continue  # It is for another database.
        if reason := _reason(history, stamp, len(held)) or _differs(there, build.catalog, own):
            yield Unavailable(
                f"live database of {history.name}",
                f"{reason} Only {assay.main.name if assay.main else 'the main history'}/ is judged "
                "in full.",
                f'[history] main = "{history.name}" in pgassay.toml judges {history.name}/.',
            )


def _reason(history: History, stamp: Stamp, held: int) -> str:
    graph = revision_graph(history)
    if not stamp.revisions:
        state = "is absent" if stamp.revisions is None else "is empty"
        return f"{stamp.table} {state}, and {held} tables of {history.name}/ are there."
    unknown = [r for r in stamp.revisions if graph.full_id(r) not in graph.by_id]
    if unknown:
        return f"{stamp.table} is stamped {', '.join(unknown)}, which {history.name}/ has not."
    pending = graph.pending(stamp.revisions)
    return f"{len(pending)} revisions of {history.name}/ are pending there." if pending else ""


def _differs(live: Catalog, made: Catalog, own: set[TableName]) -> str:
    differences = compare({"live": live, "history": made}, scopes={"history": HISTORY}).differences
    subjects = sorted(
        {d.subject for d in differences if d.table_name in own and d.property != COLUMN_ORDER}
    )
    if not subjects:
        return ""
    more = f" and {len(subjects) - _SHOWN} more" if len(subjects) > _SHOWN else ""
    return f"It differs from what the history makes: {', '.join(subjects[:_SHOWN])}{more}."
