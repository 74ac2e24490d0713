"""Putting together what files, execution and stamp tell of every history of a project."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from types import MappingProxyType

from pgassay.analysis.build_notes import build_notes
from pgassay.analysis.revision_effects import objects_of, revision_effects, touches_of
from pgassay.analysis.revision_graph import RevisionGraph, revision_graph
from pgassay.analysis.revision_order import newest_first
from pgassay.analysis.rival_histories import version_table
from pgassay.facts.history import Build, BuildFailure, History, Revision, Salvage, Stamp
from pgassay.facts.history_listing import (
    HistoryProblem,
    ListedHistory,
    ListedRevision,
    ListedStamp,
    Position,
    RevisionEffects,
    State,
)
from pgassay.facts.stamp_sighting import StampSighting
from pgassay.facts.unavailable import Unavailable

_SHOWN = 8

Builds = Mapping[str, Build | Unavailable]


def list_histories(
    histories: Sequence[History],
    builds: Builds,
    stamps: Mapping[str, Stamp | Unavailable],
    sightings: Mapping[str, tuple[StampSighting, ...]] = MappingProxyType({}),
) -> tuple[ListedHistory, ...]:
    """Every history; the others are by its name. No build: it was not asked for. `sightings` are of
    rows that its files lack."""
    touches = {h.name: touches_of(_build(builds, h)) for h in histories}
    objects = {name: objects_of(seen) for name, seen in touches.items()}
    graphs = {h.name: revision_graph(h) for h in histories}

    def listed(history: History) -> ListedHistory:
        others = [h.name for h in histories if h.name != history.name]
        seen = touches[history.name]
        effects = None if seen is None else revision_effects(seen, {o: objects[o] for o in others})
        ids = {o: frozenset(graphs[o].by_id) for o in others}
        build, stamp = builds.get(history.name), stamps.get(history.name)
        graph = graphs[history.name]
        told = _stamp(graph, stamp, sightings.get(history.name, ()))
        return _listed(history, graph, build, told, effects, ids)

    return tuple(listed(h) for h in histories)


def _build(builds: Builds, history: History) -> Build | None:
    build = builds.get(history.name)
    return build if isinstance(build, Build) else None


def _listed(
    history: History,
    graph: RevisionGraph,
    build: Build | Unavailable | None,
    told: ListedStamp,
    effects: Mapping[str, RevisionEffects] | None,
    others: Mapping[str, frozenset[str]],
) -> ListedHistory:
    known = build if isinstance(build, Build) else None
    failures = _failures(known)
    salvage = known.salvage if known and isinstance(known.salvage, Salvage) else None
    states = _states(graph, told)
    stamped = {graph.full_id(r) for r in told.revisions}
    nodes = newest_first(history, graph)
    files: dict[str, list[Revision]] = {}
    for revision in history.revisions:
        files.setdefault(revision.id, []).append(revision)
    ran = {i: effects.get(i, RevisionEffects()) if effects is not None else None for i in files}
    if salvage is None and failures and effects is not None:
        # Nobody saw what would have come after the first failure.
        ran = {i: found if i in effects else None for i, found in ran.items()}
    having = {row: tuple(o for o, ids in others.items() if row in ids) for row in told.strangers}
    return ListedHistory(
        history=history,
        version_table=version_table(history, known),
        stamp=told,
        heads=graph.heads,
        bases=graph.bases,
        nodes=nodes,
        revisions=tuple(
            ListedRevision(
                revision=revision,
                state=states[revision.id],
                is_head=revision.id in graph.heads,
                is_stamp=revision.id in stamped,
                id_also_in=tuple(o for o, ids in others.items() if revision.id in ids),
                effects=ran[revision.id],
                failures=tuple(f for f in failures if f.revision == revision.id),
                assumed=tuple(a for a in salvage.assumed if a.revision == revision.id)
                if salvage
                else (),
            )
            for node in nodes
            for revision in files.get(node.id, ())
        ),
        problems=tuple(_problems(history, graph, failures, told.table, having)),
        build="not asked"
        if build is None
        else ("unavailable" if known is None else ("fails" if known.failure else "built")),
        build_notes=build_notes(history, known) if known else (),
    )


def _failures(build: Build | None) -> tuple[BuildFailure, ...]:
    if build is None or build.failure is None:
        return ()
    found = build.salvage.failures if isinstance(build.salvage, Salvage) else ()
    return found or (build.failure,)


def _stamp(
    graph: RevisionGraph, stamp: Stamp | Unavailable | None, seen: tuple[StampSighting, ...]
) -> ListedStamp:
    if stamp is None or isinstance(stamp, Unavailable):
        return ListedStamp("unknown", reason=stamp.reason if stamp else "It was not asked for.")
    if not stamp.revisions:
        elsewhere = " and ".join(stamp.elsewhere)
        reason = f"{elsewhere} is not on the search path." if elsewhere else ""
        return ListedStamp(
            "absent" if stamp.revisions is None else "empty", stamp.table, reason=reason
        )
    strangers = tuple(r for r in stamp.revisions if graph.full_id(r) not in graph.by_id)
    position: Position = "behind" if graph.pending(stamp.revisions) else "known"
    if strangers:
        ahead = {s.revision for s in seen if s.is_ahead}
        position = "ahead" if ahead.issuperset(strangers) else "unknown"
    return ListedStamp(
        "known", stamp.table, stamp.revisions, strangers, position=position, sightings=seen
    )


def _states(graph: RevisionGraph, stamp: ListedStamp) -> dict[str, State]:
    """Under a row that is no revision of the files anything may be applied, so only what the
    other rows cover is known, and what one that is ahead goes on from."""
    if stamp.status == "unknown":
        return dict.fromkeys(graph.by_id, "unknown")
    continued = [s.continues for s in stamp.sightings if s.is_ahead]
    applied = graph.covered([*stamp.revisions, *continued])
    rest: State = "unknown" if stamp.strangers else "pending"
    return {i: "applied" if i in applied else rest for i in graph.by_id}


def _problems(
    history: History,
    graph: RevisionGraph,
    failures: Sequence[BuildFailure],
    version_table: str,
    strangers: Mapping[str, tuple[str, ...]],
) -> Iterator[HistoryProblem]:
    for file in history.unreadable:
        yield HistoryProblem(
            "unreadable-file", f"{file.location.path}: {file.reason}", file.id, file.location
        )
    for id, files in graph.repeated.items():
        paths = " and ".join(f.location.path for f in files)
        yield HistoryProblem("repeated-id", f"{id} is the id of {paths}.", id, files[-1].location)
    for revision, parent in graph.missing:
        verb = "follows" if parent in revision.parents else "depends on"
        yield HistoryProblem(
            "missing-parent",
            f"{revision.id} {verb} {parent}, which no file has.",
            revision.id,
            revision.location,
        )
    for cycle in graph.cycles:
        left = len(cycle) - _SHOWN
        shown = cycle if left <= 0 else (*cycle[:_SHOWN], f"{left} more")
        way = " -> ".join((*shown, cycle[0]))
        yield HistoryProblem(
            "cycle", f"Each follows the next: {way}.", cycle[0], graph.by_id[cycle[0]].location
        )
    for failure in failures:
        yield HistoryProblem("fails", failure.error, failure.revision, failure.location)
    for row, having in strangers.items():
        of_whom = f"; {' and '.join(f'{h}/' for h in having)} has it" if having else ""
        yield HistoryProblem(
            "stamp-not-in-files",
            f"{version_table} is stamped {row}, which no file of {history.name}/ has{of_whom}.",
            row,
        )
