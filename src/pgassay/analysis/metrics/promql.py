"""The metric names in a PromQL expression.

Prometheus' language: https://prometheus.io/docs/prometheus/latest/querying/basics/. Grafana and
Helm put variables and templates into it; a name that one of them is part of is not told.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

_HOLE = "\0"
_TEMPLATE = re.compile(r"\{\{.*?\}\}|\$\{[^}]*\}|\$\w+|\[\[\w+\]\]", re.DOTALL)
_TOKEN = re.compile(
    r"""(?P<string>"(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*'|`[^`]*`)"""
    r"|(?P<comment>\#[^\n]*)"
    r"|(?P<range>\[[^\]]*\])"
    r"|(?P<number>\.?\d[\w.]*)"
    rf"|(?P<word>[A-Za-z_:{_HOLE}][\w:{_HOLE}]*)"
    r"|(?P<sign>\S)",
    re.DOTALL,
)
_AGGREGATIONS = re.compile(
    r"avg|bottomk|count|count_values|group|limit_ratio|limitk|max|min|quantile|stddev|stdvar|sum|topk",
    re.IGNORECASE,
)
_GROUPINGS = re.compile(r"by|group_left|group_right|ignoring|on|without", re.IGNORECASE)
_OTHER_WORDS = re.compile(r"and|atan2|bool|inf|nan|offset|or|unless", re.IGNORECASE)


def metric_names(expression: str) -> tuple[str, ...]:
    """Each once, in order. None of an expression that is not PromQL but LogQL, which has pipes."""
    tokens = [
        (str(found.lastgroup), found[0])
        for found in _TOKEN.finditer(_TEMPLATE.sub(_HOLE, expression))
        if found.lastgroup != "comment"
    ]
    if ("sign", "|") in tokens:
        return ()
    return tuple(dict.fromkeys(_names(tokens)))


def _names(tokens: list[tuple[str, str]]) -> Iterator[str]:
    place = 0
    while place < len(tokens):
        kind, text = tokens[place]
        following = tokens[place + 1][1] if place + 1 < len(tokens) else ""
        place += 1
        if text == "{":
            end = _end(tokens, place, "}")
            yield from _by_label(tokens[place:end])
            place = end + 1
        elif kind != "word":
            continue
        elif _GROUPINGS.fullmatch(text):
            # `group_left` may have no list.
            place = _end(tokens, place, ")") + 1 if following == "(" else place
        elif not (
            following == "("
            or _OTHER_WORDS.fullmatch(text)
            or (_AGGREGATIONS.fullmatch(text) and _GROUPINGS.fullmatch(following))
            or _HOLE in text
        ):
            yield text


def _end(tokens: list[tuple[str, str]], place: int, sign: str) -> int:
    """Where the first of that sign is; the end where there is none."""
    ends = (n for n in range(place, len(tokens)) if tokens[n] == ("sign", sign))
    return next(ends, len(tokens))


def _by_label(matchers: list[tuple[str, str]]) -> Iterator[str]:
    """`{__name__="up"}` names a metric too."""
    for place, (_, text) in enumerate(matchers):
        after = matchers[place + 1 : place + 3]
        if (
            text == "__name__"
            and len(after) == 2
            and after[0][1] == "="
            and after[1][0] == "string"
        ):
            name = after[1][1][1:-1]
            if re.fullmatch(r"[A-Za-z_:][\w:]*", name):
                yield name
