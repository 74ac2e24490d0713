"""Changing a Python text where its syntax tree says, and nowhere else."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

Placed = ast.expr | ast.stmt | ast.keyword | ast.alias

_LINE_END = re.compile(r"\r\n|\r|\n")
_REST = re.compile(r"[ \t]*(,?)[ \t]*(?:#.*)?\n")
"""Of a line after an element."""


@dataclass(frozen=True, slots=True, order=True)
class TextEdit:
    """`new` in the place of what is from `start` up to `end`."""

    start: int
    end: int
    new: str


def edited(text: str, edits: Iterable[TextEdit]) -> str:
    for edit in sorted(edits, reverse=True):
        text = text[: edit.start] + edit.new + text[edit.end :]
    return text


class Places:
    """Where the nodes of a text's tree are in it: a tree counts in bytes of UTF-8, line by line."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._lines = [0, *(found.end() for found in _LINE_END.finditer(text))]

    def start(self, node: Placed) -> int:
        return self._at(node.lineno, node.col_offset)

    def end(self, node: Placed) -> int:
        return self._at(node.end_lineno or 0, node.end_col_offset or 0)

    def segment(self, node: Placed) -> str:
        return self._text[self.start(node) : self.end(node)]

    def is_first(self, node: Placed) -> bool:
        """Whether only blanks are before it on its line."""
        return not self._indent(node).strip()

    def inserted(self, nodes: Sequence[Placed], at: int, new: Sequence[str]) -> list[TextEdit]:
        """What makes `new` more elements of a list written with commas, before number `at`: each on
        a line of its own where those there are."""
        if at < len(nodes):
            start = self.start(nodes[at])
            separator = f",\n{self._indent(nodes[at])}" if self._is_apart(nodes, at) else ", "
            return [TextEdit(start, start, "".join(n + separator for n in new))]
        end = self.end(nodes[-1])
        if not self._is_apart(nodes, at - 1):
            return [TextEdit(end, end, "".join(f", {n}" for n in new))]
        rest = _REST.match(self._text, end)
        assert rest is not None
        comma = [] if rest[1] else [TextEdit(end, end, ",")]
        indent = self._indent(nodes[-1])
        added = "".join(f"{indent}{n},\n" for n in new)
        return [*comma, TextEdit(rest.end(), rest.end(), added)]

    def _is_apart(self, nodes: Sequence[Placed], at: int) -> bool:
        """Whether an element has a line of its own. Of one alone only a comma says so."""
        rest = _REST.match(self._text, self.end(nodes[at]))
        if rest is None or not self.is_first(nodes[at]):
            return False
        return bool(rest[1]) or (at > 0 and self._is_apart(nodes, at - 1))

    def _indent(self, node: Placed) -> str:
        return self._text[self._lines[node.lineno - 1] : self.start(node)]

    def _at(self, line: int, column: int) -> int:
        start = self._lines[line - 1]
        # A character takes at least one byte.
        before = self._text[start : start + column].encode()[:column]
        return start + len(before.decode())
