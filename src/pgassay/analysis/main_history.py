"""Which of several histories production follows."""

from __future__ import annotations

from collections.abc import Sequence

from pgassay.analysis.revision_graph import revision_graph
from pgassay.facts.history import History, Stamp


def choose_main(
    histories: Sequence[History], named: str, stamps: Sequence[Stamp]
) -> History | None:
    """The one the configuration names; else the one that knows most of the database's stamps; else
    one that an ini names; else the first. None without any history.

    Among equals the one whose stamp reaches furthest counts, since a stamp that two histories share
    is usually their common first revision.
    """
    if not histories:
        return None
    for history in histories:
        if named and history.name == named.strip("/"):
            return history
    rows = [r for s in stamps for r in s.revisions or ()]

    def rank(history: History) -> tuple[int, bool, bool]:
        graph = revision_graph(history)
        known = sum(graph.full_id(r) in graph.by_id for r in rows)
        return (known, history.ini is not None, history.env is not None)

    return max(histories, key=rank)
