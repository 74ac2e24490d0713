"""A drawn graph says what the revisions say: by value, and read back by a reader of its own."""

from __future__ import annotations

import random

import pytest

from pgassay.facts.history_listing import GraphNode
from pgassay.render.revision_lanes import ASCII, BOX, Marks, marks_for, rows


def node(id: str, *parents: str) -> GraphNode:
    return GraphNode(id, parents)


def drawing(nodes: list[GraphNode], marks: Marks = BOX, room: int = 40) -> list[str]:
    lines: list[str] = []
    for row in rows(nodes, marks, room):
        lines += [] if row.gap is None else [row.gap]
        graph = row.graph
        if row.at is not None:
            graph = graph[: row.at] + marks.applied + graph[row.at + 1 :]
        lines.append(f"{graph} {row.node.id}")
    return lines


MERGED = [node("5", "4"), node("4", "2a", "3b"), node("3b", "2b"), node("2b", "1")]
MERGED += [node("2a", "1"), node("1")]


def test_a_chain_is_a_column() -> None:
    assert drawing([node("3", "2"), node("2", "1"), node("1")]) == ["● 3", "● 2", "● 1"]


def test_a_branch_and_a_merge() -> None:
    assert drawing(MERGED) == ["● 5", "●─╮ 4", "│ ● 3b", "│ ● 2b", "● │ 2a", "●─╯ 1"]


def test_in_ascii() -> None:
    assert drawing(MERGED, ASCII) == ["* 5", "*-. 4", "| * 3b", "| * 2b", "* | 2a", "*-' 1"]


def test_three_parents_and_a_crossing() -> None:
    nodes = [node("m", "a", "b", "c"), node("x", "b"), node("c", "r"), node("b", "r")]
    nodes += [node("a", "r"), node("r")]
    assert drawing(nodes) == [
        "●─┬─╮ m",
        "│ │ │ ● x",
        "│ │ ● │ c",
        "│ ●─┼─╯ b",
        "● │ │ a",
        "●─┴─╯ r",
    ]


def test_what_has_nothing_to_do_with_each_other_stands_apart() -> None:
    assert drawing([node("b", "a"), node("a"), node("z")]) == ["● b", "● a", "", "● z"]


def test_a_cycle_ends_where_it_began() -> None:
    assert drawing([node("a", "c"), node("c", "b"), node("b", "a")]) == ["● a", "● c", "● b"]
    assert drawing([node("s", "s")]) == ["● s"]


def test_a_graph_is_cut_at_its_room() -> None:
    heads = [node(f"h{n}", "r") for n in range(9)]
    lines = drawing([*heads, node("r")], BOX, 8)
    assert lines[2] == "│ │ ● h2"
    assert lines[5] == "│ │ │ │… h5"
    assert lines[-1] == "●─┴─┴─┴… r"
    assert all(len(row.graph) <= 8 and len(row.below) <= 8 for row in rows(heads, BOX, 8))


@pytest.mark.parametrize(
    ("encoding", "marks"),
    [("utf-8", BOX), ("ascii", ASCII), ("latin-1", ASCII), ("cp1252", ASCII), ("nonsense", ASCII)],
)
def test_the_output_decides_the_characters(encoding: str, marks: Marks) -> None:
    assert marks_for(encoding) is marks


def edges(nodes: list[GraphNode]) -> set[tuple[str, str]]:
    """(child, parent) as the drawing has them: lanes are followed down by their characters."""
    found: set[tuple[str, str]] = set()
    open_: dict[int, str] = {}
    for row in rows(nodes, BOX, 400):
        at = row.at
        assert at is not None
        line = row.graph
        if at in open_:
            found.add((open_.pop(at), row.node.id))
        begun: list[int] = []
        place = at + 1
        while place < len(line) and line[place] in "─┼┬┴╮╯":
            if line[place] in "┴╯":
                found.add((open_.pop(place), row.node.id))
            elif line[place] in "┬╮":
                begun.append(place)
            elif line[place] == "┼":
                assert place in open_
            place += 1
        for other, character in enumerate(line):
            if character == "│" and other != at:
                assert other in open_, f"{row.node.id}: a line from nowhere"
        assert not set(begun) & set(open_)
        below = {k for k, character in enumerate(row.below) if character == "│"}
        open_ |= dict.fromkeys(begun, row.node.id)
        if at in below:
            open_[at] = row.node.id
        assert set(open_) == below
    assert not open_
    return found


@pytest.mark.parametrize("seed", range(60))
def test_a_drawing_can_be_read_back(seed: int) -> None:
    chance = random.Random(seed)
    ids = [f"r{n}" for n in range(40)]
    nodes = [
        node(
            id,
            *chance.sample(ids[at + 1 :], min(len(ids) - at - 1, chance.choice((0, 1, 1, 2, 3)))),
        )
        for at, id in enumerate(ids)
    ]
    assert edges(nodes) == {(n.id, parent) for n in nodes for parent in n.parents}
