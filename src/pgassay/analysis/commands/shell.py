"""Shell texts: the simple commands in them, with the variables and the folder that hold there."""

from __future__ import annotations

import posixpath
import re
import shlex
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise

from pgassay.analysis.commands.migration_call import Given, MigrationCall, Surroundings
from pgassay.analysis.commands.migration_tool import migration_call
from pgassay.analysis.commands.python import python_calls

_ASSIGNMENT = re.compile(r"([A-Za-z_]\w*)=(.*)", re.DOTALL)
_HEREDOC = re.compile(r"<<-?\s*(['\"]?)(\w+)\1")
_ENDS = frozenset(("&&", "||", ";", "|", "&", "(", ")", ";;", "|&", "{", "}", "\n"))
_LEADING = frozenset(
    (
        "if",
        "then",
        "else",
        "elif",
        "do",
        "while",
        "until",
        "!",
        "time",
        "exec",
        "sudo",
        "command",
        "env",
        "cross-env",
        "nohup",
    )
)
_SHELLS = frozenset(("sh", "bash", "ash", "dash", "zsh", "su", "ssh", "docker", "docker-compose"))
_LONGEST_QUOTE = 80


def shell_calls(text: str, first_line: int, around: Surroundings) -> list[MigrationCall]:
    """The migrations that a script runs. Text that cannot be split into words is passed over."""
    return _Script(around).read(text, first_line)


def word_calls(words: Sequence[str], line: int, around: Surroundings) -> list[MigrationCall]:
    """The same for a command in exec form, such as `["sh", "-c", "alembic upgrade head"]`."""
    return _Script(around).run(list(words), line)


@dataclass(slots=True)
class _Script:
    around: Surroundings
    given: dict[str, Given] = field(default_factory=dict)

    def read(self, text: str, first_line: int) -> list[MigrationCall]:
        found: list[MigrationCall] = []
        for line, logical, body, body_line in _logical_lines(text, first_line):
            try:
                words = _words(logical)
            except ValueError:
                continue
            for command in _commands(words):
                if body and _is_python(command):
                    found += python_calls(body, body_line, self._here({}))
                else:
                    found += self.run(command, line)
        return found

    def run(self, words: list[str], line: int) -> list[MigrationCall]:
        """One simple command; what it exports or where it goes holds for those after it."""
        own: dict[str, Given] = {}
        words = [w for w in words if w != "\n"]
        while words:
            assigned = _ASSIGNMENT.fullmatch(words[0])
            if assigned:
                own[assigned[1]] = Given(assigned[1], _value(assigned[2]), line)
            elif words[0] not in _LEADING:
                break
            words = words[1:]
        if not words:
            self.given |= own
            return []
        match words[0]:
            case "export" | "declare" | "readonly":
                for word in words[1:]:
                    if assigned := _ASSIGNMENT.fullmatch(word):
                        self.given[assigned[1]] = Given(assigned[1], _value(assigned[2]), line)
                return []
            case "cd" | "pushd":
                self.around = replace(self.around, folder=_gone(self.around.folder, words[1:]))
                return []
            case "source" | ".":
                self.around = replace(self.around, open=True)
                return []
        here = self._here(own)
        if inside := _inside(words):
            return _Script(here).read(inside, line)
        if _is_python(words) and "-c" in words[:-1]:
            return python_calls(words[words.index("-c") + 1], line, here)
        alone = {name: replace(given, alone=True) for name, given in own.items()}
        call = migration_call(words, line, " ".join(words), self._here(alone))
        return [call] if call else []

    def _here(self, own: dict[str, Given]) -> Surroundings:
        known = {v.name: v for v in self.around.variables} | self.given | own
        return replace(self.around, variables=tuple(known.values()))


def _inside(words: Sequence[str]) -> str:
    """The script in `sh -c "..."`, `su -c`, `ssh host "..."` or `docker run image sh -c "..."`."""
    if words[0].rpartition("/")[2] not in _SHELLS:
        return ""
    for before, word in pairwise(words):
        if before.startswith("-") and before.endswith("c") and (" " in word or "\n" in word):
            return word
    return words[-1] if words[0] == "ssh" and " " in words[-1] else ""


def _is_python(words: Sequence[str]) -> bool:
    return any(re.fullmatch(r"(.*/)?python[\d.]*", word) for word in words[:6])


def _gone(folder: str | None, to: Sequence[str]) -> str | None:
    """Where `cd` leads. `cd "$(dirname "$0")/.."` and its like cannot be told."""
    if folder is None or len(to) != 1 or any(c in to[0] for c in "$`~*"):
        return None
    if to[0].startswith("/"):
        return None
    gone = posixpath.normpath(posixpath.join(folder or ".", to[0]))
    return None if gone.startswith("..") else ("" if gone == "." else gone)


def _value(text: str) -> str:
    return "" if text.startswith(("$", "`")) else text


def _logical_lines(text: str, first: int) -> Iterator[tuple[int, str, str, int]]:
    """(line, text with continuations joined, here-document, its first line)."""
    lines = text.splitlines()
    place = 0
    while place < len(lines):
        start = place
        logical = lines[place]
        while place - start < _LONGEST_QUOTE and place + 1 < len(lines) and _goes_on(logical):
            place += 1
            if logical.endswith("\\") and not _uncommented(logical)[1]:
                logical = logical[:-1] + " " + lines[place].lstrip()
            else:
                logical += "\n" + lines[place]
        if place - start >= _LONGEST_QUOTE:
            place, logical = start, ""
        place += 1
        body: list[str] = []
        body_line = first + place
        if here := _HEREDOC.search(logical):
            while place < len(lines) and lines[place].strip() != here[2]:
                body.append(lines[place])
                place += 1
            place += 1
            logical = logical[: here.start()] + logical[here.end() :]
        yield first + start, logical, "\n".join(body), body_line


def _goes_on(text: str) -> bool:
    read, quote = _uncommented(text)
    return bool(quote) or read.endswith("\\")


def _uncommented(text: str) -> tuple[str, str]:
    """`text` without its comments, and the quote that is open at its end."""
    kept: list[str] = []
    quote = ""
    place = 0
    while place < len(text):
        char = text[place]
        if char == "\\" and quote != "'":
            kept.append(text[place : place + 2])
            place += 2
            continue
        if quote:
            quote = "" if char == quote else quote
        elif char in "'\"":
            quote = char
        elif char == "#" and (not kept or kept[-1][-1] in " \t\n;&|()"):
            end = text.find("\n", place)
            place = len(text) if end < 0 else end
            continue
        kept.append(char)
        place += 1
    return "".join(kept), quote


def _words(line: str) -> list[str]:
    """Raises ValueError for an open quote."""
    lexer = shlex.shlex(_uncommented(line)[0], posix=True, punctuation_chars="();<>|&")
    lexer.whitespace_split = True
    lexer.commenters = ""
    return list(lexer)


def _commands(words: Sequence[str]) -> Iterator[list[str]]:
    """The simple commands, without redirections."""
    command: list[str] = []
    skip = False
    for word in words:
        if skip:
            skip = False
        elif word in _ENDS:
            if command:
                yield command
            command = []
        elif set(word) <= set("<>&|"):
            skip = True
        elif set(word) <= set("();<>|&"):
            if command:
                yield command
            command = []
        else:
            command.append(word)
    if command:
        yield command
