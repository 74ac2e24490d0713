"""Reading YAML by its nodes, so that every mistake has its line."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from difflib import get_close_matches
from operator import itemgetter
from typing import Any

import yaml

from pgassay.facts.location import Location


@dataclass(slots=True)
class Mistakes:
    """`path` is the file that the rules stand in, "" where it is not known; `of` names what in it
    they are of."""

    path: str
    of: str = ""
    found: list[tuple[int, str]] = field(default_factory=list)

    def add(self, node: yaml.Node, message: str) -> None:
        self.found.append((node.start_mark.line + 1, message))

    def location(self, node: yaml.Node) -> Location | None:
        return Location(self.path, node.start_mark.line + 1) if self.path else None

    @property
    def lines(self) -> list[str]:
        """As they are told, in the file's order."""
        of = f"{self.of}: " if self.of else ""
        return [
            f"  {self.path}:{line}: {of}{message}" if self.path else f"  {of}{message}"
            for line, message in sorted(self.found, key=itemgetter(0))
        ]


def entries(
    node: yaml.Node | None, mistakes: Mistakes, what: str, known: tuple[str, ...] = ()
) -> Iterator[tuple[str, yaml.Node, yaml.Node]]:
    """A mapping's keys, where they stand, and their values; one that stands twice is a mistake."""
    if node is None:
        return
    if not isinstance(node, yaml.MappingNode):
        told = f" with {', '.join(known)}" if known else ""
        mistakes.add(node, f"{what} is a mapping{told}")
        return
    seen: set[str] = set()
    for key, value in node.value:
        name = text(key, mistakes, what)
        if name in seen:
            mistakes.add(key, f"{name!r} stands twice")
        seen.add(name)
        yield name, key, value


def text(node: yaml.Node, mistakes: Mistakes, what: str) -> str:
    if not isinstance(node, yaml.ScalarNode):
        mistakes.add(node, f"{what}: a text is wanted here")
        return ""
    return str(node.value).strip()


@dataclass(slots=True)
class RuleNode:
    """Reads the value of a rule: words, lists and mappings of them."""

    mistakes: Mistakes
    node: yaml.Node
    kind: str

    def fields(self, required: tuple[str, ...], other: tuple[str, ...] = ()) -> dict[str, Any]:
        """A mapping's values; {} after a mistake."""
        if not isinstance(self.node, yaml.MappingNode):
            wanted = ", ".join(f"{name}: ..." for name in required)
            self.mistakes.add(self.node, f"{self.kind} wants {{{wanted}}}")
            return {}
        found: dict[str, Any] = {}
        known = (*required, *other)
        for name, key, value in entries(self.node, self.mistakes, self.kind, known):
            if name not in known:
                near = get_close_matches(name, known, 1)
                hint = f" (did you mean {near[0]}?)" if near else f"; it has {', '.join(known)}"
                self.mistakes.add(key, f"{self.kind} has no {name!r}{hint}")
            else:
                found[name] = self._value(value)
        for name in required:
            if name not in found:
                self.mistakes.add(self.node, f"{self.kind} lacks {name}")
        return found

    def words(self) -> tuple[str, ...]:
        """One word or a list of them."""
        value = self._value(self.node)
        if isinstance(value, dict):
            self.mistakes.add(self.node, f"{self.kind} wants the name of a column, or a list")
            return ()
        return value if isinstance(value, tuple) else (value,)

    def word(self) -> str:
        words = self.words()
        if len(words) != 1:
            self.mistakes.add(self.node, f"{self.kind} wants one column")
        return words[0] if words else ""

    def _value(self, node: yaml.Node) -> Any:
        if isinstance(node, yaml.SequenceNode):
            return tuple(text(item, self.mistakes, self.kind) for item in node.value)
        if isinstance(node, yaml.ScalarNode):
            return str(node.value)
        self.mistakes.add(node, f"{self.kind}: a word or a list of words is wanted here")
        return ""
