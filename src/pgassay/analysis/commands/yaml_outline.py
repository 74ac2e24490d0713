"""The outline of a YAML text: mappings, sequences and scalars, each with its line.

It reads the YAML that people write for CI, compose and Kubernetes, also where a template engine has
left its marks; tags and complex keys it does not know. What it cannot read it passes over, so what
it gives is there, and what it does not give is not known not to be.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Scalar:
    """`line` is that of the text's first line."""

    text: str
    line: int


@dataclass(frozen=True, slots=True)
class Sequence:
    items: tuple[Node, ...]
    line: int


@dataclass(frozen=True, slots=True)
class Mapping:
    """Keys in the order written; the value of the last of equal ones counts."""

    pairs: tuple[tuple[str, Node], ...]
    line: int

    def get(self, key: str) -> Node | None:
        return next((node for name, node in reversed(self.pairs) if name == key), None)

    def text(self, key: str) -> str:
        """The text of a scalar; "" where there is none."""
        node = self.get(key)
        return node.text if isinstance(node, Scalar) else ""

    def mapping(self, key: str) -> Mapping:
        """The mapping at `key`; an empty one where there is none."""
        node = self.get(key)
        return node if isinstance(node, Mapping) else Mapping((), self.line)


Node = Scalar | Sequence | Mapping

_KEY = re.compile(
    r"(?P<key>\"[^\"]*\"|'[^']*'|<<|[^\s\-?#\[\]{},&*!|>'\"%@`][^#]*?|-[^\s#][^#]*?)\s*:(?:\s+|$)"
)
_BLOCK = re.compile(r"[|>][-+\d]*\s*(?:#.*)?$")


def yaml_documents(text: str) -> list[Node]:
    """The documents of the text, without empty ones."""
    lines = text.expandtabs(8).splitlines()
    found: list[Node] = []
    begin = 0
    for place in (*(n for n, line in enumerate(lines) if line.startswith("---")), len(lines)):
        reader = _Reader(lines[:place], begin)
        node = reader.node(0)
        if node is not None:
            found.append(node)
        begin = place + 1
    return found


@dataclass(slots=True)
class _Reader:
    lines: list[str]
    place: int
    anchors: dict[str, Node] = field(default_factory=dict)

    def node(self, least: int) -> Node | None:
        """The node that begins at the next line, if it is indented by at least `least`."""
        line = self._next()
        if line is None or _indent(line) < least:
            return None
        indent = _indent(line)
        if re.match(r"-(\s|$)", line[indent:]):
            return self._sequence(indent)
        if _KEY.match(line[indent:]):
            return self._mapping(indent)
        number = self.place + 1
        self.place += 1
        return self._value(line[indent:], indent - 1, number)

    def _next(self) -> str | None:
        """The next line that says anything."""
        while self.place < len(self.lines):
            line = self.lines[self.place]
            stripped = line.strip()
            if stripped and not stripped.startswith(("#", "{{", "{%", "%")):
                return line
            self.place += 1
        return None

    def _sequence(self, indent: int) -> Node:
        items: list[Node] = []
        first = self.place + 1
        while (line := self._next()) is not None and _indent(line) == indent:
            item = re.match(r"-(\s+|$)", line[indent:])
            if item is None:
                break
            # The dash is indentation to what follows it.
            rest = " " * (indent + len(item[0])) + line[indent + len(item[0]) :]
            if rest.strip() and not rest.strip().startswith("#"):
                self.lines[self.place] = rest
                node = self.node(indent + 1)
            else:
                self.place += 1
                node = self.node(indent + 1)
            if node is not None:
                items.append(node)
            self._pass_over(indent)
        return Sequence(tuple(items), first)

    def _mapping(self, indent: int) -> Node:
        pairs: list[tuple[str, Node]] = []
        first = self.place + 1
        while (line := self._next()) is not None and _indent(line) == indent:
            found = _KEY.match(line[indent:])
            if found is None:
                break
            number = self.place + 1
            self.place += 1
            node = self._value(line[indent + found.end() :], indent, number)
            key = found["key"].strip("\"'")
            if key == "<<" and isinstance(node, Mapping):
                pairs[:0] = node.pairs
            elif node is not None:
                pairs.append((key, node))
            self._pass_over(indent)
        return Mapping(tuple(pairs), first)

    def _pass_over(self, indent: int) -> None:
        """Lines that belong to what came before, and could not be read."""
        while (line := self._next()) is not None and _indent(line) > indent:
            self.place += 1

    def _value(self, rest: str, indent: int, number: int) -> Node | None:
        rest = rest.strip()
        if anchor := re.match(r"&([\w.-]+)\s*", rest):
            node = self._value(rest[anchor.end() :], indent, number)
            if node is not None:
                self.anchors[anchor[1]] = node
            return node
        if rest.startswith("*"):
            return self.anchors.get(rest[1:].split()[0] if rest[1:].split() else "")
        if _BLOCK.match(rest):
            return self._block(indent, folded=rest.startswith(">"))
        if not rest or rest.startswith("#"):
            line = self._next()
            same = line is not None and re.match(r"\s*-(\s|$)", line) is not None
            return self.node(indent if same else indent + 1)
        if rest[0] in "[{" and not rest.startswith("{{"):
            return self._flow(rest, number)
        if rest[0] in "\"'":
            return Scalar(self._quoted(rest), number)
        return Scalar(self._plain(rest, indent), number)

    def _block(self, indent: int, *, folded: bool) -> Node:
        first = self.place + 1
        kept: list[str] = []
        while self.place < len(self.lines):
            line = self.lines[self.place]
            if line.strip() and _indent(line) <= indent:
                break
            kept.append(line)
            self.place += 1
        margin = min((_indent(line) for line in kept if line.strip()), default=0)
        kept = [line[margin:] for line in kept]
        return Scalar((" " if folded else "\n").join(kept).strip("\n"), first)

    def _plain(self, rest: str, indent: int) -> str:
        """A plain scalar goes on in the lines that are indented further."""
        words = [_without_comment(rest)]
        while self.place < len(self.lines):
            line = self.lines[self.place]
            if not line.strip() or _indent(line) <= indent or line.strip().startswith("#"):
                break
            words.append(_without_comment(line.strip()))
            self.place += 1
        return " ".join(words)

    def _quoted(self, rest: str) -> str:
        quote = rest[0]
        while _closing(rest, quote) < 0 and self.place < len(self.lines):
            rest += " " + self.lines[self.place].strip()
            self.place += 1
        inside = rest[1 : _closing(rest, quote)] if _closing(rest, quote) > 0 else rest[1:]
        if quote == "'":
            return inside.replace("''", "'")
        return re.sub(r"\\(.)", lambda m: {"n": "\n", "t": "\t"}.get(m[1], m[1]), inside)

    def _flow(self, rest: str, number: int) -> Node | None:
        while not _balanced(rest) and self.place < len(self.lines):
            rest += " " + self.lines[self.place].strip()
            self.place += 1
        try:
            return _flow_node(list(_flow_tokens(rest)), number)
        except (IndexError, ValueError):
            return None


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip(" "))


