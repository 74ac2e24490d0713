"""The revisions that are new: since a git ref, a revision, or the live database's stamp."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from pgassay.analysis.revision_graph import RevisionGraph, revision_graph
from pgassay.facts.branch import Branch, EditedRevision, OtherBranch
from pgassay.facts.history import History, Revision, Stamp
from pgassay.facts.unavailable import Unavailable
from pgassay.sources.git_history import commit_of, merge_base, revisions_at

STAMP = "stamp"
"""The word for the live database's."""


@dataclass(frozen=True, slots=True)
class Beginning:
    """`base` are the heads of what was there before; `since` says in words how that is known.
    `before` are the revisions as they were then, None where only their ids are known."""

    since: str
    base: tuple[str, ...]
    before: Mapping[str, Revision] | None = None


def beginning(
    root: Path, main: History, since: str, stamps: Sequence[Stamp]
) -> Beginning | Unavailable | None:
    """Where the new revisions begin; None where nothing says."""
    graph = revision_graph(main)
    if not since:
        return None
    revision = graph.full_id(since)
    if revision in graph.by_id:
        return Beginning(f"revision {revision}", (revision,))
    if since != STAMP:
        return _since_commit(root, main, since, graph)
    rows = [graph.full_id(r) for s in stamps for r in s.revisions or ()]
    if not rows or any(r not in graph.by_id for r in rows):
        return Unavailable(
            "pending revisions",
            f"--since stamp: the live database is stamped {', '.join(rows)}, which {main.name}/ "
            "does not have."
            if rows
            else "--since stamp: no stamp of a live database could be read.",
            "Name what the new revisions follow: --since with a git ref or a revision.",
        )
    return Beginning("the live database's stamp", _heads(graph, graph.covered(rows)))


def unjudged(
    root: Path, main: History | None, histories: Sequence[History], since: str
) -> tuple[Unavailable, ...]:
    """What is new since a git ref and is not run: revisions of other histories than the main one,
    and all that other tools than Alembic run."""
    if main is None:
        return (
            Unavailable(
                "pending revisions",
                f"--since {since}: the project has no Alembic history, and what other tools run is "
                "not judged.",
                "Leave --since out, and look through what is new by hand.",
            ),
        )
    found = []
    for history in histories:
        begins = beginning(root, history, since, ())
        if history == main or not isinstance(begins, Beginning) or begins.before is None:
            continue
        if new := revision_graph(history).pending(begins.base):
            found.append(
                Unavailable(
                    f"pending revisions of {history.name}",
                    f"{history.name}/ has new revisions too ({', '.join(new)}); only {main.name}/ "
                    "is judged.",
                    f'[history] main = "{history.name}" in pgassay.toml judges {history.name}/.',
                )
            )
    return tuple(found)


def branch(
    root: Path, main: History, begins: Beginning | None, against: Sequence[str]
) -> Branch | Unavailable | None:
    """What of the older revisions was edited, and what merging with other branches gives; None
    where nothing was asked that git could tell."""
    before = begins.before if begins is not None else None
    if before is None and not against:
        return None
    others = [_other(root, main, ref) for ref in against]
    for other in others:
        if isinstance(other, Unavailable):
            return other
    return Branch(
        begins.since if begins is not None and before is not None else "",
        tuple(_edited(main, before or {})),
        tuple(o for o in others if isinstance(o, OtherBranch)),
    )


def _since_commit(
    root: Path, main: History, since: str, graph: RevisionGraph
) -> Beginning | Unavailable:
    commit = commit_of(root, since)
    if commit is None:
        return Unavailable(
            "pending revisions",
            f"--since {since}: {main.name}/ has no such revision, and git knows no such name.",
            "`git fetch origin` brings the branches of others; give `origin/main`, for example.",
        )
    base = merge_base(root, commit)
    if isinstance(base, Unavailable):
        return replace(base, needs="pending revisions")
    before = revisions_at(root, main, base)
    if isinstance(before, Unavailable):
        return before
    return Beginning(f"git {since}", _heads(graph, before.keys() & graph.by_id.keys()), before)


def _heads(graph: RevisionGraph, covered: frozenset[str] | set[str]) -> tuple[str, ...]:
    followed = {graph.follows(p) for r in covered for p in graph.by_id[r].parents}
    return tuple(i for i in graph.order if i in covered and i not in followed)


def _edited(main: History, before: Mapping[str, Revision]) -> list[EditedRevision]:
    now = revision_graph(main).by_id
    return [
        EditedRevision(i, now[i].location if i in now else None)
        for i, was in sorted(before.items())
        if i not in now or now[i].digest != was.digest
    ]


def _other(root: Path, main: History, ref: str) -> OtherBranch | Unavailable:
    commit = commit_of(root, ref)
    if commit is None:
        return Unavailable(
            "other branches", f"--against {ref}: git knows no such name.", "`git fetch origin`."
        )
    theirs = revisions_at(root, main, commit)
    if isinstance(theirs, Unavailable):
        return replace(theirs, needs="other branches")
    base = merge_base(root, commit)
    common = revisions_at(root, main, base) if isinstance(base, str) else base
    if isinstance(common, Unavailable):
        return replace(common, needs="other branches")
    ours = {r.id: r for r in main.revisions}
    together = replace(main, revisions=tuple({**theirs, **ours}.values()))
    return OtherBranch(
        ref,
        revision_graph(together).heads,
        revision_graph(main).heads,
        revision_graph(replace(main, revisions=tuple(theirs.values()))).heads,
        tuple(
            sorted(
                i
                for i in ours.keys() & theirs.keys() - common.keys()
                if ours[i].digest != theirs[i].digest
            )
        ),
    )
