"""The tables and columns that a module's text writes as models."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass

from pgassay.analysis.commands.python import called, text_of
from pgassay.analysis.python_calls import keyword


@dataclass(frozen=True, slots=True)
class WrittenColumn:
    """`column` is "" for the table itself. `node` is what declares it: the statement in a class, or
    the call of `Column` in a `Table(...)`. Of a SQLModel every annotated name is a column."""

    table: str
    column: str
    node: ast.stmt | ast.Call
    of_sqlmodel: bool = False


def written_columns(module: ast.Module) -> Iterator[WrittenColumn]:
    """Those of declarative classes with a literal `__tablename__`, of SQLModel's tables, and of
    `Table("name", metadata, ...)`. What is computed at run time is not found."""
    for node in ast.walk(module):
        if isinstance(node, ast.ClassDef):
            yield from _class(node)
        elif isinstance(node, ast.Call) and called(node) == "Table" and node.args:
            table = text_of(node.args[0])
            if table:
                yield WrittenColumn(table, "", node)
                columns = [a for a in node.args[1:] if isinstance(a, ast.Call)]
                for call in columns:
                    if called(call) == "Column" and (column := _named(call)):
                        yield WrittenColumn(table, column, call)


def _class(node: ast.ClassDef) -> Iterator[WrittenColumn]:
    of_sqlmodel = any(k.arg == "table" and ast.unparse(k.value) == "True" for k in node.keywords)
    # SQLModel's own default; elsewhere there is none.
    table = node.name.lower() if of_sqlmodel else ""
    columns: list[tuple[str, ast.stmt]] = []
    for statement in node.body:
        target, value = _assigned(statement)
        call = value if isinstance(value, ast.Call) else None
        if target == "__tablename__":
            table = text_of(value) or ""
        elif call is not None and called(call) in ("Column", "mapped_column"):
            columns.append((_named(call) or target, statement))
        elif isinstance(statement, ast.AnnAssign) and target:
            if of_sqlmodel and (call is None or called(call) != "Relationship"):
                inner = keyword(call, "sa_column") if call is not None else None
                named = _named(inner) if isinstance(inner, ast.Call) else ""
                columns.append((named or target, statement))
            elif value is None:
                columns.append((target, statement))
        elif isinstance(statement, ast.FunctionDef) and statement.name == "__tablename__":
            table = ""
    if table:
        yield WrittenColumn(table, "", node)
        for column, statement in columns:
            yield WrittenColumn(table, column, statement, of_sqlmodel)


def _assigned(statement: ast.stmt) -> tuple[str, ast.expr | None]:
    if isinstance(statement, ast.AnnAssign) and isinstance(statement.target, ast.Name):
        return statement.target.id, statement.value
    if isinstance(statement, ast.Assign) and isinstance(statement.targets[0], ast.Name):
        return statement.targets[0].id, statement.value
    return "", None


def _named(call: ast.Call) -> str:
    """The name that a call of `Column` gives the column; "" where it is called as its attribute."""
    first = text_of(call.args[0]) if call.args else None
    return first or text_of(keyword(call, "name")) or ""
