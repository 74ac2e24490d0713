"""Running what is pending, in every history, and asking how big the tables are."""

from __future__ import annotations

from dataclasses import replace

from pgassay.analysis.pending_rows import unseen_operations
from pgassay.analysis.unstamped_tables import tables_there
from pgassay.facts.assay import Assay
from pgassay.facts.history import History
from pgassay.facts.pending_run import PendingRun
from pgassay.facts.second_opinion import SecondOpinions
from pgassay.facts.table_size import TableSizes
from pgassay.facts.unavailable import Unavailable
from pgassay.flows.pending import Beginning, beginning, beginning_beside, branch
from pgassay.flows.scratch_work import Bench
from pgassay.flows.wanted import Wanted
from pgassay.sources.squawk import squawks_opinion


def with_pending(assay: Assay, main: History, bench: Bench) -> Assay:
    wanted = bench.wanted
    stamps = assay.stamps if isinstance(assay.stamps, tuple) else ()
    # A stamp that could not be read is said so already.
    is_empty = not isinstance(assay.stamps, tuple) or not tables_there(assay)
    begins = beginning(wanted.root, main, wanted.since, stamps, is_empty=is_empty)
    if isinstance(begins, Unavailable):
        return replace(assay, pending=begins, branch=begins)
    others = [
        next((one for one in assay.beside if one.main == history), None)
        or replace(assay, main=history, live=None, stamps=None, models=None, beside=())
        for history in assay.project.histories
        if history != main
    ]
    beside = [
        _run_pending(o, beginning_beside(wanted.root, o, wanted.since, begins), bench)
        for o in others
    ]
    assay = _run_pending(assay, begins, bench)
    beside = [one for one in beside if one.pending is not None or one.branch is not None]
    return replace(assay, pending_beside=tuple(beside))


def is_sized(assay: Assay, wanted: Wanted) -> bool:
    """Whether somebody asks how big tables are: who looks at pending revisions, where there are
    any."""
    if "pending" not in wanted.fields:
        return "sizes" in wanted.fields
    runs = (assay, *assay.pending_beside)
    return "sizes" in wanted.fields and any(isinstance(r.pending, PendingRun) for r in runs)


def sized(assay: Assay, sizes: TableSizes | Unavailable | None) -> Assay:
    beside = tuple(replace(one, sizes=sizes) for one in assay.pending_beside)
    return replace(assay, sizes=sizes, pending_beside=beside)


def _run_pending(assay: Assay, begins: Beginning | Unavailable | None, bench: Bench) -> Assay:
    """With what the new revisions of `assay.main` do, and what git says of the old ones."""
    wanted, history = bench.wanted, assay.main
    assert history is not None
    if isinstance(begins, Unavailable):
        return replace(assay, pending=begins, branch=begins)
    if "branch" in wanted.fields:
        assay = replace(assay, branch=branch(wanted.root, history, begins, wanted.against))
    if begins is None or "pending" not in wanted.fields:
        return assay
    run = bench.pending(history, begins)
    opinion: SecondOpinions | Unavailable | None = None
    if isinstance(run, PendingRun) and "second_opinion" in wanted.fields:
        texts = [s.sql for s in run.statements]
        said = squawks_opinion(texts, run.before.server_version_num, wanted.root)
        opinion = said if isinstance(said, Unavailable) else (said, *said.lacking(len(texts)))
    if isinstance(run, PendingRun):
        unseen = unseen_operations(history, run)
        assay = replace(assay, pending_unjudged=(*assay.pending_unjudged, *unseen))
    return replace(assay, pending=run, second_opinion=opinion)
