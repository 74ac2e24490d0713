"""Money that code declares as a float: fields, parameters, results, options, constants."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass

from pgassay.analysis.money_in_code.annotations import is_float, mapped, name_of
from pgassay.analysis.money_in_code.names import Saying, is_ratio_name, saying
from pgassay.analysis.money_in_code.scopes import Function, Scopes, field_named
from pgassay.facts.money_code import DeclaredKind

_COLUMNS = frozenset(("Column", "mapped_column", "Field"))
_EXACT_TYPES = frozenset(("DECIMAL", "NUMERIC", "Numeric"))
# marshmallow (`fields.Float`) and flask-restx, Django and its REST framework, WTForms, graphene.
_FLOAT_FIELDS = frozenset(("Float", "FloatField"))
_OPTIONS = frozenset(("add_argument", "option", "argument"))


@dataclass(frozen=True, slots=True)
class Declared:
    """`text` is what the code says of it."""

    node: ast.expr | ast.stmt | ast.arg
    kind: DeclaredKind
    said: Saying
    text: str


def declared(scopes: Scopes) -> Iterator[Declared]:
    for node in scopes.nodes:
        match node:
            case ast.AnnAssign(target=ast.Name(id=name)):
                yield from _annotated(scopes, node, name)
            case ast.Assign(targets=[ast.Name(id=name)]):
                yield from _assigned(scopes, node, name)
            case ast.FunctionDef() | ast.AsyncFunctionDef():
                yield from _function(scopes, node)
            case ast.Call(func=func) if name_of(func) in _OPTIONS:
                yield from _option(scopes, node)


def exact_columns(scopes: Scopes) -> Iterator[tuple[str, str]]:
    """(column, class) of the models' columns with an exact type."""
    for node in scopes.nodes:
        if isinstance(node, ast.Assign | ast.AnnAssign) and _types(node.value) & _EXACT_TYPES:
            target = node.targets[0] if isinstance(node, ast.Assign) else node.target
            scope = scopes.within(node)
            if isinstance(target, ast.Name) and isinstance(scope, ast.ClassDef):
                yield target.id, scope.name


def _annotated(scopes: Scopes, node: ast.AnnAssign, name: str) -> Iterator[Declared]:
    scope = scopes.within(node)
    text = _written(node.annotation)
    within = mapped(node.annotation)
    if within is None and _is_column(node.value):
        within = node.annotation
    if within is not None:
        said = saying(name, scopes.around(node))
        if said is None:
            return
        if _yields_floats(node.value):
            yield Declared(node, "column", said, "asdecimal=False")
        elif is_float(within) and _types(node.value) & _EXACT_TYPES:
            yield Declared(node, "column", said, text)
        return
    if not is_float(node.annotation) or _is_table(scope):
        return
    said = saying(name, scopes.around(node))
    if said is not None:
        kind: DeclaredKind = "field" if isinstance(scope, ast.ClassDef) else "variable"
        yield Declared(node, kind, said, text)


def _assigned(scopes: Scopes, node: ast.Assign, name: str) -> Iterator[Declared]:
    scope = scopes.within(node)
    if isinstance(scope, Function):
        return
    found = _value_says(node.value, in_class=isinstance(scope, ast.ClassDef))
    said = saying(name, scopes.around(node)) if found is not None else None
    if found is not None and said is not None:
        yield Declared(node, found[0], said, found[1])


def _value_says(value: ast.expr, *, in_class: bool) -> tuple[DeclaredKind, str] | None:
    """What is assigned in a class or module and is a float, and how it is written."""
    if not isinstance(value, ast.Call):
        numbers = _float_literals(value)
        return ("constant", ast.unparse(numbers[0])) if numbers else None
    if name_of(value.func) in _COLUMNS:
        return ("column", "asdecimal=False") if _yields_floats(value) else None
    if in_class and name_of(value.func) in _FLOAT_FIELDS and not _is_of_index(value.func):
        return "field", ast.unparse(value.func)
    if in_class and name_of(value.func) in ("attrib", "ib"):
        types = (k.value for k in value.keywords if k.arg == "type")
        return next((("field", "type=float") for t in types if name_of(t) == "float"), None)
    return None


