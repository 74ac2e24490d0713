"""Making one migration history of two, with proof; only with `write` any file changes."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

from pgassay.actions.write_files import FileChange, write_files
from pgassay.analysis.consolidation.known_history import Known
from pgassay.analysis.consolidation.plan import plan_consolidation, texts_after
from pgassay.analysis.consolidation.revision_text import revision_text
from pgassay.analysis.drift_repair import write_in_model
from pgassay.analysis.rival_histories import rival_groups
from pgassay.analysis.schema_diff import compare
from pgassay.analysis.side_scope import HISTORY, MODELS
from pgassay.facts.assay import Assay
from pgassay.facts.catalog import Catalog
from pgassay.facts.comparison import ABSENT
from pgassay.facts.consolidation import Consolidation, Plan
from pgassay.facts.history import Build, History
from pgassay.facts.models import Models
from pgassay.facts.unavailable import Unavailable
from pgassay.flows.consolidation_proof import Proving, StageFailed, Tree, stamped
from pgassay.flows.gather import gather
from pgassay.flows.live import NOT_NAMED
from pgassay.flows.opened_project import OpenedProject, open_project, read_project
from pgassay.flows.schema_sides import World
from pgassay.flows.scratch_once import ScratchOnce
from pgassay.flows.sides import unread
from pgassay.flows.wanted import Wanted
from pgassay.flows.workshop import workshop_on
from pgassay.render.consolidation_markdown import consolidation_markdown, converge_sql
from pgassay.sources.configuration import ConfigurationError
from pgassay.sources.histories import RETIRED
from pgassay.sources.history_runs import Workshop

Progress = Callable[[str], None]
_APART = (".git", ".hg", ".venv", "venv", "node_modules", "__pycache__", ".tox", ".mypy_cache")
_FIELDS = ("builds", "history", "models", "live", "stamps")


@dataclass(frozen=True, slots=True)
class ConsolidateRequest:
    """`into` names the history that stays, `other` the one that is retired, "" where there is only
    one. `write`: change the files once all is proven."""

    world: World
    into: str
    other: str = ""
    scratch_url: str | None = None
    write: bool = False


@dataclass(frozen=True, slots=True)
class ConsolidateOutcome:
    """`files` are those that were written or would be, relative to the root; `moved` the retired
    history's old and new folder. `unavailable`: why nothing could be planned."""

    consolidation: Consolidation | None = None
    files: tuple[str, ...] = ()
    moved: tuple[str, str] | None = None
    written: bool = False
    unavailable: Unavailable | None = None


def consolidate(request: ConsolidateRequest, progress: Progress) -> ConsolidateOutcome:
    """Plan, prove, and write only what is proven.

    Raises NotAProject or ConfigurationError, also where `into` or `other` is no history.
    """
    opened = open_project(request.world.root, request.world.config)
    wanted = Wanted(
        root=opened.root,
        settings=opened.settings,
        database_url=request.world.database_url,
        python=request.world.python,
        fields=frozenset(_FIELDS),
    )
    with ScratchOnce(request.scratch_url) as scratch:
        assay = gather(wanted, opened.project, opened.files, scratch, progress)
        into, other = _chosen(request, assay)
        trees = [_tree(assay, history) for history in (into, other)]
        for tree in trees:
            if isinstance(tree, Unavailable):
                return ConsolidateOutcome(unavailable=tree)
        if lost := _live_lost(assay):
            return ConsolidateOutcome(unavailable=lost)
        mine, theirs = (tree for tree in trees if isinstance(tree, Tree))
        live = assay.live if isinstance(assay.live, Catalog) else None
        texts = {
            r.location.path: (opened.root / r.location.path).read_text("utf-8")
            for r in into.revisions
        }
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
        changes = _changes(opened, plan, texts, theirs.history)
        stamp = stamped(assay.stamps) if isinstance(assay.stamps, tuple) else ()
        consolidation = _proven(
            opened, workshop, plan, mine, theirs, changes, live, stamp, progress
        )
    consolidation = replace(
        consolidation,
        running=tuple(
            f"{point.location}: {point.command}"
            for point in assay.project.entry_points
            if point.history == other.name
        ),
        models_lack=_models_lack(assay, consolidation),
        with_live=live is not None,
    )
    changes += _documents(consolidation, into)
    moved = _moved(opened.root, other)
    files = tuple(change.path for change in changes if change.text is not None)
    if not (request.write and consolidation.is_proven):
        return ConsolidateOutcome(consolidation, files, moved)
    write_files(opened.root, changes)
    return ConsolidateOutcome(consolidation, files, moved, written=True)


