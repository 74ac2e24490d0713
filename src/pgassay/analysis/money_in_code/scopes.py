"""A module's code with what stands around each part of it: parents, functions, what names hold."""

from __future__ import annotations

import ast
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import PurePosixPath

from pgassay.analysis.money_in_code.annotations import is_float, is_whole, name_of, type_names
from pgassay.analysis.money_in_code.names import Around
from pgassay.analysis.money_names import singular, words
from pgassay.facts.settings import MoneySettings

Function = ast.FunctionDef | ast.AsyncFunctionDef
_SELF = ("self", "cls")
# Of Pydantic, marshmallow and SQLAlchemy: what they decorate is given a field's value.
_OF_A_FIELD = frozenset(("field_serializer", "field_validator", "validates", "validator"))
_LOOKED_AT = (
    *(ast.AnnAssign, ast.Assign, ast.AugAssign, ast.BinOp, ast.Call, ast.Dict),
    *(ast.FunctionDef, ast.AsyncFunctionDef),
)


@dataclass(slots=True)
class Held:
    """What the names of one function hold, as far as it is written there."""

    values: dict[str, list[ast.expr]] = field(default_factory=lambda: defaultdict(list))
    annotations: dict[str, ast.expr] = field(default_factory=dict)
    taken_from: dict[str, ast.expr] = field(default_factory=dict)
    fields: dict[str, str] = field(default_factory=dict)


class Scopes:
    """`path` is the module's, relative to the project, with forward slashes."""

    def __init__(self, path: str, module: ast.Module, text: str, settings: MoneySettings) -> None:
        self.module = module
        self.path = path
        self._parents: dict[ast.AST, ast.AST] = {}
        queue: list[ast.AST] = [module]
        for node in queue:
            for child in ast.iter_child_nodes(node):
                self._parents[child] = node
                queue.append(child)
        self.nodes = tuple(node for node in queue if isinstance(node, _LOOKED_AT))
        dotted = path.removesuffix(".py").removesuffix("/__init__").replace("/", ".")
        parts = [*PurePosixPath(path).parts[:-1], PurePosixPath(path).stem]
        self._top = Around(
            dotted,
            settings,
            path_words=frozenset(singular(word) for part in parts for word in words(part)),
            of_money=_of_money(text),
        )
        self._around: dict[ast.AST, Around] = {module: self._top}
        self._held: dict[ast.AST, Held] = {}

    def parents(self, node: ast.AST) -> Iterator[ast.AST]:
        """From the nearest one out."""
        while (above := self._parents.get(node)) is not None:
            yield above
            node = above

    def within(self, node: ast.AST) -> ast.AST:
        """The function, class or module that a node is in."""
        for above in self.parents(node):
            if isinstance(above, Function | ast.ClassDef | ast.Module):
                return above
        return self.module

    def around(self, node: ast.AST) -> Around:
        """What stands around a node; of a class or function, what stands around its inside."""
        scope = node if isinstance(node, Function | ast.ClassDef) else self.within(node)
        if scope not in self._around:
            outer = self.around(self._parents[scope])
            name = scope.name if isinstance(scope, Function | ast.ClassDef) else ""
            inner = replace(outer, dotted=f"{outer.dotted}.{name}")
            if isinstance(scope, ast.ClassDef):
                inner = replace(inner, classes=(name, *outer.classes))
            else:
                inner = replace(inner, functions=(name, *outer.functions))
            self._around[scope] = inner
        return self._around[scope]

    def values(self, node: ast.AST, name: str) -> list[ast.expr]:
        """All that is assigned to a name in the function that a node is in."""
        return self._held_at(node).values.get(name, [])

    def is_float(self, node: ast.AST, name: str) -> bool:
        """Whether the function that a node is in says that a name holds a float."""
        held = self._held_at(node)
        return is_float(held.annotations.get(name)) or any(
            (isinstance(v, ast.Call) and name_of(v.func) == "float")
            or (isinstance(v, ast.Constant) and isinstance(v.value, float))
            for v in held.values.get(name, ())
        )

    def is_decimal(self, node: ast.AST, name: str) -> bool:
        held = self._held_at(node)
        return "Decimal" in type_names(held.annotations.get(name)) or any(
            isinstance(v, ast.Call) and name_of(v.func) == "Decimal"
            for v in held.values.get(name, ())
        )

    def is_whole(self, node: ast.AST, name: str) -> bool:
        return is_whole(self._held_at(node).annotations.get(name))

    def field_of(self, node: ast.AST, name: str) -> str:
        """The field whose value a parameter is, as a decorator says; "" for any other name."""
        return self._held_at(node).fields.get(name, "")

    def bases(self, node: ast.expr) -> tuple[str, ...]:
        """What an expression that something is taken from may be called: itself, its type, what it
        is one of."""
        if isinstance(node, ast.Name):
            if node.id in _SELF:
                return self.around(node).classes
            held = self._held_at(node)
            types = type_names(held.annotations.get(node.id))
            source = held.taken_from.get(node.id)
            return (node.id, *types, *(self.bases(source) if source is not None else ()))
        if isinstance(node, ast.Attribute):
            return (node.attr,)
        if isinstance(node, ast.Subscript):
            key = node.slice
            if isinstance(key, ast.Constant) and isinstance(key.value, str):
                return (key.value,)
            return self.bases(node.value)
        if isinstance(node, ast.Call):
            return (name_of(node.func),)
        if isinstance(node, ast.Await):
            return self.bases(node.value)
        return ()

    def _held_at(self, node: ast.AST) -> Held:
        scope = self.within(node)
        if scope not in self._held:
            self._held[scope] = _held(scope)
        return self._held[scope]


def _held(scope: ast.AST) -> Held:
    held = Held()
    if isinstance(scope, Function):
        given = scope.args
        for argument in (*given.posonlyargs, *given.args, *given.kwonlyargs):
            if argument.annotation is not None:
                held.annotations[argument.arg] = argument.annotation
            if argument.arg not in _SELF and (of := field_named(scope)):
                held.fields.setdefault(argument.arg, of)
    elif not isinstance(scope, ast.Module):
        return held
    for node in _inside(scope):
        match node:
            case ast.Assign(targets=[ast.Name(id=name)], value=value):
                held.values[name].append(value)
            case ast.AnnAssign(target=ast.Name(id=name), annotation=annotation):
                held.annotations[name] = annotation
                if node.value is not None:
                    held.values[name].append(node.value)
            case ast.For() | ast.AsyncFor() | ast.comprehension():
                if isinstance(node.target, ast.Name):
                    held.taken_from[node.target.id] = node.iter
    return held


def field_named(function: Function) -> str:
    """The field of `@field_serializer("amount")`; "" for other functions."""
    for decorator in function.decorator_list:
        match decorator:
            case ast.Call(func=func, args=[ast.Constant(value=str() as name), *_]):
                if name_of(func) in _OF_A_FIELD:
                    return name
    return ""


def _inside(scope: ast.AST) -> Iterator[ast.AST]:
    """All nodes of a scope that are in no function or class within it."""
    queue = list(ast.iter_child_nodes(scope))
    for node in queue:
        yield node
        if not isinstance(node, Function | ast.ClassDef):
            queue += ast.iter_child_nodes(node)


def _of_money(text: str) -> str:
    """What in a file's text makes an amount one of money."""
    if "currency" in text or "Currency" in text:
        return "that speaks of currencies"
    return "that uses Decimal" if "Decimal(" in text else ""
