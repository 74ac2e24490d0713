"""Making one migration history of two, with proof; only with `write` any file changes."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

from pgassay.actions.write_files import FileChange, write_files
from pgassay.analysis.consolidation.known_history import Known
from pgassay.analysis.consolidation.live_hotfixes import of_others, without_schemas
from pgassay.analysis.consolidation.plan import plan_consolidation, texts_after
from pgassay.analysis.consolidation.revision_text import revision_text
from pgassay.analysis.line_ends import kept_ends, plain
from pgassay.facts.assay import Assay
from pgassay.facts.catalog import Catalog
from pgassay.facts.consolidation import Consolidation, Plan
from pgassay.facts.history import Build, History
from pgassay.facts.models import Models
from pgassay.facts.settings import Settings
from pgassay.facts.unavailable import Unavailable
from pgassay.flows.chosen_histories import chosen_histories
from pgassay.flows.consolidation_models import Proposal, Proposing
from pgassay.flows.consolidation_patches import Patching
from pgassay.flows.consolidation_proof import Proving, stamped
from pgassay.flows.consolidation_states import StageFailed, States, Tree
from pgassay.flows.gather import gather
from pgassay.flows.live import NOT_NAMED
from pgassay.flows.opened_project import open_project, read_project
from pgassay.flows.project_copy import copied
from pgassay.flows.schema_sides import World
from pgassay.flows.scratch_once import ScratchOnce
from pgassay.flows.sides import unread
from pgassay.flows.wanted import Wanted
from pgassay.flows.workshop import workshop_on
from pgassay.render.consolidation_markdown import (
    CONVERGE,
    DOCUMENT,
    MODELS_PATCH,
    consolidation_markdown,
    converge_sql,
)
from pgassay.render.unified_diff import unified_diff
from pgassay.sources.configuration import ConfigurationError
from pgassay.sources.histories import RETIRED
from pgassay.sources.history_runs import Workshop

Progress = Callable[[str], None]
_FIELDS = ("builds", "history", "models", "live", "stamps")


@dataclass(frozen=True, slots=True)
class ConsolidateRequest:
    """`into` names the history that stays, `other` the one that is retired, "" where there is only
    one. `write`: change the files once all is proven. `every_state`: prove each revision of a long
    history too, and not only some. `rows_by_hand`: write although some changes of rows are not
    carried over."""

    world: World
    into: str
    other: str = ""
    scratch_url: str | None = None
    write: bool = False
    every_state: bool = False
    rows_by_hand: bool = False


@dataclass(frozen=True, slots=True)
class ConsolidateOutcome:
    """`files` are those that were written or would be, relative to the root.
    `unavailable`: why nothing could be planned."""

    consolidation: Consolidation | None = None
    files: tuple[str, ...] = ()
    written: bool = False
    unavailable: Unavailable | None = None


def consolidate(request: ConsolidateRequest, progress: Progress) -> ConsolidateOutcome:
    """Plan, prove, and write only what is proven.

    Raises NotAProject or ConfigurationError, also where `into` or `other` is no history.
    """
    opened = open_project(request.world.root, request.world.config, request.world.python)
    wanted = Wanted(
        root=opened.root,
        settings=opened.settings,
        database_url=request.world.database_url,
        python=request.world.python,
        fields=frozenset(_FIELDS),
    )
    with ScratchOnce(request.scratch_url) as scratch:
        assay = gather(wanted, opened.project, opened.files, scratch, progress)
        into, other = chosen_histories(request.into, request.other, assay)
        if request.write:
            _not_again(opened.root, into)
        trees = [_tree(assay, history) for history in (into, other)]
        for tree in trees:
            if isinstance(tree, Unavailable):
                return ConsolidateOutcome(unavailable=tree)
        if lost := _live_lost(assay):
            return ConsolidateOutcome(unavailable=lost)
        mine, theirs = (tree for tree in trees if isinstance(tree, Tree))
        live, of_others = _share(assay.live, mine.known.catalog, theirs.known.catalog)
        on_disk = {
            r.location.path: (opened.root / r.location.path).read_bytes().decode("utf-8", "replace")
            for r in (*into.revisions, *other.revisions)
        }
        texts = {path: plain(text) for path, text in on_disk.items()}
        progress("Planning")
        plan = plan_consolidation(mine.known, theirs.known, texts, live)
        if plan.refused:
            return ConsolidateOutcome(Consolidation(plan))
        opened_workshop = workshop_on(
            scratch, opened.root, opened.settings, request.world.python, assay.server
        )
        workshop = opened_workshop.workshop
        if not isinstance(workshop, Workshop):
            return ConsolidateOutcome(unavailable=workshop or Unavailable("scratch server", "none"))
        moves = _moves(assay, into, other)
        changes = [*_revisions(plan, on_disk), *moves]
        with copied(opened.root, changes) as copy:
            patching = Patching(
                copy, opened.settings, workshop, assay.project, into, mine.known.build, other
            )
            progress("Changing what runs migrations, in a copy")
            patches = patching.patch()
            project, _ = read_project(copy, opened.settings)
            states = States(
                workshop, plan, mine, theirs, progress, live, every_state=request.every_state
            )
            proving = Proving(
                states,
                project,
                next(h for h in project.histories if h.name == into.name),
                stamped(assay.stamps) if isinstance(assay.stamps, tuple) else (),
            )
            try:
                consolidation = proving.prove()
            except StageFailed as failed:
                consolidation = proving.stopped(str(failed))
            progress("Trying what the models lack, in a copy")
            proposal = _proposal(assay, workshop, opened.settings, copy, into, consolidation.head)
            consolidation = replace(
                consolidation,
                patches=patches,
                running=patching.left(),
                models=proposal.patches,
                models_lack=proposal.lacking,
                moved=tuple((move.path, move.moved_to) for move in moves),
                on_live=(*consolidation.on_live, *of_others),
            )
    changes += [FileChange(patch.path, patch.after) for patch in patches]
    changes += _documents(consolidation, into)
    files = tuple(change.path for change in changes if change.text is not None)
    is_whole = not plan.rows_left or request.rows_by_hand
    if not (request.write and consolidation.is_proven and is_whole):
        return ConsolidateOutcome(consolidation, files)
    write_files(opened.root, changes)
    return ConsolidateOutcome(consolidation, files, written=True)


def _share(
    live: object, mine: Catalog | None, theirs: Catalog | None
) -> tuple[Catalog | None, tuple[str, ...]]:
    """What of the live database the two histories are about, and a sentence on what is not; None
    where none was read."""
    if not isinstance(live, Catalog) or mine is None or theirs is None:
        return None, ()
    names = of_others(live, mine, theirs)
    said = (f"schema {name} is of neither history, and left alone" for name in names)
    return without_schemas(live, names), tuple(said)


def _not_again(root: Path, into: History) -> None:
    """What an earlier consolidation wrote is not written over."""
    for name in (DOCUMENT, CONVERGE, MODELS_PATCH):
        if (root / into.name / name).exists():
            raise ConfigurationError(
                f"{into.name}/{name} is there, from an earlier consolidation: move it aside first."
            )


def _live_lost(assay: Assay) -> Unavailable | None:
    """Why a live database that was named cannot be among the proofs: to go on without it would be
    to promise for it. None where all is known of it, or none was named."""
    if isinstance(assay.live, Unavailable):
        return None if assay.live == NOT_NAMED else assay.live
    if isinstance(assay.live, Catalog) and assay.live.unread:
        return unread({"live": assay.live})[0]
    return assay.stamps if isinstance(assay.stamps, Unavailable) else None


def _tree(assay: Assay, history: History) -> Tree | Unavailable:
    builds = assay.builds
    if isinstance(builds, Unavailable):
        return builds
    for build in builds:
        if isinstance(build, Build) and build.history == history.name:
            return Tree(assay.project, Known(history, build))
        if isinstance(build, Unavailable) and build.needs == f"history {history.name}":
            return build
    return Unavailable(f"history {history.name}", "It was not built.")


def _revisions(plan: Plan, on_disk: dict[str, str]) -> list[FileChange]:
    """The revisions that are written, and those that are edited. `on_disk` are the texts of all,
    by path."""
    written = [FileChange(r.path, revision_text(r)) for r in plan.revisions]
    texts = texts_after(plan, {path: plain(text) for path, text in on_disk.items()})
    edited = [FileChange(path, kept_ends(on_disk[path], text)) for path, text in texts.items()]
    return [*written, *edited]


def _moves(assay: Assay, into: History, retired: History) -> list[FileChange]:
    """The other history, and an ini that names nothing else where the one that stays has its own,
    are moved aside."""
    moved = [retired.name]
    if into.ini is not None and retired.ini is not None:
        ini = retired.ini.path
        names_others = any(
            h.ini is not None and h.ini.path == ini for h in assay.project.histories if h != retired
        )
        if not names_others and not ini.startswith(f"{retired.name}/"):
            moved.append(ini)
    root = Path(assay.project.root)
    return [FileChange(path, None, moved_to=_aside(root, path)) for path in moved]


def _aside(root: Path, path: str) -> str:
    names = (f"{path}{number or ''}{RETIRED}" for number in itertools.count())
    return next(name for name in names if not (root / name).exists())


def _proposal(
    assay: Assay,
    workshop: Workshop,
    settings: Settings,
    copy: Path,
    into: History,
    head: Catalog | None,
) -> Proposal:
    if head is None or not isinstance(assay.models, Models):
        return Proposal()
    return Proposing(copy, settings, workshop, into.name, assay.models, head).propose()


def _documents(consolidation: Consolidation, into: History) -> list[FileChange]:
    folder = Path(into.name)
    script = str(folder / CONVERGE)
    written = [FileChange(str(folder / DOCUMENT), consolidation_markdown(consolidation))]
    if consolidation.converge:
        written.append(FileChange(script, converge_sql(consolidation)))
    if consolidation.models:
        diffs = "".join(unified_diff(patch) for patch in consolidation.models)
        written.append(FileChange(str(folder / MODELS_PATCH), diffs))
    return written
