"""The expression by which a statement gives a column's values another type."""

from __future__ import annotations

import re

from pgassay.analysis.sql_tokens import Token
from pgassay.analysis.statement_split import body, plain, statements

_ALTERS = re.compile(r"\bALTER\b.*\bTYPE\b", re.IGNORECASE | re.DOTALL)
_HIDES = re.compile(r"\b(?:USING|EXECUTE|PERFORM|CALL)\b", re.IGNORECASE)
_TIGHT = frozenset((".", "::", "(", "["))
_CLOSING = frozenset((".", "::", ")", "]", ",", "[", "("))


def using(sql: str, column: str) -> str | None:
    """ "" where the statement has none for the column; None where its text does not tell, as that
    of a function that is called does not."""
    split = statements(sql)
    if not split:
        return None
    if len(split) == 1 and (inner := body(split[0])):
        # What a block runs may be put together, or be another's work.
        plainly = _ALTERS.search(inner) and not _HIDES.search(inner)
        return "" if plainly else None
    if len(split) != 1 or plain(split[0])[:2] != ("alter", "table"):
        return None
    found = [
        expression
        for action in _actions(split[0])
        if (expression := _expression(action, column)) is not None
    ]
    return found[0] if len(found) == 1 else None


def _actions(statement: tuple[Token, ...]) -> list[tuple[Token, ...]]:
    split: list[list[Token]] = [[]]
    depth = 0
    for token in statement:
        depth += (token.text in ("(", "[")) - (token.text in (")", "]"))
        if token.text == "," and depth == 0:
            split.append([])
        else:
            split[-1].append(token)
    return [tuple(action) for action in split]


def _expression(action: tuple[Token, ...], column: str) -> str | None:
    """None where the action does not give the column a type."""
    words = plain(action)
    for at in range(len(words) - 1):
        rest = words[at + 1 :]
        if words[at] != column or not (rest[0] == "type" or rest[:3] == ("set", "data", "type")):
            continue
        depth = 0
        for place in range(at + 1, len(action)):
            depth += (words[place] in ("(", "[")) - (words[place] in (")", "]"))
            if depth == 0 and action[place] == Token("word", "using"):
                return _text(action[place + 1 :])
        return ""
    return None


def _text(tokens: tuple[Token, ...]) -> str:
    text = ""
    for last, token in zip((None, *tokens), tokens, strict=False):
        called = token.text in ("(", "[") and last is not None and last.kind in ("word", "quoted")
        close = last is None or last.text in _TIGHT
        close = close or (token.text in _CLOSING and (token.text not in ("(", "[") or called))
        text += ("" if close else " ") + token.text
    return text
