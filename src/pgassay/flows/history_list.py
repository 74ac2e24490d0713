"""Listing the histories of a project: files, what executing them does, what a database has."""

from __future__ import annotations

from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass, replace

from pgassay.analysis.history_listing import list_histories
from pgassay.analysis.main_history import choose_main
from pgassay.analysis.rival_histories import version_table
from pgassay.facts.history import Build, Stamp
from pgassay.facts.history_listing import HistoryListing
from pgassay.facts.settings import CriticalSettings, Settings
from pgassay.facts.unavailable import Unavailable
from pgassay.flows.live import NOT_NAMED, Live, read_live
from pgassay.flows.memory import Memory
from pgassay.flows.opened_project import OpenedProject, open_project
from pgassay.flows.schema_sides import World
from pgassay.flows.scratch_once import ScratchOnce
from pgassay.flows.scratch_work import Bench
from pgassay.flows.wanted import Progress, Wanted
from pgassay.probe.launch import children_ended
from pgassay.sources.managed_stand_in import stands_in
from pgassay.sources.named_extensions import named_extensions
from pgassay.sources.stamp_sightings import sightings
from pgassay.sources.stamps import read_stamps

Builds = dict[str, Build | Unavailable]
Stamps = dict[str, Stamp | Unavailable]

_BUILDS = frozenset(("builds",))
FROM_FILES = "`pgassay history list --no-build` lists what the files say."


@dataclass(frozen=True, slots=True)
class HistoryListRequest:
    """What `pgassay history list` was asked. Without `build` none of the project's code runs.
    `remember` as in CheckRequest."""

    world: World
    scratch_url: str | None = None
    build: bool = True
    remember: bool = False


def history_list(request: HistoryListRequest, progress: Progress) -> HistoryListing:
    """Every history of the project. That no database was named is no failure: the stamps are then
    not known. Raises NotAProject, ConfigurationError or TargetInvalid."""
    memory = Memory.of_user(use=request.remember and not request.scratch_url)
    progress("Reading the project's files")
    opened = open_project(request.world.root, request.world.config, request.world.python)
    # Which tables are critical is nothing to a list, so their rows are not looked at.
    settings = replace(opened.settings, critical=CriticalSettings())
    progress("Reading the live database")
    with closing(read_live(request.world.database_url, settings)) as live:
        builds: Builds = {}
        isolation = ""
        if request.build and opened.project.histories:
            builds, isolation = _built(request, opened, live, settings, memory, progress)
        stamps = _stamps(opened, live, builds)
    seen = {
        history.name: sightings(opened.root, history, [stamp])
        for history in opened.project.histories
        if isinstance(stamp := stamps[history.name], Stamp)
    }
    listed = list_histories(opened.project.histories, builds, stamps, seen)
    lost = (*opened.project.unavailable, *_lost(builds, stamps))
    return HistoryListing(
        opened.root.name,
        listed,
        tuple({(u.needs, u.reason): u for u in lost}.values()),
        isolation,
        memory.since.isoformat(timespec="seconds") if memory.since else "",
    )


def _built(
    request: HistoryListRequest,
    opened: OpenedProject,
    live: Live,
    settings: Settings,
    memory: Memory,
    progress: Progress,
) -> tuple[Builds, str]:
    project = opened.project
    names = [h.name for h in project.histories]
    stamps = live.stamps if isinstance(live.stamps, tuple) else ()
    main = choose_main(project.histories, settings.history.main, stamps)
    wanted = Wanted(opened.root, settings, python=request.world.python, fields=_BUILDS)
    memory.of_project(project, opened.files)
    with (
        ThreadPoolExecutor(3) as pool,
        children_ended(),
        ScratchOnce(request.scratch_url) as scratch,
    ):
        scratch.extensions = named_extensions(opened.root, project)
        scratch.stands_in = stands_in(live.is_supabase, opened.root, project)
        work = Bench(wanted, project, main, live, scratch, memory, pool, progress).work()
    if work.lost is not None:
        return dict.fromkeys(names, work.lost), ""
    return dict(zip(names, work.builds.builds, strict=True)), work.isolation


def _stamps(opened: OpenedProject, live: Live, builds: Builds) -> Stamps:
    """Each history's, from the version table that it stamps."""
    stamps: Stamps = {}
    for history in opened.project.histories:
        if live.connection is None:
            stamps[history.name] = (
                live.stamps if isinstance(live.stamps, Unavailable) else NOT_NAMED
            )
            continue
        build = builds.get(history.name)
        table = version_table(history, build if isinstance(build, Build) else None)
        found = read_stamps(live.connection, [table])
        stamps[history.name] = found if isinstance(found, Unavailable) else found[0]
    return stamps


def _lost(builds: Builds, stamps: Mapping[str, Stamp | Unavailable]) -> list[Unavailable]:
    lost = [s for s in stamps.values() if isinstance(s, Unavailable) and s is not NOT_NAMED]
    for build in builds.values():
        if isinstance(build, Unavailable):
            step = f"{build.next_step} {FROM_FILES}".strip()
            lost.append(replace(build, next_step=step))
        elif isinstance(build.salvage, Unavailable):
            lost.append(build.salvage)
        elif build.touches is None:
            lost.append(
                Unavailable(
                    f"owners in {build.history}",
                    "The scratch server could not be asked what each revision touches.",
                    "Give a --scratch-url whose role is a superuser, or none.",
                )
            )
    return lost
