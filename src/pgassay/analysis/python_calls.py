"""A call in a Python text: what it is given, and how that is laid out."""

from __future__ import annotations

import ast
from collections.abc import Sequence

from pgassay.analysis.text_edits import Places, TextEdit, edited


def is_written_out(node: ast.expr) -> bool:
    """Without `*arguments` and `**arguments`."""
    if not isinstance(node, ast.Call):
        return True
    return not any(isinstance(a, ast.Starred) for a in node.args) and all(
        k.arg is not None for k in node.keywords
    )


def keyword(call: ast.Call, name: str) -> ast.expr | None:
    return next((k.value for k in call.keywords if k.arg == name), None)


def with_arguments(places: Places, call: ast.Call, at: int, new: Sequence[str]) -> list[TextEdit]:
    """What gives a call more arguments, before number `at`."""
    given = _arguments(call)
    if not given:
        end = places.end(call) - 1
        return [TextEdit(end, end, ", ".join(new))]
    return places.inserted(given, at, new)


def wrapped(text: str, declaring: ast.stmt | ast.Call, width: int) -> str:
    """The text with a statement `name = call(...)`, or a call, over several lines, if it is on one
    of its own that is too long."""
    call = declaring if isinstance(declaring, ast.Call) else getattr(declaring, "value", None)
    places = Places(text)
    start, end = places.start(declaring), places.end(declaring)
    line = text.rfind("\n", 0, start) + 1
    if not isinstance(call, ast.Call) or not places.is_first(declaring):
        return text
    if declaring.lineno != declaring.end_lineno or end + text.startswith(",", end) - line <= width:
        return text
    given = [places.segment(node) for node in _arguments(call)]
    outer = text[line:start]
    inner = outer + ("\t" if "\t" in outer else outer[:4] or " " * 4)
    together = f"{inner}{', '.join(given)}\n"
    if len(together) - 1 > width:
        together = "".join(f"{inner}{argument},\n" for argument in given)
    opened = text.index("(", places.end(call.func)) + 1
    return edited(text, [TextEdit(opened, places.end(call) - 1, f"\n{together}{outer}")])


def _arguments(call: ast.Call) -> list[ast.expr | ast.keyword]:
    """All of them, as they are written."""
    given: list[ast.expr | ast.keyword] = [*call.args, *call.keywords]
    return sorted(given, key=lambda node: (node.lineno, node.col_offset))
