"""Money that code makes a float of, or rounds as one: `float(amount)`, `price * 1.2`, `round()`."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass, replace
from decimal import Decimal

from pgassay.analysis.money_in_code.annotations import name_of
from pgassay.analysis.money_in_code.destinations import RANDOM, becomes, destined
from pgassay.analysis.money_in_code.expressions import money_of
from pgassay.analysis.money_in_code.names import Saying, is_ratio_name, saying
from pgassay.analysis.money_in_code.scopes import Scopes
from pgassay.analysis.money_names import singular, words
from pgassay.facts.money_code import ComputedKind

_CUTS = frozenset(("ceil", "floor", "int", "trunc"))
_MINOR = frozenset(("cent", "pence", "penny"))
_CENTS = 100
_SPECIAL = ("inf", "infinity", "nan")


@dataclass(frozen=True, slots=True)
class Seen:
    node: ast.expr | ast.AugAssign
    kind: ComputedKind
    said: Saying


def computed(scopes: Scopes) -> Iterator[Seen]:
    """The expressions of a module that make money a float, the outermost where several do it."""
    inner: set[ast.AST] = set()
    for node in scopes.nodes:
        match node:
            case ast.Call():
                seen = _call(scopes, node)
            case ast.BinOp():
                seen = _operation(scopes, node)
            case ast.AugAssign():
                seen = _augmented(scopes, node)
            case _:
                continue
        if seen is None or (node in inner and seen.kind != "round"):
            continue
        fate = becomes(scopes, node.value if isinstance(node, ast.AugAssign) else node)
        if fate == "harmless" or (fate == "text" and seen.kind in ("float", "minor units")):
            continue
        if seen.kind != "round":
            inner.update(ast.walk(node))
        yield seen if fate == "money" else replace(seen, said=replace(seen.said, sure=False))


def _call(scopes: Scopes, call: ast.Call) -> Seen | None:
    if len(call.args) not in (1, 2) or isinstance(call.args[0], ast.Starred):
        return None
    given = call.args[0]
    name = name_of(call.func)
    if isinstance(call.func, ast.Attribute) and name_of(call.func.value) not in ("decimal", "math"):
        return None
    match name:
        case "float":
            said = money_of(scopes, given) or _destined(scopes, call, given)
            return Seen(call, "float", said) if said else None
        case "Decimal":
            return _decimal(scopes, call, given)
        case "round" if not isinstance(call.func, ast.Attribute):
            return _round(scopes, call, given)
        case "int" | "trunc" | "floor" | "ceil":
            return _cut(scopes, call, given)
    return None


def _decimal(scopes: Scopes, call: ast.Call, given: ast.expr) -> Seen | None:
    """Decimal(0.1) is 0.1000000000000000055511151231257827..."""
    if isinstance(given, ast.UnaryOp):
        given = given.operand
    if isinstance(given, ast.Constant) and isinstance(given.value, float):
        if Decimal(given.value) == Decimal(repr(given.value)):
            return None
        return Seen(call, "decimal", _target(scopes, call))
    if isinstance(given, ast.Name) and scopes.is_float(given, given.id):
        said = money_of(scopes, given)
        return Seen(call, "decimal", said) if said else None
    return None


def _target(scopes: Scopes, call: ast.Call) -> Saying:
    """What the Decimal of a literal is for; wrong it is whatever that is."""
    name = ""
    for above in scopes.parents(call):
        match above:
            case ast.BinOp(left=left, right=right):
                said = money_of(scopes, left) or money_of(scopes, right)
                if said is not None and not said.pending:
                    return said
            case ast.keyword(arg=str() as given):
                name = given
            case ast.Assign(targets=[ast.Name() | ast.Attribute() as target]):
                name = name_of(target)
            case ast.AnnAssign(target=target):
                name = name_of(target)
        if name or isinstance(above, ast.stmt):
            break
    said = saying(name, scopes.around(call)) if name else None
    if said is not None and not said.pending:
        return said
    return Saying(name or "Decimal", "Decimal is for exact numbers", sure=False)


def _round(scopes: Scopes, call: ast.Call, given: ast.expr) -> Seen | None:
    said = money_of(scopes, given) or _destined(scopes, call, given)
    # round(amount * 100) makes whole cents, right but for half of one; with digits, percent.
    if said is None or _is_percentage(given) or _is_hundredfold(given):
        return None
    if len(call.args) < 2 and not any(k.arg == "ndigits" for k in call.keywords):
        return Seen(call, "round", replace(said, sure=False))
    return Seen(call, "round", said)


def _destined(scopes: Scopes, call: ast.Call, given: ast.expr) -> Saying | None:
    """What a nameless value is for; `float("inf")`, a ratio and chance are none."""
    if isinstance(given, ast.Constant) or _has_infinity(given):
        return None
    names = {name_of(part) for part in ast.walk(given)}
    if any(is_ratio_name(name) or name in RANDOM for name in names):
        return None
    return destined(scopes, call)


def _has_infinity(node: ast.expr) -> bool:
    texts = (n.value for n in ast.walk(node) if isinstance(n, ast.Constant))
    return any(isinstance(text, str) and text.strip("+-").lower() in _SPECIAL for text in texts)


def _is_percentage(node: ast.expr) -> bool:
    """`part / whole * 100` or `part * 100 / whole`."""
    match node:
        case ast.BinOp(op=ast.Mult(), left=left, right=right):
            parts = (left, right)
            return any(_number(p) == _CENTS for p in parts) and any(_divides(p) for p in parts)
        case ast.BinOp(op=ast.Div(), left=ast.BinOp(op=ast.Mult()) as left, right=right):
            hundred = _CENTS in (_number(left.left), _number(left.right))
            return hundred and _number(right) is None
    return False


def _is_hundredfold(node: ast.expr) -> bool:
    match node:
        case ast.BinOp(op=ast.Mult(), left=left, right=right):
            return _CENTS in (_number(left), _number(right))
    return False


def _divides(node: ast.expr) -> bool:
    return isinstance(node, ast.BinOp) and isinstance(node.op, ast.Div)


def _cut(scopes: Scopes, call: ast.Call, given: ast.expr) -> Seen | None:
    """`int(amount * 100)`: 19.99 * 100 is 1998.9999999999998 in binary."""
    if not (isinstance(given, ast.BinOp) and isinstance(given.op, ast.Mult)):
        return None
    factor = _number(given.right)
    number, money = (factor, given.left) if factor else (_number(given.left), given.right)
    if number != _CENTS or _is_exact(scopes, money):
        return None
    said = money_of(scopes, money)
    if said is None:
        return None
    known = isinstance(number, float) or (
        isinstance(money, ast.Name) and scopes.is_float(money, money.id)
    )
    # A Decimal would be exact, and nothing here says what it is.
    return Seen(call, "truncation", said if known else replace(said, sure=False))


def _operation(scopes: Scopes, node: ast.BinOp) -> Seen | None:
    """`price * 1.2`, `cents / 100`, `floor(price * 100) / 100`."""
    if not isinstance(node.op, ast.Add | ast.Sub | ast.Mult | ast.Div):
        return None
    for money, other in ((node.left, node.right), (node.right, node.left)):
        number = _number(other)
        if number is None:
            continue
        if isinstance(number, float):
            said = None if _is_percentage(node) else money_of(scopes, money)
            if said is not None and not (isinstance(node.op, ast.Div) and other is node.left):
                return Seen(node, "arithmetic", said)
        elif isinstance(node.op, ast.Div) and money is node.left:
            if isinstance(money, ast.Call) and name_of(money.func) in _CUTS and money.args:
                said = money_of(scopes, money.args[0])
                return Seen(node, "minor units", said) if said else None
            said = money_of(scopes, money)
            if said and number == _CENTS and _is_minor(said.name) and not _is_exact(scopes, money):
                return Seen(node, "minor units", said)
    return None


def _augmented(scopes: Scopes, node: ast.AugAssign) -> Seen | None:
    """`total_price *= 1.19`"""
    if isinstance(node.op, ast.Add | ast.Sub | ast.Mult | ast.Div) and isinstance(
        _number(node.value), float
    ):
        said = money_of(scopes, node.target)
        if said is not None and not is_ratio_name(said.name):
            return Seen(node, "arithmetic", said)
    return None


def _is_minor(name: str) -> bool:
    return not _MINOR.isdisjoint(singular(word) for word in words(name))


def _is_exact(scopes: Scopes, node: ast.expr) -> bool:
    """Whether a value is a Decimal, as far as is written there."""
    if any(isinstance(n, ast.Call) and name_of(n.func) == "Decimal" for n in ast.walk(node)):
        return True
    return isinstance(node, ast.Name) and scopes.is_decimal(node, node.id)


def _number(node: ast.expr) -> int | float | None:
    if isinstance(node, ast.UnaryOp):
        node = node.operand
    if isinstance(node, ast.Constant) and type(node.value) in (int, float):
        assert isinstance(node.value, int | float)
        return node.value
    return None
