"""How a call is laid out in a Python text."""

from __future__ import annotations

import ast
from collections.abc import Sequence

from pgassay.analysis.text_edits import Places, TextEdit, edited


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
