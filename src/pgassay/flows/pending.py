"""The revisions that are new: since a git ref, a revision, or the live database's stamp."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from pgassay.analysis.revision_graph import RevisionGraph, revision_graph
from pgassay.analysis.unstamped_tables import tables_there
from pgassay.facts.assay import Assay
from pgassay.facts.branch import Branch, EditedRevision, OtherBranch
from pgassay.facts.history import History, Revision, Stamp
from pgassay.facts.migration_system import MigrationSystem
from pgassay.facts.unavailable import Unavailable
from pgassay.flows.wanted import STAMP
from pgassay.sources.git_history import changed_since, commit_of, merge_base, revisions_at


@dataclass(frozen=True, slots=True)
class Beginning:
    """`base` are the heads of what was there before; `since` says in words how that is known.
    `before` are the revisions as they were then, None where only their ids are known."""

    since: str
    base: tuple[str, ...]
    before: Mapping[str, Revision] | None = None


def beginning(
    root: Path, history: History, since: str, stamps: Sequence[Stamp], *, is_empty: bool = True
) -> Beginning | Unavailable | None:
    """Where the new revisions begin. Without `since`, after the stamp; None where other facts say
    that it is not known, and for a database that `is_empty`, which no revision can hurt."""
    graph = revision_graph(history)
    if since not in ("", STAMP):
        return _since_named(root, history, since, graph)
    rows = [graph.full_id(r) for s in stamps for r in s.revisions or ()]
    if rows and all(r in graph.by_id for r in rows):
        return Beginning("the live database's stamp", _heads(graph, graph.covered(rows)))
    if since:
        return Unavailable(
            "pending revisions",
            f"--since stamp: the live database is stamped {', '.join(rows)}, which {history.name}/ "
            "does not have."
            if rows
            else "--since stamp: no stamp of a live database could be read.",
            "Name what the new revisions follow: --since with a git ref or a revision.",
        )
    if rows or is_empty:
        return None
    return Unavailable(
        "pending revisions",
        f"The live database has tables of {history.name}/ and no stamp, so which revisions are "
        "pending is not known.",
        "Stamp it with what it has (see HIS016), or name what is new: --since with a git ref.",
    )


def beginning_beside(
    root: Path, other: Assay, since: str, begins: Beginning | None
) -> Beginning | Unavailable | None:
    """The same of a history beside the main one, which begins at `begins`. One without a stamp of
    its own shares the main one's, or is not in the live database."""
    assert other.main is not None
    if begins is not None and begins.before is not None:
        return beginning(root, other.main, since, ())
    if since not in ("", STAMP):
        return Unavailable(
            f"pending revisions of {other.main.name}",
            f"--since {since} is no git ref, and says nothing of {other.main.name}/.",
            "--since with a git ref judges every history.",
        )
    if not isinstance(other.stamps, tuple):
        return None
    return beginning(root, other.main, since, other.stamps, is_empty=not tables_there(other))


def unjudged(
    root: Path, main: History | None, systems: Sequence[MigrationSystem], since: str
) -> tuple[Unavailable, ...]:
    """What other tools than Alembic do that is new: nobody runs it."""
    commit = None if since == STAMP else commit_of(root, since)
    if commit is None and main is None:
        return (_unknown_name(since, "the project has no Alembic history"),)
    base = merge_base(root, commit) if commit is not None else None
    if isinstance(base, Unavailable):
        return (replace(base, needs="pending migrations"),) if main is None else ()
    found = []
    for system in systems:
        needs = f"pending migrations of {system.name}"
        if base is None:
            reason = f"--since {since} is no git ref, and says nothing of {system.name}."
            found.append(Unavailable(needs, reason, "Give a git ref."))
            continue
        changed = changed_since(root, base, [f.location.path for f in system.files])
        if isinstance(changed, Unavailable):
            found.append(replace(changed, needs=needs))
        elif changed:
            found.append(
                Unavailable(
                    needs,
                    f"{system.name} has files that are new or changed since {since} "
                    f"({', '.join(changed)}); only Alembic's revisions are judged.",
                    "Look through them by hand.",
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


def _since_named(
    root: Path, main: History, since: str, graph: RevisionGraph
) -> Beginning | Unavailable:
    """Since a revision or a git ref. The beginning of an id is enough, as for Alembic, where git
    knows no such name."""
    revision = graph.full_id(since)
    commit = None if revision == since and since in graph.by_id else commit_of(root, since)
    if revision in graph.by_id:
        if commit is None:
            return Beginning(f"revision {revision}", (revision,))
        return Unavailable(
            "pending revisions",
            f"--since {since} may be revision {revision} or git's {since}.",
            f"Give the whole id, or refs/heads/{since}.",
        )
    if commit is None:
        return _unknown_name(since, f"{main.name}/ has no such revision")
    base = merge_base(root, commit)
    if isinstance(base, Unavailable):
        return replace(base, needs="pending revisions")
    before = revisions_at(root, main, base)
    if isinstance(before, Unavailable):
        return before
    return Beginning(f"git {since}", _heads(graph, before.keys() & graph.by_id.keys()), before)


def _unknown_name(since: str, also: str) -> Unavailable:
    return Unavailable(
        "pending revisions",
        f"--since {since}: {also}, and git knows no such name.",
        "`git fetch origin` brings the branches of others; give `origin/main`, for example.",
    )


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
