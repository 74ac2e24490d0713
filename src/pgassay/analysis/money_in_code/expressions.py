"""Whether the value of an expression is money."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from pgassay.analysis.money_in_code.annotations import name_of
from pgassay.analysis.money_in_code.names import Saying, is_ratio_name, saying, says_anything
from pgassay.analysis.money_in_code.scopes import Scopes

_TAKING = frozenset(("get", "pop", "getlist", "getenv", "get_json", "get_or_default"))
_SAME = frozenset(
    ("Decimal", "abs", "max", "min", "next", "round", "str", "sum", "float", "int", "fsum")
)
_OF_TEXT = frozenset(
    (
        *("copy_abs", "lstrip", "normalize", "quantize", "removeprefix", "removesuffix"),
        *("replace", "rstrip", "strip"),
    )
)
_SCALARS = frozenset(("scalar", "scalar_one", "scalar_one_or_none", "scalars"))
_SQL_SAME = frozenset(("coalesce", "max", "min", "sum", "avg", "abs"))
_GIVERS = frozenset(("get", "calc", "calculate", "compute", "fetch", "read", "parse", "to", "load"))
_DEEPEST = 6


def money_of(scopes: Scopes, node: ast.expr, depth: int = 0) -> Saying | None:
    """Why an expression is taken for money; None for what is not, such as one amount divided by
    another."""
    if depth > _DEEPEST:
        return None
    match node:
        case ast.Name(id=name):
            return _named(scopes, node, name, depth)
        case ast.Attribute(value=value, attr=name):
            return saying(name, scopes.around(node), scopes.bases(value))
        case ast.Subscript(value=value, slice=ast.Constant(value=str() as key)):
            return saying(key, scopes.around(node), scopes.bases(value))
        case ast.Subscript(value=value, slice=ast.Constant(value=int())):
            return money_of(scopes, value, depth + 1)
        case ast.Call():
            return _called(scopes, node, depth)
        case ast.BinOp():
            return _computed(scopes, node, depth)
        case ast.UnaryOp(operand=operand) if not isinstance(node.op, ast.Not):
            return money_of(scopes, operand, depth + 1)
        case ast.BoolOp(values=values):
            return _first(scopes, values, depth)
        case ast.IfExp(body=body, orelse=orelse):
            return _first(scopes, [body, orelse], depth)
        case ast.Await(value=value) | ast.NamedExpr(value=value):
            return money_of(scopes, value, depth + 1)
        case ast.GeneratorExp(elt=item) | ast.ListComp(elt=item) | ast.Starred(value=item):
            return money_of(scopes, item, depth + 1)
    return None


def says_money(scopes: Scopes, node: ast.expr) -> bool:
    """Whether an expression speaks of money at all, be it weakly."""
    if money_of(scopes, node) is not None:
        return True
    for part in _values(node):
        match part:
            case ast.Name(id=name) | ast.Attribute(attr=name):
                if says_anything(name):
                    return True
            case ast.Constant(value=str() as key):
                if says_anything(key):
                    return True
            case ast.Call(func=func):
                if says_anything(name_of(func)):
                    return True
    return False


def _values(node: ast.expr) -> Iterator[ast.expr]:
    """An expression and those that its value is made of."""
    queue = [node]
    for part in queue:
        yield part
        match part:
            case ast.Subscript(slice=key):
                queue.append(key)
            case ast.Call(args=args):
                queue += args
            case ast.BinOp(left=left, right=right):
                queue += (left, right)
            case ast.BoolOp(values=values):
                queue += values
            case ast.GeneratorExp(elt=item) | ast.ListComp(elt=item):
                queue.append(item)


def _named(scopes: Scopes, node: ast.Name, name: str, depth: int) -> Saying | None:
    said = saying(scopes.field_of(node, name) or name, scopes.around(node), ())
    if said is not None and said.pending and scopes.is_whole(node, name):
        return None
    if (said is not None and not said.pending) or is_ratio_name(name):
        return said
    values = scopes.values(node, name)
    if len(values) == 1 and not any(n is node for n in ast.walk(values[0])):
        return money_of(scopes, values[0], depth + 1) or said
    return said


def _called(scopes: Scopes, node: ast.Call, depth: int) -> Saying | None:
    name = name_of(node.func)
    receiver = node.func.value if isinstance(node.func, ast.Attribute) else None
    if name in _TAKING and node.args:
        return _keyed(scopes, node, node.args[0], receiver)
    if name == "getattr" and len(node.args) > 1:
        return _keyed(scopes, node, node.args[1], node.args[0])
    if name in _SAME and (receiver is None or name_of(receiver) in ("decimal", "math")):
        return _first(scopes, node.args, depth)
    if receiver is not None:
        if name in _OF_TEXT:
            return money_of(scopes, receiver, depth + 1)
        if name in _SCALARS:
            return _summed(scopes, node, depth)
    if name.partition("_")[0] in _GIVERS and "_" in name:
        said = saying(name, scopes.around(node), ())
        return said if said is not None and said.sure and not said.pending else None
    return None


def _keyed(scopes: Scopes, node: ast.expr, key: ast.expr, owner: ast.expr | None) -> Saying | None:
    """What `order.get("price")` says, and no `client.get("/price")`."""
    if isinstance(key, ast.Constant) and isinstance(key.value, str) and "/" not in key.value:
        bases = scopes.bases(owner) if owner is not None else ()
        return saying(key.value, scopes.around(node), bases)
    return None


def _summed(scopes: Scopes, node: ast.Call, depth: int) -> Saying | None:
    """What `func.sum(Expense.amount)` in a query that gives one value adds up."""
    for part in ast.walk(node):
        if (
            isinstance(part, ast.Call)
            and isinstance(part.func, ast.Attribute)
            and part.func.attr in _SQL_SAME
            and name_of(part.func.value) == "func"
            and part.args
        ):
            inner = part.args[0]
            if not isinstance(inner, ast.Call):
                return money_of(scopes, inner, depth + 1)
    return None


def _computed(scopes: Scopes, node: ast.BinOp, depth: int) -> Saying | None:
    left = money_of(scopes, node.left, depth + 1)
    right = money_of(scopes, node.right, depth + 1)
    match node.op:
        case ast.Add() | ast.Sub():
            return left or right
        case ast.Mult():
            return None if left and right else left or right
        case ast.Div() | ast.FloorDiv():
            return left if left and not says_money(scopes, node.right) else None
        case ast.Mod():
            return left
    return None


def _first(scopes: Scopes, nodes: list[ast.expr], depth: int) -> Saying | None:
    """Of several values, what the first that is money says."""
    found = (money_of(scopes, node, depth + 1) for node in nodes)
    return next((said for said in found if said is not None), None)
