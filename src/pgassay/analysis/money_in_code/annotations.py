"""Whether an annotation lets a float in."""

from __future__ import annotations

import ast
from collections.abc import Iterator

_FLOATS = frozenset(
    (
        *("float", "confloat", "PositiveFloat", "NegativeFloat", "NonNegativeFloat"),
        *("NonPositiveFloat", "FiniteFloat", "StrictFloat"),
    )
)
_EXACT = frozenset(("Decimal", "condecimal", "Money", "Any", "object"))
_NOT_VALUES = frozenset(("Callable", "Literal", "Mapped", "Type", "TypeAdapter", "type"))


def is_float(annotation: ast.expr | None) -> bool:
    """`float`, `Optional[float]`, `Annotated[float, ...]`, `list[float]`, `confloat(...)`, also as
    text. Not where a Decimal may come as well: what takes everything converts it."""
    names = set(_names(annotation)) if annotation is not None else set()
    return not names.isdisjoint(_FLOATS) and names.isdisjoint(_EXACT)


def is_whole(annotation: ast.expr | None) -> bool:
    return isinstance(annotation, ast.Name) and annotation.id == "int"


def mapped(annotation: ast.expr | None) -> ast.expr | None:
    """What is within `Mapped[...]`; None for any other annotation."""
    if isinstance(annotation, ast.Constant) and isinstance(annotation.value, str):
        annotation = _parsed(annotation.value)
    if isinstance(annotation, ast.Subscript) and name_of(annotation.value) == "Mapped":
        return annotation.slice
    return None


def name_of(node: ast.AST) -> str:
    """The last part of a dotted name; "" of what is none."""
    return node.attr if isinstance(node, ast.Attribute) else getattr(node, "id", "")


def type_names(annotation: ast.expr | None) -> tuple[str, ...]:
    """The names of types in an annotation."""
    return tuple(_names(annotation)) if annotation is not None else ()


def leaves(node: ast.expr) -> Iterator[ast.expr]:
    """The names, calls and texts that an annotation of values is made of."""
    match node:
        case ast.Constant(value=str()) | ast.Name() | ast.Attribute() | ast.Call():
            yield node
        case ast.BinOp(op=ast.BitOr()):
            yield from leaves(node.left)
            yield from leaves(node.right)
        case ast.Tuple() | ast.List():
            for item in node.elts:
                yield from leaves(item)
        case ast.Subscript():
            head = name_of(node.value)
            if head == "Annotated" and isinstance(node.slice, ast.Tuple):
                yield from leaves(node.slice.elts[0])
            elif head not in _NOT_VALUES:
                yield node.value
                yield from leaves(node.slice)


def _names(node: ast.expr) -> Iterator[str]:
    for leaf in leaves(node):
        match leaf:
            case ast.Constant(value=str() as text):
                inner = _parsed(text)
                if inner is not None:
                    yield from _names(inner)
            case ast.Call():
                yield name_of(leaf.func)
            case _:
                yield name_of(leaf)


def _parsed(text: str) -> ast.expr | None:
    try:
        return ast.parse(text.strip(), mode="eval").body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None