def _is_of_index(func: ast.expr) -> bool:
    """haystack's `indexes.FloatField`: a search engine has no exact numbers."""
    return isinstance(func, ast.Attribute) and name_of(func.value) == "indexes"


def _float_literals(value: ast.expr) -> list[ast.Constant]:
    """The floats of `9.99` or `{"basic": 9.99}`."""
    if isinstance(value, ast.Dict):
        pairs = zip(value.keys, value.values, strict=True)
        items = [v for k, v in pairs if not (isinstance(k, ast.Constant) and _is_ratio(k))]
    else:
        items = [value]
    return [v for v in items if isinstance(v, ast.Constant) and isinstance(v.value, float)]


def _is_ratio(key: ast.Constant) -> bool:
    return isinstance(key.value, str) and is_ratio_name(key.value)


def _function(scopes: Scopes, node: Function) -> Iterator[Declared]:
    given = node.args
    for argument in (*given.posonlyargs, *given.args, *given.kwonlyargs):
        if is_float(argument.annotation) and argument.annotation is not None:
            said = saying(argument.arg, scopes.around(node))
            if said is not None:
                yield Declared(argument, "parameter", said, _written(argument.annotation))
    if is_float(node.returns) and node.returns is not None:
        said = saying(field_named(node) or node.name, scopes.around(scopes.within(node)))
        if said is not None:
            yield Declared(node, "return", said, _written(node.returns))


def _written(annotation: ast.expr) -> str:
    """An annotation's code, also of one that is written as text."""
    if isinstance(annotation, ast.Constant) and isinstance(annotation.value, str):
        return annotation.value
    return ast.unparse(annotation)


def _option(scopes: Scopes, call: ast.Call) -> Iterator[Declared]:
    """`add_argument("--amount", type=float)` of argparse, and click's options."""
    if not any(k.arg == "type" and name_of(k.value) in ("float", "FLOAT") for k in call.keywords):
        return
    for given in call.args:
        if isinstance(given, ast.Constant) and isinstance(given.value, str):
            name = given.value.lstrip("-").replace("-", "_")
            said = saying(name, scopes.around(call)) if name.isidentifier() else None
            if said is not None:
                yield Declared(call, "option", said, "type=float")
                return


def _is_column(value: ast.expr | None) -> bool:
    """SQLAlchemy's own columns; SQLModel's Field only where it has a type of SQLAlchemy's."""
    if not isinstance(value, ast.Call):
        return False
    called = name_of(value.func)
    if called == "Field":
        return any(k.arg in ("sa_column", "sa_type") for k in value.keywords)
    return called in _COLUMNS


def _is_table(scope: ast.AST) -> bool:
    """SQLModel's tables: their columns are judged as they are in the database."""
    return isinstance(scope, ast.ClassDef) and any(k.arg == "table" for k in scope.keywords)


def _types(value: ast.expr | None) -> set[str]:
    """The names in the arguments of a column."""
    if not isinstance(value, ast.Call) or name_of(value.func) not in _COLUMNS:
        return set()
    given = [*value.args, *(k.value for k in value.keywords if k.arg != "server_default")]
    return {name_of(n) for part in given for n in ast.walk(part)} - {""}


def _yields_floats(value: ast.expr | None) -> bool:
    """`Numeric(12, 2, asdecimal=False)`"""
    if not isinstance(value, ast.Call) or name_of(value.func) not in _COLUMNS:
        return False
    return any(
        isinstance(n, ast.keyword)
        and n.arg == "asdecimal"
        and isinstance(n.value, ast.Constant)
        and n.value.value is False
        for n in ast.walk(value)
    )
