"""A revision graph in lanes, one row a revision, as `git log --graph` draws it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from pgassay.facts.history_listing import GraphNode

UP, DOWN, LEFT, RIGHT = 1, 2, 4, 8

_LINES = {
    0: " ",
    UP | DOWN: "│",
    LEFT | RIGHT: "─",
    UP | LEFT: "╯",
    DOWN | LEFT: "╮",
    UP | LEFT | RIGHT: "┴",
    DOWN | LEFT | RIGHT: "┬",
    UP | DOWN | LEFT | RIGHT: "┼",
}
_ASCII = {0: " ", UP | DOWN: "|", LEFT | RIGHT: "-", UP | LEFT: "'", DOWN | LEFT: "."}


@dataclass(frozen=True, slots=True)
class Marks:
    """The characters of a graph: its lines, and a sign for each kind of node."""

    lines: dict[int, str]
    applied: str
    pending: str
    unknown: str
    broken: str
    cut: str

    def line(self, directions: int) -> str:
        return self.lines.get(directions, "+")


BOX = Marks(_LINES, applied="●", pending="○", unknown="•", broken="✗", cut="…")
ASCII = Marks(_ASCII, applied="*", pending="o", unknown="?", broken="x", cut="~")


def marks_for(encoding: str) -> Marks:
    """The characters that an output can show."""
    wanted = "".join((*_LINES.values(), BOX.applied, BOX.pending, BOX.unknown, BOX.broken, BOX.cut))
    try:
        wanted.encode(encoding)
    except (UnicodeEncodeError, LookupError):
        return ASCII
    return BOX


@dataclass(frozen=True, slots=True)
class Row:
    """One revision's row: `at` is the character of `graph` where its sign goes, None where the
    graph is cut before it. `below` stands before further lines of the same revision. `gap` comes
    before it, None where its lane did not end right above."""

    node: GraphNode
    graph: str
    at: int | None
    below: str
    gap: str | None = None


@dataclass(slots=True)
class _Lanes:
    """`waiting` has the id that each lane leads to, None for a lane that is free."""

    waiting: list[str | None] = field(default_factory=list)

    def free(self, after: int = -1) -> int:
        for k in range(after + 1, len(self.waiting)):
            if self.waiting[k] is None:
                return k
        self.waiting.append(None)
        return len(self.waiting) - 1

    def begin(self, leads_to: str, after: int) -> int:
        """A lane right of `after`. One that ends in this row is still taken, so that no cross is
        anything but a crossing."""
        lane = self.free(after)
        self.waiting[lane] = leads_to
        return lane


def rows(nodes: Sequence[GraphNode], marks: Marks, room: int) -> Iterator[Row]:
    """The graph, each part at most `room` characters wide. `nodes` are newest first; a parent that
    comes before its child, as in a cycle, gets no line."""
    lanes = _Lanes()
    drawn: set[str] = set()
    ended: int | None = None
    for node in nodes:
        mine = [k for k, leads_to in enumerate(lanes.waiting) if leads_to == node.id]
        at = mine[0] if mine else lanes.free()
        gap = _below(lanes.waiting, marks, room) if not mine and ended == at else None
        before = list(lanes.waiting)
        drawn.add(node.id)
        parents = [p for p in node.parents if p not in drawn]
        lanes.waiting[at] = parents[0] if parents else None
        begun = [lanes.begin(parent, at) for parent in parents[1:]]
        for k in mine[1:]:
            lanes.waiting[k] = None
        graph = _row(before, lanes.waiting, at, (*mine[1:], *begun), marks, room)
        while lanes.waiting and lanes.waiting[-1] is None:
            lanes.waiting.pop()
        ended = at if not parents else None
        place = 2 * at if 2 * at < room - 1 else None
        yield Row(node, graph, place, _below(lanes.waiting, marks, room), gap)


def _row(
    before: Sequence[str | None],
    after: Sequence[str | None],
    at: int,
    ends: Sequence[int],
    marks: Marks,
    room: int,
) -> str:
    """The node's row; `ends` are the lanes beside it that end or begin in it, all on its right."""
    last = max((at, *ends))
    count = min(max(len(before), len(after)), room // 2 + 2)
    cells = [0] * (2 * count - 1)
    for k in range(count):
        up = UP if k < len(before) and before[k] is not None else 0
        down = DOWN if k < len(after) and after[k] is not None else 0
        across = 0
        if at <= k <= last:
            across = (LEFT if k > at else 0) | (RIGHT if k < last else 0)
        cells[2 * k] = up | down | across
        if at <= k < last and 2 * k + 1 < len(cells):
            cells[2 * k + 1] = LEFT | RIGHT
    return _cut("".join(marks.line(cell) for cell in cells).rstrip(), marks, room)


def _below(waiting: Sequence[str | None], marks: Marks, room: int) -> str:
    line = marks.line(UP | DOWN)
    shown = " ".join(line if leads_to else " " for leads_to in waiting[: room // 2 + 2])
    return _cut(shown.rstrip(), marks, room)


def _cut(graph: str, marks: Marks, room: int) -> str:
    return graph if len(graph) <= room else graph[: room - 1] + marks.cut
