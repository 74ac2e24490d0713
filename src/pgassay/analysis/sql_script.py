"""Splitting an SQL text into its statements, as psql does (psqlscan.l in PostgreSQL's source).

Dollar quotes, nested comments, escape strings, bodies between BEGIN ATOMIC and END, statements in
parentheses (CREATE RULE), the data of COPY FROM STDIN, and psql's backslash commands are known.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

PieceKind = Literal["sql", "meta", "data"]


@dataclass(frozen=True, slots=True)
class Piece:
    """`line` counts from 1. A "meta" is one backslash command; "data" are the lines that a COPY
    before it reads, without the end mark."""

    kind: PieceKind
    text: str
    line: int


_PART = re.compile(
    r"""
      (?P<space>\s+)
    | (?P<comment>--[^\n]*)
    | (?P<nested>/\*)
    | (?P<escape>[eE]'[^'\\]*(?:(?:''|\\.)[^'\\]*)*(?:'|\Z))
    | (?P<string>'[^']*(?:''[^']*)*(?:'|\Z))
    | (?P<quoted>"[^"]*(?:""[^"]*)*(?:"|\Z))
    | (?P<dollar>(?P<tag>\$(?:[^\W\d]\w*)?\$).*?(?:(?P=tag)|\Z))
    | (?P<word>[^\W\d][\w$]*)
    | (?P<number>\d\w*)
    | (?P<meta>\\[^\n]*)
    | (?P<sign>.)
    """,
    re.VERBOSE | re.DOTALL,
)
_COPY_IN = re.compile(r"COPY\b.*\bFROM\s+STDIN\b", re.IGNORECASE | re.DOTALL)
_ENDING = re.compile(r"\\(?:g|gx|gexec|gset|gdesc|crosstabview|watch|bind)\b")
_ROUTINE = re.compile(r"create\s+(?:or\s+replace\s+)?(?:function|procedure)\b", re.IGNORECASE)


def pieces(text: str, *, psql: bool = True) -> Iterator[Piece]:
    """The pieces in order, comments between them left out. Without `psql`, a backslash is a sign
    like any other, as it is for every tool but psql."""
    return iter(_Splitter(text, psql).pieces())


class _Splitter:
    def __init__(self, text: str, psql: bool) -> None:
        self._text = text.removeprefix("\ufeff")
        self._psql = psql
        self._found: list[Piece] = []
        self._counted = (0, 1)
        self._reset()

    def _reset(self) -> None:
        self._start, self._parentheses, self._bodies = -1, 0, 0
        self._routine: bool | None = None

    def pieces(self) -> list[Piece]:
        place = 0
        while (match := _PART.match(self._text, place)) is not None:
            place = self._take(match)
        self._end(len(self._text))
        return self._found

    def _take(self, match: re.Match[str]) -> int:
        kind, text, end = match.lastgroup, match.group(), match.end()
        if match["space"] or match["comment"]:
            return end
        if match["nested"]:
            return self._after_comment(match.start())
        if match["meta"]:
            return self._meta(match)
        if text == ";" and kind == "sign" and not (self._parentheses or self._bodies):
            return self._statement_ends(match)
        if self._start < 0:
            self._start = match.start()
        if match["word"]:
            self._count_bodies(text.lower())
        elif kind == "sign":
            self._parentheses = max(0, self._parentheses + (text == "(") - (text == ")"))
        return end

    def _count_bodies(self, word: str) -> None:
        """BEGIN ... END counts in a routine alone, and CASE ... END only inside of it."""
        if word not in ("begin", "case", "end"):
            return
        if self._routine is None:
            self._routine = _ROUTINE.match(self._text, self._start) is not None
        if self._routine and (word == "begin" or (word == "case" and self._bodies)):
            self._bodies += 1
        elif word == "end" and self._bodies:
            self._bodies -= 1

    def _after_comment(self, start: int) -> int:
        depth, place = 1, start + 2
        while depth and (mark := re.compile(r"/\*|\*/").search(self._text, place)):
            depth += 1 if mark.group() == "/*" else -1
            place = mark.end()
        return place if not depth else len(self._text)

    def _meta(self, match: re.Match[str]) -> int:
        if not self._psql:
            if self._start < 0:
                self._start = match.start()
            return match.start() + 1
        command = match.group()
        if command.startswith("\\\\"):
            return match.start() + 2
        if _ENDING.match(command):
            self._end(match.start())
        self._found.append(Piece("meta", command.rstrip(), self._line(match.start())))
        return match.end()

    def _statement_ends(self, match: re.Match[str]) -> int:
        statement = self._end(match.start())
        if statement is None or not _COPY_IN.match(statement.text):
            return match.end()
        begin = self._text.find("\n", match.end()) + 1 or len(self._text)
        mark = re.compile(r"^\\\.[ \t\r]*(?:\n|\Z)", re.MULTILINE).search(self._text, begin)
        end = mark.start() if mark else len(self._text)
        self._found.append(Piece("data", self._text[begin:end], self._line(begin)))
        return mark.end() if mark else end

    def _end(self, place: int) -> Piece | None:
        piece = None
        if self._start >= 0:
            text = self._text[self._start : place].rstrip()
            piece = Piece("sql", text, self._line(self._start))
            self._found.append(piece)
        self._reset()
        return piece

    def _line(self, place: int) -> int:
        """Asked for in rising order, so that each sign is looked at once."""
        at, line = self._counted
        line += self._text.count("\n", at, place)
        self._counted = (place, line)
        return line
