"""Writing the revisions of a money plan, once they are proven on scratch."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, replace

from pgassay.actions.write_files import FileChange, write_files
from pgassay.analysis.money_revisions.contract import leftovers
from pgassay.analysis.money_revisions.planning import MoneyRevisions
from pgassay.analysis.revision_graph import revision_graph
from pgassay.analysis.rival_histories import rival_groups
from pgassay.facts.assay import Assay
from pgassay.facts.catalog import Catalog
from pgassay.facts.history import History
from pgassay.facts.money_plan import MoneyPlan
from pgassay.facts.money_written import MoneyScript, MoneyWritten
from pgassay.facts.unavailable import Unavailable
from pgassay.flows.consolidation_proof import stamped
from pgassay.flows.gather import gather
from pgassay.flows.money_models import MoneyModels
from pgassay.flows.money_proof import MoneyProving
from pgassay.flows.opened_project import open_project, read_project
from pgassay.flows.project_copy import copied
from pgassay.flows.schema_sides import World
from pgassay.flows.scratch_once import ScratchOnce
from pgassay.flows.wanted import Wanted
from pgassay.flows.workshop import workshop_on
from pgassay.render.unified_diff import unified_diff
from pgassay.sources.history_runs import Workshop

Progress = Callable[[str], None]
_FIELDS = frozenset(("builds", "history", "models", "live", "stamps", "money"))


@dataclass(frozen=True, slots=True)
class MoneyWriteRequest:
    """`contract`: the revision that drops what an earlier conversion left, and none that
    converts."""

    world: World
    scratch_url: str | None = None
    contract: bool = False


def money_write(request: MoneyWriteRequest, plan: MoneyPlan, progress: Progress) -> MoneyWritten:
    """Write what is proven, and nothing where anything is not.

    Raises NotAProject, ConfigurationError or NotWritten.
    """
    world = request.world
    opened = open_project(world.root, world.config, world.python)
    wanted = Wanted(
        root=opened.root,
        settings=opened.settings,
        database_url=world.database_url,
        python=world.python,
        fields=_FIELDS,
    )
    with ScratchOnce(request.scratch_url) as scratch:
        assay = gather(wanted, opened.project, opened.files, scratch, progress)
        ready = _ready(assay)
        if isinstance(ready, Unavailable):
            return MoneyWritten(unavailable=(ready,))
        planned = MoneyRevisions(ready.history, ready.live, ready.made)
        if request.contract:
            planned.contract(leftovers(ready.live))
        else:
            planned.plan(plan)
        written = MoneyWritten(
            ready.history.name,
            tuple(planned.revisions),
            _scripts(planned),
            not_written=tuple(planned.not_written),
        )
        workshop = workshop_on(
            scratch, opened.root, opened.settings, world.python, assay.server
        ).workshop
        if not isinstance(workshop, Workshop):
            lost = workshop or Unavailable("scratch server", "There is none.", "Run with -v.")
            return replace(written, unavailable=(lost,))
        changes = [FileChange(r.path, r.text) for r in written.revisions]
        with copied(opened.root, changes) as copy:
            if changes or planned.script:
                progress("Proving it on scratch")
                project, _ = read_project(copy, opened.settings, world.python)
                history = next(h for h in project.histories if h.name == ready.history.name)
                heads = revision_graph(ready.history).heads
                proving = MoneyProving(workshop, project, history, heads, planned)
                written = replace(written, proofs=tuple(proving.prove()))
            if not request.contract:
                progress("Trying the models' half in a copy")
                patches, left = MoneyModels(assay, copy, workshop, ready.history.name).propose()
                written = replace(written, models=patches, models_left=left)
    if written.models:
        diff = "".join(unified_diff(patch) for patch in written.models)
        written = replace(written, patch=_named(ready.history, "models", diff, ".patch"))
        changes.append(FileChange(written.patch, diff))
    changes += [FileChange(script.path, script.text) for script in written.scripts]
    if not (changes and written.is_proven):
        return written
    write_files(opened.root, changes)
    return replace(written, written=True)


def _scripts(planned: MoneyRevisions) -> tuple[MoneyScript, ...]:
    """For what no revision makes."""
    both = (("", planned.script), ("_undo", planned.undo))
    return tuple(
        MoneyScript(
            _named(planned.history, "by_hand", repr(both), f"{ending}.sql"),
            f"-- psql -X -v ON_ERROR_STOP=1 -d URL -f this file. No revision of "
            f"{planned.history.name}/ makes these\n-- tables, so that none can convert them.\n"
            "BEGIN;\n" + "".join(f"{statement};\n" for statement in statements) + "COMMIT;\n",
        )
        for ending, statements in both
        if statements
    )


def _named(history: History, what: str, text: str, ending: str) -> str:
    """Beside the revisions, after what it says, so that none is written over."""
    digest = hashlib.sha256(text.encode()).hexdigest()[:12]
    return f"{history.name}/money_{what}_{digest}{ending}"


@dataclass(frozen=True, slots=True)
class _Ready:
    history: History
    live: Catalog
    made: Catalog


def _ready(assay: Assay) -> _Ready | Unavailable:
    """The one history that the live database is at the end of."""
    main = assay.main
    if main is None:
        return Unavailable("history", "There is no Alembic history to write to.", "alembic init")
    for group in rival_groups(assay.project.histories, assay.known_builds):
        if main in group:
            names = " and ".join(f"{h.name}/" for h in group)
            return Unavailable(
                "one history",
                f"{names} stamp one version table: a revision in one would not be in the other.",
                f"pgassay history consolidate --into {main.name}",
            )
    for fact in (assay.live, assay.history, assay.stamps):
        if isinstance(fact, Unavailable):
            return fact
    graph = revision_graph(main)
    if len(graph.heads) != 1:
        return Unavailable(
            f"one head of {main.name}/", f"It has {len(graph.heads)}.", "alembic merge heads"
        )
    assert isinstance(assay.stamps, tuple)
    rows = stamped(assay.stamps)
    if set(map(graph.full_id, rows)) != {*graph.heads}:
        return Unavailable(
            f"the live database at the head of {main.name}/",
            f"It is at {', '.join(rows) or 'no revision'}, the head is {graph.heads[0]}: the plan "
            "is of what is there now.",
            "Deploy what is pending first.",
        )
    assert isinstance(assay.live, Catalog)
    assert isinstance(assay.history, Catalog)
    return _Ready(main, assay.live, assay.history)
