"""What a call in a revision changes, and operations whose failure is passed by, read without
executing anything."""

from __future__ import annotations

import ast
import re

_OPERATION = re.compile(
    r"(?:create|drop|rename|alter|add)_(?:table|column|index|foreign_key|primary_key|sequence"
    r"|\w*(?:constraint|view|type|enum|trigger|function))\w*"
)
_SENT = ("execute", "exec_driver_sql")
_CHANGES = re.compile(r"\b(?:UPDATE|DELETE\s+FROM|MERGE\s+INTO)\b", re.IGNORECASE)
_DDL = re.compile(r"\b(?:CREATE|ALTER|DROP)\b", re.IGNORECASE)


def passed_by(node: ast.Try | ast.With) -> list[ast.Call]:
    """The operations whose failure is passed by: an `except` that raises nothing is around them, or
    `contextlib.suppress()`."""
    if isinstance(node, ast.Try):
        raising = [any(isinstance(n, ast.Raise) for n in ast.walk(h)) for h in node.handlers]
        passes = not all(raising)
    else:
        passes = any(_called(item.context_expr) == "suppress" for item in node.items)
    if not passes:
        return []
    within = [n for statement in node.body for n in ast.walk(statement)]
    return [n for n in within if isinstance(n, ast.Call) and changes_schema(n)]


def changes_schema(call: ast.Call) -> bool:
    """Whether it is an operation of Alembic's on the schema, or sends SQL that is one."""
    if _OPERATION.fullmatch(_called(call)):
        return True
    return any(_DDL.search(text) for text in _sent(call))


def changes_rows(call: ast.Call) -> bool:
    """Whether it sends an UPDATE or DELETE, as text or as SQLAlchemy's."""
    within = [n for argument in call.args for n in ast.walk(argument)]
    made = any(_called(n) in ("update", "delete") for n in within if isinstance(n, ast.Call))
    return (made and _called(call) in _SENT) or any(_CHANGES.search(t) for t in _sent(call))


def _sent(call: ast.Call) -> list[str]:
    """The texts in what it sends."""
    within = [n for argument in call.args for n in ast.walk(argument)]
    texts = [n.value for n in within if isinstance(n, ast.Constant) and isinstance(n.value, str)]
    return texts if _called(call) in _SENT else []


def _called(call: ast.expr) -> str:
    function = call.func if isinstance(call, ast.Call) else None
    if isinstance(function, ast.Attribute):
        return function.attr
    return function.id if isinstance(function, ast.Name) else ""
