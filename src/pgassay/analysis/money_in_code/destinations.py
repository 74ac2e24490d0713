"""What becomes of a value: a float that is only drawn, measured or compared harms no money."""

from __future__ import annotations

import ast
from typing import Literal

from pgassay.analysis.money_in_code.annotations import name_of
from pgassay.analysis.money_in_code.expressions import says_money
from pgassay.analysis.money_in_code.names import Saying, is_ratio_name, saying
from pgassay.analysis.money_in_code.scopes import Function, Scopes

Becomes = Literal["harmless", "text", "money"]

# prometheus_client, statsd and OpenTelemetry take floats and nothing else.
_METRICS = frozenset(
    ("set", "inc", "dec", "observe", "gauge", "histogram", "distribution", "increment", "record")
)
_SHOWING = frozenset(("critical", "debug", "error", "exception", "info", "log", "print", "warning"))
_TESTING = frozenset(("isclose", "isfinite", "isinf", "isnan", "is_nan", "approx"))
_DRAWING = frozenset(("alt", "ax", "axes", "axs", "fig", "go", "plt", "px", "sns", "st"))
_PASSING_ON = frozenset(("abs", "float", "int", "max", "min", "round", "str", "sum", "Decimal"))
RANDOM = frozenset(("choice", "gauss", "normal", "randint", "random", "uniform"))


def becomes(scopes: Scopes, node: ast.expr) -> Becomes:
    """`harmless`: it goes into a metric, a drawing, a log or a ratio, or is compared with a whole
    number, or nowhere. `text`: it is put into a text that is shown. Else it stays money."""
    shown = False
    below: ast.AST = node
    for above in scopes.parents(node):
        match above:
            case ast.Call() if below is not above.func:
                if _takes_floats(above, is_direct=below is node):
                    return "harmless"
                if name_of(above.func) not in _PASSING_ON and not shown:
                    return "money"
            case ast.keyword(arg=str() as name):
                if is_ratio_name(name):
                    return "harmless"
            case ast.BinOp(op=ast.Div() | ast.FloorDiv()):
                other = above.right if below is above.left else above.left
                if says_money(scopes, other):
                    return "harmless"
            case ast.Compare():
                sides = [above.left, *above.comparators]
                if any(_is_whole(side) for side in sides if side is not below):
                    return "harmless"
            case ast.Dict():
                at = next((n for n, v in enumerate(above.values) if v is below), None)
                key = above.keys[at] if at is not None else None
                if isinstance(key, ast.Constant) and is_ratio_name(str(key.value)):
                    return "harmless"
            case ast.FormattedValue():
                shown = True
            case ast.Expr():
                # Only whether it can be a float was to be seen.
                return "harmless" if below is node else _shown(shown)
            case ast.stmt():
                return "harmless" if _keeps_ratio(scopes, above) else _shown(shown)
        below = above
    return _shown(shown)


def destined(scopes: Scopes, node: ast.expr) -> Saying | None:
    """What the name says that a value is kept or passed under, as in `Invoice(price=float(x))`;
    None where that is not sure."""
    said = None
    below: ast.AST = node
    for above in scopes.parents(node):
        match above:
            case ast.IfExp() | ast.BoolOp():
                pass
            case ast.Call() if name_of(above.func) in _PASSING_ON and below is not above.func:
                pass
            case ast.keyword(arg=str() as name):
                call = next(scopes.parents(above))
                bases = scopes.bases(call) if isinstance(call, ast.Call) else ()
                said = saying(name, scopes.around(node), bases)
                break
            case ast.Dict():
                at = next((n for n, v in enumerate(above.values) if v is below), None)
                key = above.keys[at] if at is not None else None
                if isinstance(key, ast.Constant) and isinstance(key.value, str):
                    said = saying(key.value, scopes.around(node))
                break
            case ast.Assign(targets=[ast.Name() | ast.Attribute() as target]):
                bases = scopes.bases(target.value) if isinstance(target, ast.Attribute) else ()
                said = saying(name_of(target), scopes.around(node), bases)
                break
            case _:
                break
        below = above
    return said if said is not None and said.sure and not said.pending else None


def _shown(shown: bool) -> Becomes:
    return "text" if shown else "money"


def _takes_floats(call: ast.Call, *, is_direct: bool) -> bool:
    name = name_of(call.func)
    if name in _SHOWING or name in _TESTING or name in RANDOM:
        return True
    if isinstance(call.func, ast.Attribute):
        if is_direct and name in _METRICS:
            return True
        owner: ast.expr = call.func.value
        while isinstance(owner, ast.Attribute | ast.Subscript | ast.Call):
            owner = owner.func if isinstance(owner, ast.Call) else owner.value
        return name_of(owner) in _DRAWING
    return False


def _is_whole(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and isinstance(node.value, int)


def _keeps_ratio(scopes: Scopes, statement: ast.stmt) -> bool:
    """Whether a statement gives its value a name that says ratio, or is what float() calls."""
    match statement:
        case ast.Assign(targets=targets):
            return any(is_ratio_name(_target(t)) for t in targets)
        case ast.AnnAssign(target=target) | ast.AugAssign(target=target):
            return is_ratio_name(_target(target))
        case ast.Return():
            scope = scopes.within(statement)
            return isinstance(scope, Function) and (
                is_ratio_name(scope.name) or scope.name in ("__float__", "__round__")
            )
    return False


def _target(node: ast.expr) -> str:
    if isinstance(node, ast.Subscript) and isinstance(node.slice, ast.Constant):
        return str(node.slice.value)
    return name_of(node)
