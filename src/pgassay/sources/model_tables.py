"""Which tables the files write as models, and the base each belongs to, read as text."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator

from pgassay.analysis.commands.python import called, text_of
from pgassay.facts.location import Location
from pgassay.facts.models import ModelTable
from pgassay.sources.entry_points import of_tests
from pgassay.sources.python_modules import Definition, PythonModules

_DEEPEST = 8
_MAKERS = frozenset(("MetaData", "SQLAlchemy", "declarative_base", "registry"))


def read_model_tables(modules: PythonModules, left_out: Iterable[str]) -> tuple[ModelTable, ...]:
    """Top-level classes with a literal `__tablename__`, and `Table("name", metadata, ...)`.

    Tests and the files below `left_out`, the migrations' own, are passed over. A base that is
    made by other people's code, or differs at run time (`__bind_key__`), is "".
    """
    skipped = tuple(f"{folder}/" for folder in left_out)
    found: list[ModelTable] = []
    for path in modules.paths("__tablename__", "Table("):
        module = modules.module(path)
        if module is not None and not of_tests(path) and not path.startswith(skipped):
            found += _written(modules, path, module)
    return tuple(found)


def _written(modules: PythonModules, path: str, module: ast.Module) -> Iterator[ModelTable]:
    for node in module.body:
        if isinstance(node, ast.ClassDef):
            table = text_of(_assigned(node, "__tablename__"))
            if table and _assigned(node, "__abstract__") is None:
                base = _base_of_class(modules, (path, node), 0)
                yield ModelTable(table, Location(path, node.lineno), base)
        elif isinstance(node, ast.Assign | ast.AnnAssign) and isinstance(node.value, ast.Call):
            call = node.value
            if called(call) == "Table" and len(call.args) > 1 and (table := text_of(call.args[0])):
                base = _base(modules, path, call.args[1], 0)
                yield ModelTable(table, Location(path, call.lineno), base)


def _base_of_class(modules: PythonModules, found: Definition, depth: int) -> str:
    path, node = found
    if not isinstance(node, ast.ClassDef) or depth > _DEEPEST:
        return ""
    if _assigned(node, "__bind_key__") is not None:
        return ""
    own = _assigned(node, "metadata")
    if own is not None:
        return _base(modules, path, own, depth + 1) or _here(path, node.name, own)
    for written in node.bases:
        name = written.attr if isinstance(written, ast.Attribute) else getattr(written, "id", "")
        if name in ("DeclarativeBase", "DeclarativeBaseNoMeta"):
            return f"{path}:{node.name}"
        if base := _base(modules, path, written, depth + 1):
            return base
    return ""


def _base(modules: PythonModules, path: str, written: ast.expr, depth: int) -> str:
    """The base that an expression means: a class, a MetaData, `Base.metadata`, `db.Model`."""
    if depth > _DEEPEST:
        return ""
    if isinstance(written, ast.Attribute) and written.attr in (
        "metadata",
        "Model",
        "generate_base",
    ):
        return _base(modules, path, written.value, depth + 1)
    if isinstance(written, ast.Name) and modules.outside(path, written.id) == "sqlmodel":
        return "sqlmodel:SQLModel" if written.id == "SQLModel" else ""
    meant = modules.meant(path, written)
    if meant is None:
        return ""
    where, node = meant
    if isinstance(node, ast.ClassDef):
        return _base_of_class(modules, meant, depth + 1)
    if not isinstance(node, ast.Assign | ast.AnnAssign) or node.value is None:
        return ""
    return _base_of_value(modules, where, node, node.value, depth)


def _base_of_value(
    modules: PythonModules,
    path: str,
    node: ast.Assign | ast.AnnAssign,
    value: ast.expr,
    depth: int,
) -> str:
    if not isinstance(value, ast.Call):
        return _base(modules, path, value, depth + 1)
    if called(value) == "generate_base":
        return _base(modules, path, value.func, depth + 1)
    if called(value) not in _MAKERS:
        return ""
    for keyword in value.keywords:
        if keyword.arg in ("metadata", "model_class"):
            given = _base(modules, path, keyword.value, depth + 1)
            return given or _here(path, _target(node), keyword.value)
    return f"{path}:{_target(node)}"


def _here(path: str, name: str, made: ast.expr) -> str:
    """A MetaData that is made on the spot is nobody else's."""
    return f"{path}:{name}" if isinstance(made, ast.Call) and called(made) == "MetaData" else ""


def _target(node: ast.Assign | ast.AnnAssign) -> str:
    target = node.targets[0] if isinstance(node, ast.Assign) else node.target
    return getattr(target, "id", "")


def _assigned(node: ast.ClassDef, name: str) -> ast.expr | None:
    for statement in node.body:
        if isinstance(statement, ast.Assign):
            if any(isinstance(t, ast.Name) and t.id == name for t in statement.targets):
                return statement.value
        elif isinstance(statement, ast.AnnAssign) and getattr(statement.target, "id", "") == name:
            return statement.value
    return None
