"""The order in which a history's graph is drawn."""

from __future__ import annotations

from collections.abc import Iterable

from pgassay.analysis.revision_graph import RevisionGraph
from pgassay.facts.history import History
from pgassay.facts.history_listing import GraphNode


def newest_first(history: History, graph: RevisionGraph) -> tuple[GraphNode, ...]:
    """Every revision before what it follows and depends on, branch by branch.

    A cycle has no such order: it is entered where the line above leads into it, else at its
    smallest id.
    """
    nodes = _nodes(history, graph)
    before = {i: _before(node, graph, nodes) for i, node in nodes.items()}
    waiting = dict.fromkeys(nodes, 0)
    for older in before.values():
        for parent in older:
            waiting[parent] += 1
    height = _heights(graph, before)
    # What is pushed last comes first: the highest head.
    ready = sorted((i for i, count in waiting.items() if not count), key=lambda i: (height[i], i))
    entries = sorted({cycle[0] for cycle in graph.cycles}, reverse=True)
    rest = dict.fromkeys(sorted(nodes))
    ordered: list[GraphNode] = []
    while rest:
        below = list(before[ordered[-1].id]) if ordered and not ready else []
        current = _next((ready, below, entries), rest)
        del rest[current]
        ordered.append(nodes[current])
        for parent in before[current]:
            waiting[parent] -= 1
            if not waiting[parent] and parent in rest:
                ready.append(parent)
    return tuple(ordered)


def _next(choices: Iterable[list[str]], rest: dict[str, None]) -> str:
    for candidates in choices:
        while candidates:
            if (candidate := candidates.pop()) in rest:
                return candidate
    return next(iter(rest))


def _nodes(history: History, graph: RevisionGraph) -> dict[str, GraphNode]:
    """The revisions, and what stands in for those whose file is missing or unreadable."""
    nodes = {
        i: GraphNode(i, tuple(dict.fromkeys(graph.follows(p) for p in r.parents)))
        for i, r in graph.by_id.items()
    }
    for file in history.unreadable:
        if file.id and file.id not in nodes:
            parents = tuple(dict.fromkeys(graph.follows(p) for p in file.parents))
            nodes[file.id] = GraphNode(file.id, parents, "unreadable")
    followed = dict.fromkeys(p for node in nodes.values() for p in node.parents)
    return nodes | {i: GraphNode(i, (), "missing") for i in followed if i not in nodes}


def _before(node: GraphNode, graph: RevisionGraph, nodes: dict[str, GraphNode]) -> tuple[str, ...]:
    revision = graph.by_id.get(node.id)
    needed = [graph.follows(d) for d in revision.depends_on] if revision else []
    # What is only depended on is on another branch, which can wait until this one is told.
    apart = (n for n in needed if n in nodes and n not in node.parents)
    return (*dict.fromkeys(apart), *node.parents)


def _heights(graph: RevisionGraph, before: dict[str, tuple[str, ...]]) -> dict[str, int]:
    """How many revisions stand under each, on the longest way down."""
    height = dict.fromkeys(before, 0)
    for current in graph.order:
        height[current] = 1 + max((height[p] for p in before[current]), default=0)
    return height
