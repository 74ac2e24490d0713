"""Reading a history as a graph: its ends, what is broken in it, and what a stamp covers."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from pgassay.facts.history import History, Revision


@dataclass(frozen=True, slots=True)
class RevisionGraph:
    """`by_id` holds the first file of each id; `repeated` the ids that several files claim.

    `missing` are (revision, parent) pairs whose parent no file has. `cycles` are lists of ids, each
    beginning with its smallest. `order` lists the revisions parents first, as far as they can be
    ordered.
    """

    by_id: dict[str, Revision]
    repeated: dict[str, tuple[Revision, ...]]
    heads: tuple[str, ...]
    bases: tuple[str, ...]
    missing: tuple[tuple[Revision, str], ...]
    cycles: tuple[tuple[str, ...], ...]
    order: tuple[str, ...]

    def full_id(self, written: str) -> str:
        """Alembic accepts a unique beginning of an id; this gives the id, or `written` itself."""
        if written in self.by_id:
            return written
        matching = [i for i in self.by_id if i.startswith(written)] if len(written) >= 4 else []
        return matching[0] if len(matching) == 1 else written

    def follows(self, written: str) -> str:
        """The id that a revision file means: one in full, since there Alembic accepts no
        beginnings, or the label of a branch."""
        if written in self.by_id:
            return written
        return next((i for i, r in self.by_id.items() if written in r.branch_labels), written)

    def covered(self, stamps: Iterable[str], *, dependencies: bool = True) -> frozenset[str]:
        """The revisions that a database stamped with `stamps` has: them and all before them.

        Without `dependencies`, those on the same branches only.
        """
        found: set[str] = set()
        waiting = [self.full_id(s) for s in stamps]
        while waiting:
            revision = self.by_id.get(waiting.pop())
            if revision is not None and revision.id not in found:
                found.add(revision.id)
                before = revision.parents + (revision.depends_on if dependencies else ())
                waiting += [self.follows(p) for p in before]
        return frozenset(found)

    def pending(self, stamps: Collection[str]) -> tuple[str, ...]:
        """What `upgrade heads` would still execute, parents first."""
        covered = self.covered(stamps)
        return tuple(i for i in self.order if i not in covered)


def revision_graph(history: History) -> RevisionGraph:
    by_id: dict[str, Revision] = {}
    claims: dict[str, list[Revision]] = {}
    for revision in history.revisions:
        by_id.setdefault(revision.id, revision)
        claims.setdefault(revision.id, []).append(revision)
    graph = RevisionGraph(by_id, {}, (), (), (), (), ())
    unreadable = {u.id for u in history.unreadable}
    parents = {i: [graph.follows(p) for p in (*r.parents, *r.depends_on)] for i, r in by_id.items()}
    down = {i: [graph.follows(p) for p in r.parents] for i, r in by_id.items()}
    followed = {p for below in down.values() for p in below}
    followed |= {graph.follows(p) for u in history.unreadable for p in u.parents}
    order, cycles = _order(parents)
    return RevisionGraph(
        by_id=by_id,
        repeated={i: tuple(files) for i, files in claims.items() if len(files) > 1},
        heads=tuple(sorted(i for i in by_id if i not in followed)),
        bases=tuple(sorted(i for i, below in down.items() if not below)),
        missing=tuple(
            (by_id[i], p)
            for i, below in parents.items()
            for p in below
            if p not in by_id and p not in unreadable
        ),
        cycles=cycles,
        order=order,
    )


def _order(
    parents: dict[str, list[str]],
) -> tuple[tuple[str, ...], tuple[tuple[str, ...], ...]]:
    """Kahn's order; what is left over lies on a cycle or above one."""
    waiting = {i: {p for p in below if p in parents} for i, below in parents.items()}
    children: dict[str, list[str]] = {}
    for child, below in waiting.items():
        for parent in below:
            children.setdefault(parent, []).append(child)
    ready = [i for i, below in waiting.items() if not below]
    order: list[str] = []
    while ready:
        current = ready.pop(0)
        order.append(current)
        for child in children.get(current, ()):
            waiting[child].discard(current)
            if not waiting[child]:
                ready.append(child)
    placed = set(order)
    return tuple(order), _cycles({i: below for i, below in waiting.items() if i not in placed})


def _cycles(rest: dict[str, set[str]]) -> tuple[tuple[str, ...], ...]:
    """Each way down ends in a cycle; one that meets an earlier way ends in that one's cycle."""
    found: list[tuple[str, ...]] = []
    seen: set[str] = set()
    for start in sorted(rest):
        way: dict[str, int] = {}
        step: str | None = start
        while step is not None and step not in seen:
            seen.add(step)
            way[step] = len(way)
            step = min((p for p in rest[step] if p in rest), default=None)
        if step in way:
            loop = list(way)[way[step] :]
            first = loop.index(min(loop))
            found.append(tuple(loop[first:] + loop[:first]))
    return tuple(found)
