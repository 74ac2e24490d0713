"""What a revision file says it makes, read without executing it."""

from __future__ import annotations

import ast

Made = tuple[str, str]
"""(table, the column's, index's or constraint's name); "" for the table itself."""

# Alembic's operations ("Operation Reference") -> the places of the table and of the part's name.
_PLACES = {
    "create_table": (0, None),
    "add_column": (0, 1),
    "create_index": (1, 0),
    "create_unique_constraint": (1, 0),
    "create_foreign_key": (1, 0),
    "create_check_constraint": (1, 0),
    "create_exclude_constraint": (1, 0),
    "create_primary_key": (1, 0),
}


def made_by_operations(module: ast.Module) -> tuple[Made, ...]:
    """What `op.create_table("users", ...)` and its like in upgrade() make, as far as the names are
    written as text. It is enough to say where to look, and no substitute for executing it."""
    made: list[Made] = []
    for function in module.body:
        if isinstance(function, ast.FunctionDef) and function.name == "upgrade":
            for node in ast.walk(function):
                if isinstance(node, ast.Call) and (one := _made(node)) is not None:
                    made.append(one)
    return tuple(made)


def _made(call: ast.Call) -> Made | None:
    if not isinstance(call.func, ast.Attribute) or call.func.attr not in _PLACES:
        return None
    at_table, at_name = _PLACES[call.func.attr]
    table = _text(call, at_table)
    name = "" if at_name is None else _text(call, at_name)
    return None if table is None or name is None else (table, name)


def _text(call: ast.Call, place: int) -> str | None:
    """The argument at that place, if it is text, or the name of a `sa.Column("name", ...)`."""
    if place >= len(call.args):
        return None
    given = call.args[place]
    if isinstance(given, ast.Call):
        return _text(given, 0)
    if isinstance(given, ast.Constant) and isinstance(given.value, str):
        return given.value
    return None
