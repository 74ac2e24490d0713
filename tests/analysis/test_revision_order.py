"""The order in which a graph is drawn, and the cycles in it."""

from __future__ import annotations

import random
import time

import pytest

from pgassay.analysis.revision_graph import revision_graph
from pgassay.analysis.revision_order import newest_first
from pgassay.facts.history import History, UnreadableRevision
from pgassay.facts.history_listing import GraphNode
from pgassay.facts.location import Location
from tests.analysis.listed_histories import history, revision


def order(history: History) -> list[str]:
    return [node.id for node in newest_first(history, revision_graph(history))]


def test_one_branch_is_told_to_its_end_before_the_next() -> None:
    found = order(
        history(
            revision("1"),
            revision("2a", "1"),
            revision("2b", "1"),
            revision("3b", "2b"),
            revision("4", "2a", "3b"),
            revision("5", "4"),
        )
    )
    assert found == ["5", "4", "3b", "2b", "2a", "1"]


def test_what_depends_on_another_branch_comes_before_it() -> None:
    trunk = (revision("1"), revision("2", "1"), revision("3", "2"))
    assert order(history(*trunk, revision("side", depends_on=["3"]))) == ["side", "3", "2", "1"]
    assert order(history(*trunk, revision("side"))) == ["3", "2", "1", "side"]


def test_a_missing_and_an_unreadable_file_have_their_place() -> None:
    lost = UnreadableRevision(Location("alembic/versions/2.py", 4), "syntax error", "2", ("1",))
    found = history(revision("3", "2"), revision("1", "0"), unreadable=[lost])
    assert newest_first(found, revision_graph(found)) == (
        GraphNode("3", ("2",)),
        GraphNode("2", ("1",), "unreadable"),
        GraphNode("1", ("0",)),
        GraphNode("0", (), "missing"),
    )


def test_a_cycle_is_entered_from_above() -> None:
    found = history(revision("a", "c"), revision("b", "a"), revision("c", "b"), revision("d", "b"))
    assert order(found) == ["d", "b", "a", "c"]
    assert order(history(revision("b", "a"), revision("a", "b"), revision("s", "s"))) == [
        "a",
        "b",
        "s",
    ]


@pytest.mark.parametrize("seed", range(20))
def test_every_child_comes_before_its_parents(seed: int) -> None:
    chance = random.Random(seed)
    ids = [f"r{n}" for n in range(60)]
    found = history(
        *(
            revision(
                id,
                *chance.sample(ids[:at], min(at, chance.choice((0, 1, 1, 1, 2, 3)))),
                depends_on=chance.sample(ids[:at], min(at, chance.choice((0, 0, 0, 1)))),
            )
            for at, id in enumerate(ids)
        )
    )
    ordered = order(found)
    assert sorted(ordered) == sorted(ids)
    for one in found.revisions:
        for older in (*one.parents, *one.depends_on):
            assert ordered.index(one.id) < ordered.index(older)


def test_each_cycle_is_found_once() -> None:
    graph = revision_graph(
        history(
            revision("b", "a"),
            revision("c", "b"),
            revision("a", "c"),
            revision("above", "c"),
            revision("self", "self"),
            revision("y", "x"),
            revision("x", "y"),
        )
    )
    assert graph.cycles == (("a", "c", "b"), ("self",), ("x", "y"))


def test_a_cycle_of_thousands_is_found_at_once() -> None:
    count = 5000
    ring = history(*(revision(f"r{n:04}", f"r{(n - 1) % count:04}") for n in range(count)))
    began = time.monotonic()
    graph = revision_graph(ring)
    assert len(newest_first(ring, graph)) == count
    assert time.monotonic() - began < 1
    assert [len(cycle) for cycle in graph.cycles] == [count]
