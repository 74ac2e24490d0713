"""Reading env.py without executing it."""

from __future__ import annotations

import ast
from pathlib import Path

from pgassay.facts.catalog import TableName


def read_version_table(path: Path) -> TableName:
    """The (schema, table) that the `context.configure()` calls in env.py name.

    Alembic's default where they name none, or not as text or a name for a text.
    """
    schema, table = "", "alembic_version"
    try:
        module = ast.parse(path.read_bytes())
    except (OSError, SyntaxError, ValueError, RecursionError, MemoryError):
        return (schema, table)
    texts = {
        target.id: node.value.value
        for node in ast.walk(module)
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.Constant)
        for target in node.targets
        if isinstance(target, ast.Name) and isinstance(node.value.value, str)
    }
    for node in ast.walk(module):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute | ast.Name):
            called = node.func.attr if isinstance(node.func, ast.Attribute) else node.func.id
            for keyword in node.keywords if called == "configure" else ():
                value = _text(keyword.value, texts)
                if value and keyword.arg == "version_table":
                    table = value
                elif value and keyword.arg == "version_table_schema":
                    schema = value
    return (schema, table)


def _text(node: ast.expr, texts: dict[str, str]) -> str:
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return node.value
    return texts.get(node.id, "") if isinstance(node, ast.Name) else ""
