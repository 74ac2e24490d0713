"""The histories that share the live database with the main one, each with its own version table."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace

from pgassay.analysis.catalog_share import only
from pgassay.analysis.rival_histories import histories_beside, share_of
from pgassay.facts.assay import Assay
from pgassay.facts.catalog import Catalog
from pgassay.facts.history import History
from pgassay.facts.scratch_work import Schema
from pgassay.flows.history_builds import build_applied, schema_built
from pgassay.flows.live import Live


def assays_beside(
    assay: Assay, live: Live, up_to: Callable[[History, list[str]], Schema]
) -> Iterator[Assay]:
    """`assay` as each history beside its main one sees it: of its own share of the live database,
    which `assay.live` is all of. One that is for another database, since this one has neither its
    version table nor a table of it, is left out; so is one that could not be built, since nobody
    knows its share.
    """
    main, everything = assay.main, assay.live
    if main is None or not isinstance(everything, Catalog):
        return
    for history in histories_beside(main, assay.project.histories, assay.known_builds):
        build = assay.known_builds.get(history.name)
        if build is None or not isinstance(build.catalog, Catalog):
            continue
        share = share_of([history], main, assay.known_builds)
        there = only(everything, share)
        stamps = live.stamp_of(build)
        absent = isinstance(stamps, tuple) and all(s.revisions is None for s in stamps)
        if absent and not there.tables:
            continue
        made = schema_built(build)
        made = only(made, share) if isinstance(made, Catalog) else made
        applied = build_applied(history, made, stamps, up_to)
        yield replace(
            assay,
            main=history,
            applied=only(applied, share) if isinstance(applied, Catalog) else applied,
            history=made,
            models=None,
            live=there,
            stamps=stamps,
            critical_rows=None,
        )
