"""Where the SQLAlchemy models are written: tables and columns by file and line, read as text."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence
from pathlib import Path

from pgassay.facts.location import Location
from pgassay.sources.project_files import relative
from pgassay.sources.revision_file import is_revision_source

TableColumn = tuple[str, str]
"""(table, column), the column "" for the table itself"""


def read_model_locations(root: Path, files: Sequence[Path]) -> dict[TableColumn, Location]:
    """Declarative classes with a literal `__tablename__` and `Table("name", metadata, ...)`.

    What is computed at run time is not found; a finding then has no model location. The tables that
    revisions write down for their own use are no models.
    """
    found: dict[TableColumn, Location] = {}
    for path in files:
        if path.suffix != ".py":
            continue
        try:
            source = path.read_text("utf-8-sig")
            if "__tablename__" not in source and "Table(" not in source:
                continue
            if is_revision_source(source):
                continue
            module = ast.parse(source)
        except (OSError, SyntaxError, ValueError, RecursionError, MemoryError):
            continue
        shown = relative(path, root)
        for table, column, line in _written(module):
            found.setdefault((table, column), Location(shown, line))
    return found


def _written(module: ast.Module) -> Iterator[tuple[str, str, int]]:
    for node in ast.walk(module):
        if isinstance(node, ast.ClassDef):
            yield from _class(node)
        elif isinstance(node, ast.Call) and _called(node) == "Table" and node.args:
            table = _text(node.args[0])
            if table:
                yield table, "", node.lineno
                for argument in node.args[1:]:
                    if isinstance(argument, ast.Call) and _called(argument) == "Column":
                        column = _text(argument.args[0]) if argument.args else ""
                        if column:
                            yield table, column, argument.lineno


def _class(node: ast.ClassDef) -> Iterator[tuple[str, str, int]]:
    table = ""
    columns: list[tuple[str, int]] = []
    for statement in node.body:
        target, value = _assigned(statement)
        if target == "__tablename__" and value is not None:
            table = _text(value)
        elif (
            target and isinstance(value, ast.Call) and _called(value) in ("Column", "mapped_column")
        ):
            named = _text(value.args[0]) if value.args else ""
            columns.append((named or target, statement.lineno))
        elif target and isinstance(statement, ast.AnnAssign) and value is None:
            columns.append((target, statement.lineno))
    if table:
        yield table, "", node.lineno
        for column, line in columns:
            yield table, column, line


def _assigned(statement: ast.stmt) -> tuple[str, ast.expr | None]:
    if isinstance(statement, ast.AnnAssign) and isinstance(statement.target, ast.Name):
        return statement.target.id, statement.value
    if isinstance(statement, ast.Assign) and isinstance(statement.targets[0], ast.Name):
        return statement.targets[0].id, statement.value
    return "", None


def _called(call: ast.Call) -> str:
    function = call.func
    return function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")


def _text(node: ast.expr) -> str:
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else ""
