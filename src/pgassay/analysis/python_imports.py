"""Adding an import to a Python text, where a formatter would have it, and taking one out."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Collection, Sequence
from typing import Any

from pgassay.analysis.line_ends import lines_of
from pgassay.analysis.text_edits import Places, edited

_Import = ast.Import | ast.ImportFrom

_STANDARD = frozenset(
    """
    abc base64 collections contextlib copy dataclasses datetime decimal enum functools hashlib
    inspect ipaddress itertools json logging math operator os pathlib random re secrets string
    sys time types typing uuid warnings zoneinfo
    """.split()  # noqa: SIM905
)
"""What modules with models import of the standard library, which comes before all others."""


def line_width(text: str) -> int:
    """How long the text lets its lines be: as its longest, from 79 to 120 characters."""
    return min(120, max([79, *(len(line) for line in text.splitlines())]))


def importing(text: str, module: str, names: Collection[str]) -> str:
    """The text with `from module import names`: in the statement that imports from the module
    already, else in a line of its own after the last import of that package, or after them all;
    the standard library's in their order."""
    statements = _at_the_top(ast.parse(text))
    here = next((n for n in statements if _is_from(n, module)), None)
    there = {a.asname or a.name for a in here.names} if here is not None else set()
    lacking = sorted(set(names) - there, key=_order)
    if not lacking:
        return text
    if here is not None:
        for name in lacking:
            text = _with_name(text, module, name)
        return text
    lines = lines_of(text)
    package = module.partition(".")[0]
    line = _statement(module, lacking, line_width(text))
    if package in _STANDARD:
        place, line = _standard_place(statements, module, line)
    else:
        ours = [n for n in statements if _module(n).partition(".")[0] == package]
        last = next(reversed(ours or statements), None)
        place = (last.end_lineno or last.lineno) if last is not None else 0
    lines[place:place] = line
    return "".join(lines)


def without_import(text: str, module: str, name: str, *, keep_statement: bool = False) -> str:
    """The text without `name` in its `from module import`, where it speaks of it nowhere else.
    `keep_statement`: only where more is imported there."""
    tree = ast.parse(text)
    found = next((n for n in _at_the_top(tree) if _is_from(n, module)), None)
    alias = next((a for a in found.names if a.name == name), None) if found is not None else None
    if found is None or alias is None or _is_used(tree, alias.asname or alias.name):
        return text
    places = Places(text)
    end = places.end(found)
    if len(found.names) == 1:
        if keep_statement or not places.is_first(found):
            return text
        rest = re.compile(r"[ \t]*(?:#.*)?(?:\n|$)").match(text, end)
        return text[: places.start(found)] + text[rest.end() :] if rest is not None else text
    at = found.names.index(alias)
    line = re.compile(r"[ \t]*,[ \t]*(?:#.*)?\n").match(text, places.end(alias))
    if places.is_first(alias) and line is not None:
        return text[: text.rindex("\n", 0, places.start(alias)) + 1] + text[line.end() :]
    if alias is found.names[-1]:
        return text[: places.end(found.names[at - 1])] + text[places.end(alias) :]
    return text[: places.start(alias)] + text[places.start(found.names[at + 1]) :]


def imported(text: str) -> dict[str, str]:
    """What the names that the text imports at its top stand for: `{"sa": "sqlalchemy", "date_type":
    "datetime.date"}`. A module of the same package begins with a dot."""
    found: dict[str, str] = {}
    for node in ast.parse(text).body:
        if isinstance(node, ast.Import):
            found |= {a.asname or a.name: a.name for a in node.names}
        elif isinstance(node, ast.ImportFrom):
            module = "." * node.level + (node.module or "")
            found |= {a.asname or a.name: f"{module}.{a.name}" for a in node.names}
    return found


def _at_the_top(module: ast.Module) -> list[_Import]:
    """The imports before the first class or function: what comes later is not known in it yet."""
    found: list[_Import] = []
    for node in module.body:
        if isinstance(node, ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
            break
        if isinstance(node, _Import):
            found.append(node)
    return found


def _is_used(tree: ast.Module, name: str) -> bool:
    """Whether code or a text, which may be an annotation, has the name."""
    word = re.compile(rf"\b{name}\b")
    return any(
        (isinstance(n, ast.Name) and n.id == name)
        or (isinstance(n, ast.Constant) and isinstance(n.value, str) and word.search(n.value))
        for n in ast.walk(tree)
    )


def _with_name(text: str, module: str, name: str) -> str:
    """With one more name in the statement that imports from the module."""
    here = next(n for n in _at_the_top(ast.parse(text)) if _is_from(n, module))
    places, width = Places(text), line_width(text)
    written = [f"{a.name} as {a.asname}" if a.asname else a.name for a in here.names]
    at = len(written)
    for order in (_order, str.lower):
        key: Callable[[str], Any] = order
        if written == sorted(written, key=key):
            at = sum(key(other) < key(name) for other in written)
            break
    text = edited(text, places.inserted(here.names, at, [name]))
    lines = lines_of(text)
    line_now = lines[here.lineno - 1]
    if len(line_now) > width and not re.search(r"[(#;\\]", line_now):
        lines[here.lineno - 1 : here.lineno] = _statement(module, [*written, name], width)
    return "".join(lines)


def _standard_place(
    statements: Sequence[_Import], module: str, line: list[str]
) -> tuple[int, list[str]]:
    """Where in the standard library's section, which is made where there is none."""
    future = [n for n in statements if _module(n) == "__future__"]
    standard = [n for n in statements if _module(n).partition(".")[0] in _STANDARD]
    key = (True, module)
    before = [n for n in standard if (isinstance(n, ast.ImportFrom), _module(n)) < key]
    if before:
        return before[-1].end_lineno or before[-1].lineno, line
    if standard:
        return standard[0].lineno - 1, line
    if future:
        return future[-1].end_lineno or future[-1].lineno, ["\n", *line]
    return (statements[0].lineno - 1, [*line, "\n"]) if statements else (0, line)


def _statement(module: str, names: Collection[str], width: int) -> list[str]:
    ordered = sorted(names, key=_order)
    line = f"from {module} import {', '.join(ordered)}\n"
    if len(line) <= width:
        return [line]
    return [f"from {module} import (\n", *(f"    {name},\n" for name in ordered), ")\n"]


def _order(name: str) -> tuple[int, str]:
    """Constants, classes, functions, as isort has them."""
    kind = 0 if name.isupper() else 1 if name[:1].isupper() else 2
    return kind, name


def _is_from(node: _Import, module: str) -> bool:
    is_it = isinstance(node, ast.ImportFrom) and node.module == module and not node.level
    return is_it and all(a.name != "*" for a in node.names)


def _module(node: _Import) -> str:
    return (node.module or "") if isinstance(node, ast.ImportFrom) else node.names[0].name
