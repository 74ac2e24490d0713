"""Adding an import to a Python text, where a formatter would have it."""

from __future__ import annotations

import ast
from collections.abc import Collection


def line_width(text: str) -> int:
    """How long the text lets its lines be: as its longest, from 79 to 120 characters."""
    return min(120, max([79, *(len(line) for line in text.splitlines())]))


def importing(text: str, module: str, names: Collection[str]) -> str:
    """The text with `from module import names`: in the statement that imports from the module
    already, else in a line of its own after the last import of that package, or after them all."""
    statements = [n for n in ast.parse(text).body if isinstance(n, ast.Import | ast.ImportFrom)]
    here = next((n for n in statements if _is_from(n, module)), None)
    there = {a.asname or a.name for a in here.names} if here is not None else set()
    if not set(names) - there:
        return text
    lines = text.splitlines(keepends=True)
    if here is not None:
        written = {(f"{a.name} as {a.asname}" if a.asname else a.name) for a in here.names}
        lines[here.lineno - 1 : here.end_lineno] = _statement(
            module, written | set(names), line_width(text)
        )
        return "".join(lines)
    package = module.partition(".")[0]
    ours = [n for n in statements if _module(n).partition(".")[0] == package]
    last = next(reversed(ours or statements), None)
    place = (last.end_lineno or last.lineno) if last is not None else 0
    lines[place:place] = _statement(module, set(names), line_width(text))
    return "".join(lines)


def imported(text: str) -> dict[str, str]:
    """What the names that the text imports at its top stand for: `{"sa": "sqlalchemy", "date_type":
    "datetime.date"}`."""
    found: dict[str, str] = {}
    for node in ast.parse(text).body:
        if isinstance(node, ast.Import):
            found |= {a.asname or a.name: a.name for a in node.names}
        elif isinstance(node, ast.ImportFrom):
            found |= {a.asname or a.name: f"{node.module}.{a.name}" for a in node.names}
    return found


def _statement(module: str, names: set[str], width: int) -> list[str]:
    ordered = sorted(names, key=_order)
    line = f"from {module} import {', '.join(ordered)}\n"
    if len(line) <= width:
        return [line]
    return [f"from {module} import (\n", *(f"    {name},\n" for name in ordered), ")\n"]


def _order(name: str) -> tuple[int, str]:
    """Constants, classes, functions, as isort has them."""
    kind = 0 if name.isupper() else 1 if name[:1].isupper() else 2
    return kind, name


def _is_from(node: ast.Import | ast.ImportFrom, module: str) -> bool:
    is_it = isinstance(node, ast.ImportFrom) and node.module == module and not node.level
    return is_it and all(a.name != "*" for a in node.names)


def _module(node: ast.Import | ast.ImportFrom) -> str:
    return (node.module or "") if isinstance(node, ast.ImportFrom) else node.names[0].name
