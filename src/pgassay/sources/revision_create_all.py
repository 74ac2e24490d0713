"""Whether a revision file makes its tables from models that it imports."""

from __future__ import annotations

import ast

_LIBRARIES = frozenset(("alembic", "sqlalchemy"))


def create_all_line(module: ast.Module) -> int | None:
    """The line of `Base.metadata.create_all` in anything but `downgrade()`, where Base is imported;
    None where there is none. A MetaData that the file makes itself stays as it is."""
    imported = {
        alias.asname or alias.name.partition(".")[0]
        for node in ast.walk(module)
        if isinstance(node, ast.Import | ast.ImportFrom)
        for alias in node.names
        if _package(node, alias) not in _LIBRARIES
    }
    for statement in module.body:
        if isinstance(statement, ast.FunctionDef) and statement.name == "downgrade":
            continue
        for node in ast.walk(statement):
            if isinstance(node, ast.Attribute) and node.attr == "create_all":
                root: ast.expr = node.value
                while isinstance(root, ast.Attribute):
                    root = root.value
                if isinstance(root, ast.Name) and root.id in imported:
                    return node.lineno
    return None


def _package(node: ast.Import | ast.ImportFrom, alias: ast.alias) -> str:
    named = node.module or "" if isinstance(node, ast.ImportFrom) else alias.name
    return named.partition(".")[0]
