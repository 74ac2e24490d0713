"""Where Python code is written for people: docstrings and comments."""

from __future__ import annotations

import ast
import tokenize
from collections.abc import Iterator


def prose_of_python(text: str) -> tuple[tuple[int, int], ...]:
    """The lines, first and last, of comments that stand alone and of strings that are nobody's
    value; none for what cannot be parsed."""
    try:
        return (*_docstrings(ast.parse(text)), *_comments(text))
    except (SyntaxError, ValueError, RecursionError, MemoryError, tokenize.TokenError):
        return ()


def _docstrings(tree: ast.Module) -> Iterator[tuple[int, int]]:
    for node in ast.walk(tree):
        match node:
            case ast.Expr(value=ast.Constant(value=str())):
                yield node.lineno, node.end_lineno or node.lineno


def _comments(text: str) -> Iterator[tuple[int, int]]:
    lines = iter([f"{line}\n" for line in text.split("\n")])
    for token in tokenize.generate_tokens(lambda: next(lines, "")):
        if token.type == tokenize.COMMENT and not token.line[: token.start[1]].strip():
            yield token.start[0], token.start[0]