def _without_comment(text: str) -> str:
    return re.split(r"\s#", text, maxsplit=1)[0].rstrip()


def _closing(text: str, quote: str) -> int:
    """Where the quoted text that `text` begins with ends; -1 where it does not."""
    place = 1
    while place < len(text):
        if quote == '"' and text[place] == "\\":
            place += 2
        elif text[place] != quote:
            place += 1
        elif quote == "'" and text[place + 1 : place + 2] == "'":
            place += 2
        else:
            return place
    return -1


def _balanced(text: str) -> bool:
    bare = re.sub(r"\"(?:\\.|[^\"\\])*\"|'[^']*'", "", text)
    return bare.count("[") <= bare.count("]") and bare.count("{") <= bare.count("}")


_FLOW = re.compile(r"\s*(?:(\"(?:\\.|[^\"\\])*\"|'(?:''|[^'])*')|([\[\]{},])|(:)(?=\s|$)|#.*)")


def _flow_tokens(text: str) -> Iterator[tuple[str, str]]:
    """("text", scalar) or ("mark", one of []{},:)."""
    place = 0
    while place < len(text):
        found = _FLOW.match(text, place)
        if found is None:
            plain = re.compile(r"\s*(?:[^\[\]{},:#]|:(?=\S)|(?<=\S)#)+").match(text, place)
            if plain is None:
                return
            if plain[0].strip():
                yield "text", plain[0].strip()
            place = plain.end()
            continue
        if found[1]:
            body = found[1][1:-1]
            escaped = found[1][0] == '"'
            yield "text", re.sub(r"\\(.)", r"\1", body) if escaped else body.replace("''", "'")
        elif found[2] or found[3]:
            yield "mark", found[2] or found[3]
        place = found.end()


def _flow_node(tokens: list[tuple[str, str]], number: int) -> Node:
    """Takes the tokens of one node off the list. Raises IndexError or ValueError."""
    kind, text = tokens.pop(0)
    if kind == "text":
        return Scalar(text, number)
    if text == "[":
        items: list[Node] = []
        while tokens[0] != ("mark", "]"):
            items.append(_flow_node(tokens, number))
            if tokens[0] == ("mark", ","):
                tokens.pop(0)
        tokens.pop(0)
        return Sequence(tuple(items), number)
    if text == "{":
        pairs: list[tuple[str, Node]] = []
        while tokens[0] != ("mark", "}"):
            _, key = tokens.pop(0)
            if tokens.pop(0) != ("mark", ":"):
                raise ValueError(key)
            pairs.append((key, _flow_node(tokens, number)))
            if tokens[0] == ("mark", ","):
                tokens.pop(0)
        tokens.pop(0)
        return Mapping(tuple(pairs), number)
    raise ValueError(text)
