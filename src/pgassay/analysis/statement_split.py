"""The statements in an SQL text that somebody wrote, as tokens."""

from __future__ import annotations

import re

from pgassay.analysis.sql_tokens import Token, tokens

Words = tuple[str, ...]

_COMMENT = re.compile(
    r"""
      (?P<kept>
        \b[eE]'(?:[^'\\]|''|\\.)*' | '(?:[^']|'')*' | "(?:[^"]|"")*"
      | (?P<tag>\$(?:[^\W\d]\w*)?\$).*?(?P=tag))
    | --[^\n]* | /\*.*?\*/
    """,
    re.VERBOSE | re.DOTALL,
)


def statements(sql: str) -> tuple[tuple[Token, ...], ...] | None:
    """Split at each `;` outside of parentheses, without comments. None: not understood, as a
    comment in a comment is not."""
    found = tokens(_COMMENT.sub(lambda m: m.group("kept") or " ", sql))
    if found is None or any(t.kind == "sign" and "*/" in t.text for t in found):
        return None
    split: list[list[Token]] = [[]]
    depth = 0
    for token in found:
        depth += (token.text in ("(", "[")) - (token.text in (")", "]"))
        if token.text == ";" and depth == 0:
            split.append([])
        else:
            split[-1].append(token)
    return tuple(tuple(statement) for statement in split if statement)


def plain(statement: tuple[Token, ...]) -> Words:
    """A word as PostgreSQL folds it; a quoted name without its quotes; strings as they are."""
    return tuple(
        t.text[1:-1].replace('""', '"') if t.kind == "quoted" and t.text[0] == '"' else t.text
        for t in statement
    )


def body(statement: tuple[Token, ...]) -> str:
    """What stands in a DO statement's string; "" for any other statement."""
    if not statement or statement[0] != Token("word", "do"):
        return ""
    text = next((t.text for t in statement if t.kind == "string"), "")
    if text.startswith("$"):
        tag = text[: text.index("$", 1) + 1]
        return text[len(tag) : -len(tag)]
    return text[text.index("'") + 1 : -1].replace("''", "'") if text else ""