def _chosen(request: ConsolidateRequest, assay: Assay) -> tuple[History, History]:
    histories = assay.project.histories
    names = ", ".join(h.name for h in histories)

    def named(name: str) -> History:
        wanted = name.strip("/")
        found = [h for h in histories if wanted in (h.name, h.name.rpartition("/")[2])]
        if len(found) != 1:
            raise ConfigurationError(
                f"{name!r} names {len(found)} of the histories found: {names or 'none'}."
            )
        return found[0]

    into = named(request.into)
    if request.other:
        other = named(request.other)
        if other == into:
            raise ConfigurationError(f"{request.into!r} and {request.other!r} are one history.")
        return into, other
    groups = rival_groups(histories, assay.known_builds)
    rivals = [h for group in groups if into in group for h in group if h != into]
    if len(rivals) != 1:
        found = ", ".join(h.name for h in rivals) or "none"
        raise ConfigurationError(
            f"{into.name}/ has {len(rivals)} rivals ({found}); say which with --from."
        )
    return into, rivals[0]


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


def _changes(
    opened: OpenedProject, plan: Plan, texts: dict[str, str], retired: History
) -> list[FileChange]:
    """The files of the new tree: revisions written and edited, the other history moved aside."""
    changes = [FileChange(r.path, revision_text(r)) for r in plan.revisions]
    changes += [FileChange(path, text) for path, text in texts_after(plan, texts).items()]
    old, new = _moved(opened.root, retired)
    return [*changes, FileChange(old, None, moved_to=new)]


def _moved(root: Path, retired: History) -> tuple[str, str]:
    folder, number = retired.name, 1
    while (root / f"{folder}{'' if number == 1 else number}{RETIRED}").exists():
        number += 1
    return folder, f"{folder}{'' if number == 1 else number}{RETIRED}"


def _proven(
    opened: OpenedProject,
    workshop: Workshop,
    plan: Plan,
    into: Tree,
    other: Tree,
    changes: list[FileChange],
    live: Catalog | None,
    stamp: tuple[str, ...],
    progress: Progress,
) -> Consolidation:
    """The proofs, in a copy of the project that is gone afterwards."""
    with tempfile.TemporaryDirectory(prefix="pgassay-consolidate-") as folder:
        copy = Path(folder) / opened.root.name
        shutil.copytree(opened.root, copy, symlinks=True, ignore=shutil.ignore_patterns(*_APART))
        write_files(copy, changes)
        project, _ = read_project(copy, opened.settings)
        written = next(h for h in project.histories if h.name == into.history.name)
        proving = Proving(
            workshop, plan, into, other, project, written, progress, live=live, stamp=stamp
        )
        try:
            return proving.prove()
        except StageFailed as failed:
            return proving.stopped(str(failed))


def _models_lack(assay: Assay, consolidation: Consolidation) -> tuple[str, ...]:
    """What models can say and do not, each with the line to write where one is known."""
    if not isinstance(assay.models, Models) or consolidation.head is None:
        return ()
    sides = {"models": assay.models.catalog, "history": consolidation.head}
    scopes = {"models": MODELS, "history": HISTORY}
    found = []
    for difference in compare(sides, scopes=scopes).differences:
        if dict(difference.values).get("models") == ABSENT:
            thing = dict(difference.objects)["history"]
            lines = write_in_model(thing)
            written = f": `{lines[0]}`" if lines else ""
            found.append(f"{difference.kind} {difference.subject}{written}")
    return tuple(found)


def _documents(consolidation: Consolidation, into: History) -> list[FileChange]:
    folder = Path(into.name)
    script = str(folder / "converge.sql")
    written = [FileChange(str(folder / "CONSOLIDATION.md"), consolidation_markdown(consolidation))]
    if consolidation.converge:
        written.append(FileChange(script, converge_sql(consolidation)))
    return written
