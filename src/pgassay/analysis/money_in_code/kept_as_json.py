"""Money that goes into JSON, whose numbers Python reads and writes as floats."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass, replace

from pgassay.analysis.money_in_code.annotations import is_float, mapped, name_of, type_names
from pgassay.analysis.money_in_code.expressions import money_of
from pgassay.analysis.money_in_code.names import Saying, saying
from pgassay.analysis.money_in_code.scopes import Scopes
from pgassay.analysis.money_lexicon import STRONG
from pgassay.analysis.money_names import money_saying, singular, words
from pgassay.facts.money_code import JsonKind

_TYPES = frozenset(("JSON", "JSONB", "JSONType", "MutableJson"))
_COLUMNS = frozenset(("Column", "mapped_column"))
# What holds things that have amounts among much else: a provider's answer, kept as it came.
_THINGS = frozenset(
    (
        *("charge", "commission", "credit", "debit", "deposit", "donation", "expense", "fund"),
        *("investment", "loan", "mortgage", "payment", "payout", "payroll", "refund"),
        "withdrawal",
    )
)


@dataclass(frozen=True, slots=True)
class InJson:
    node: ast.expr | ast.stmt
    kind: JsonKind
    said: Saying
    text: str


def kept_as_json(scopes: Scopes) -> Iterator[InJson]:
    for node in scopes.nodes:
        match node:
            case ast.AnnAssign(target=ast.Name(id=name)):
                yield from _column(scopes, node, name, node.value)
            case ast.Assign(targets=[ast.Name(id=name)]):
                yield from _column(scopes, node, name, node.value)
            case ast.Call(func=func) if name_of(func) in ("dump", "dumps"):
                yield from _dumped(scopes, node)
            case ast.Dict():
                yield from _encoders(scopes, node)


def _column(
    scopes: Scopes, node: ast.Assign | ast.AnnAssign, name: str, value: ast.expr | None
) -> Iterator[InJson]:
    if not isinstance(value, ast.Call) or name_of(value.func) not in _COLUMNS:
        return
    types = {name_of(n) for given in value.args for n in ast.walk(given)} & _TYPES
    if not types:
        return
    type_ = min(types)
    for keyword in value.keywords:
        if keyword.arg == "default":
            for key, number in _float_items(keyword.value):
                said = saying(key, scopes.around(node), (name, *scopes.around(node).classes))
                if said is not None:
                    yield InJson(node, "json column", said, ast.unparse(number))
                    return
    said = saying(name, scopes.around(node))
    if said is None or not _is_amount(name):
        return
    within = mapped(node.annotation) if isinstance(node, ast.AnnAssign) else None
    if type_names(within)[-1:] == ("str",):
        return  # amounts as text are exact
    yield InJson(node, "json column", replace(said, sure=said.sure and is_float(within)), type_)


def _is_amount(name: str) -> bool:
    """Whether a name ends in what says money, before any `by_category`."""
    said = money_saying(name, "")
    kept = [singular(word) for word in words(name.partition("_by_")[0].partition("_per_")[0])]
    if said is None or not said.certain or not kept:
        return False
    last = kept[-2] if kept[-1] in ("breakdown", "json", "list", "map") and kept[1:] else kept[-1]
    return last in STRONG - _THINGS


def _float_items(value: ast.expr) -> Iterator[tuple[str, ast.Constant]]:
    if isinstance(value, ast.Lambda):
        value = value.body
    if isinstance(value, ast.Dict):
        for key, item in zip(value.keys, value.values, strict=True):
            if (
                isinstance(key, ast.Constant)
                and isinstance(key.value, str)
                and isinstance(item, ast.Constant)
                and isinstance(item.value, float)
            ):
                yield key.value, item


def _dumped(scopes: Scopes, call: ast.Call) -> Iterator[InJson]:
    """`json.dumps({"amount": amount}, default=float)`: Decimals are written as floats."""
    default = next((k.value for k in call.keywords if k.arg == "default"), None)
    if default is None or name_of(default) != "float" or not call.args:
        return
    given = call.args[0]
    for part in ast.walk(given):
        said = None
        if isinstance(part, ast.Constant) and isinstance(part.value, str):
            said = saying(part.value, scopes.around(call)) if part.value.isidentifier() else None
        elif isinstance(part, ast.Name | ast.Attribute):
            said = money_of(scopes, part)
        if said is not None:
            yield InJson(call, "json text", said, ast.unparse(call))
            return
    said = Saying(name_of(given) or "Decimal", "only Decimals need it", sure=False)
    yield InJson(call, "json text", said, ast.unparse(call))


def _encoders(scopes: Scopes, node: ast.Dict) -> Iterator[InJson]:
    """`json_encoders = {Decimal: float}` of Pydantic, whichever way it is given."""
    for key, value in zip(node.keys, node.values, strict=True):
        if key is None or name_of(key) != "Decimal" or not _makes_float(value):
            continue
        scope = scopes.within(node)
        said = Saying("Decimal", "Decimal is for exact numbers", sure=False)
        for fields in (scope, *scopes.parents(scope)):
            if isinstance(fields, ast.ClassDef):
                said = _field(scopes, fields) or said
        yield InJson(value, "json text", said, f"Decimal: {ast.unparse(value)}")


def _makes_float(value: ast.expr) -> bool:
    if isinstance(value, ast.Lambda):
        body = value.body
        return isinstance(body, ast.Call) and name_of(body.func) == "float"
    return name_of(value) == "float"


def _field(scopes: Scopes, class_: ast.ClassDef) -> Saying | None:
    for statement in class_.body:
        match statement:
            case ast.AnnAssign(target=ast.Name(id=name)) if "Decimal" in type_names(
                statement.annotation
            ):
                if said := saying(name, scopes.around(class_)):
                    return said
    return None
