"""Casts that PostgreSQL writes into expressions because of the types of the columns in them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from pgassay.analysis.sql_tokens import Token, tokens
from pgassay.analysis.text_equivalence import canonical


@dataclass(frozen=True, slots=True)
class Brackets:
    """What stands between two brackets; `opening` is ( or [."""

    opening: str
    items: tuple[Node, ...]


Node = Token | Brackets

_CAST, _DOT, _COMMA = (Token("sign", text) for text in ("::", ".", ","))
_ARRAY = Token("word", "array")
_SUBQUERY = ("select", "with", "values")
_OF_ARRAYS = ("any", "all")
_OF_ONE_TYPE = ("coalesce", "greatest", "least", "nullif")
# Before a bracket these are no function's name: what is in it is an expression like any other.
_NO_FUNCTION = frozenset(
    {"check", "and", "or", "not", "case", "when", "then", "else", "where", "using", "having", "on"}
)
_GOES_ON = frozenset({"precision", "varying", "with", "without"})
_TEXTS = frozenset({"text", "character varying"})
# A whole number of so many digits is the same in each of these.
_EXACT_DIGITS = {"real": 7, "smallint": 9, "integer": 9, "bigint": 9, "numeric": 9}
_EXACT_DIGITS["double precision"] = 9
_INTEGERS = frozenset({"smallint", "integer", "bigint"})
_MODIFIER = re.compile(r"\([\d,\s]*\)")
_NUMBER_IN_QUOTES = re.compile(r"'(-?\d+)'")

Retyped = Mapping[str, frozenset[str]]
"""Column -> the types it has on the several sides, as format_type() writes them."""


def same_but_for_casts(
    one: str, other: str, retyped: Retyped, *, value_of: str = "", is_bound: bool = False
) -> bool:
    """Whether two deparsed expressions differ only by casts that the types of columns bring.

    Changing a column's type changes the text `(amount > (0)::numeric)`, and not what it means. Only
    these casts may differ: of a literal that is compared or computed with such a column, to one of
    the column's types without a modifier; and of the column itself between text and varchar.
    `value_of` is the column whose default the text is: a literal alone may be cast to its types.
    `is_bound`: the text is a partition's bound, where the type decides about quotes.
    Any other cast may be somebody's, who meant it, as may every bracket.
    """
    if not retyped:
        return False
    ours, others = (_tree(text) for text in (one, other))
    if ours is None or others is None:
        return False
    casts = _Casts(retyped)
    alone = retyped.get(value_of, frozenset())
    return casts.without(ours, alone, bound=is_bound) == casts.without(
        others, alone, bound=is_bound
    )


@lru_cache(maxsize=4096)
def _tree(sql: str) -> tuple[Node, ...] | None:
    found = canonical(sql)
    return None if found is None else _grouped(found)


def _grouped(found: tuple[Token, ...]) -> tuple[Node, ...] | None:
    """None where the brackets do not fit together."""
    levels: list[tuple[str, list[Node]]] = [("", [])]
    for token in found:
        if token.kind == "sign" and token.text in ("(", "["):
            levels.append((token.text, []))
        elif token.kind == "sign" and token.text in (")", "]"):
            opening, items = levels.pop()
            if opening + token.text not in ("()", "[]"):
                return None
            levels[-1][1].append(Brackets(opening, tuple(items)))
        else:
            levels[-1][1].append(token)
    return tuple(levels[0][1]) if len(levels) == 1 else None


class _Casts:
    def __init__(self, retyped: Retyped) -> None:
        plain = {name: {_plain(type_) for type_ in types} for name, types in retyped.items()}
        self.names = frozenset(plain)
        self.types: frozenset[str] = frozenset().union(*plain.values())
        self.texts = frozenset(name for name, types in plain.items() if types <= _TEXTS)
        known = set(self.types)
        if any("character" in types for types in plain.values()):
            known.add("bpchar")
        known |= {f"{type_.removesuffix('[]')}[]" for type_ in known} | {
            type_.removesuffix("[]") for type_ in known
        }
        written = {type_: _grouped(tokens(type_) or ()) for type_ in known}
        longest = sorted(written.items(), key=lambda item: -len(item[1] or ()))
        self.written = tuple((type_, nodes) for type_, nodes in longest if nodes)

    def without(
        self, whole: tuple[Node, ...], alone: frozenset[str], *, bound: bool
    ) -> tuple[Node, ...]:
        if bound and self.types <= _INTEGERS | {"numeric"}:
            whole = _unquoted_numbers(whole)
        # A default is one value of the column's type, if it is a literal and nothing around it.
        single = bool(alone) and bool(whole) and _is_literal(whole[0])
        if single and self._type_at(whole, 1) is not None:
            literal, end = whole[0], self._end_of_casts(whole, 1)
            if end == len(whole) and all(
                self._keeps(literal, type_) for type_ in self._casts_at(whole, 1)
            ):
                return (literal,)
        return self._reduced(whole, near=False)

    def _reduced(self, items: tuple[Node, ...], *, near: bool) -> tuple[Node, ...]:
        """`near`: a retyped column stands there, so that its type decides about the literals."""
        found: list[Node] = []
        place = 0
        while place < len(items):
            before = found[-1] if found else None
            item: Node = items[place]
            if isinstance(item, Brackets):
                found.extend(self._inside(item, before, items[place + 1 : place + 2], near=near))
            else:
                found.append(item)
            place += 1
            while (at := self._type_at(items, place)) and self._may_go(found, at[0], near=near):
                place = at[1]
                found[-1:] = _unwrapped(found, items[place : place + 1])
        return _flat(tuple(found))

    def _inside(
        self, group: Brackets, before: Node | None, after: tuple[Node, ...], *, near: bool
    ) -> tuple[Node, ...]:
        items, owner = group.items, _word(before)
        if group.opening == "[":
            inner = near and owner == "array"
        elif owner in _OF_ARRAYS or (after == (_CAST,) and _is_value(items)):
            inner = near
        else:
            commas = _COMMA in items
            free = owner in _OF_ONE_TYPE or (
                not commas and (not _is_name(before) or owner in _NO_FUNCTION)
            )
            query = bool(items) and _word(items[0]) in _SUBQUERY
            inner = free and not query and self._has_column(items)
        reduced = Brackets(group.opening, self._reduced(items, near=inner))
        # The brackets of a literal or name whose cast went inside are of no more use.
        free = not _is_name(before) and not isinstance(before, Brackets)
        return _unwrapped([reduced], after) if free else (reduced,)

    def _has_column(self, items: tuple[Node, ...]) -> bool:
        names = {_name(item) for item in items}
        names |= {
            _name(item.items[0])
            for item in items
            if isinstance(item, Brackets)
            and item.items
            and self._end_of_casts(item.items, 1) == len(item.items)
        }
        return not self.names.isdisjoint(names)

    def _type_at(self, items: tuple[Node, ...], place: int) -> tuple[str, int] | None:
        """The cast to one of the types that begins there, and where it ends."""
        if items[place : place + 1] != (_CAST,):
            return None
        for type_, nodes in self.written:
            end = place + 1 + len(nodes)
            if items[place + 1 : end] != nodes:
                continue
            after = items[end] if end < len(items) else None
            more = isinstance(after, Brackets) or after == _DOT or _word(after) in _GOES_ON
            return None if more else (type_, end)
        return None

    def _casts_at(self, items: tuple[Node, ...], place: int) -> list[str]:
        found = []
        while at := self._type_at(items, place):
            found.append(at[0])
            place = at[1]
        return found

    def _end_of_casts(self, items: tuple[Node, ...], place: int) -> int:
        while at := self._type_at(items, place):
            place = at[1]
        return place

    def _may_go(self, found: list[Node], type_: str, *, near: bool) -> bool:
        operand = found[-1] if found else None
        if isinstance(operand, Brackets):
            items = operand.items if operand.opening == "(" else tuple(found[-2:])
            array = near and _is_array_of_strings(items)
            return array and type_.removesuffix("[]") in _TEXTS
        if operand is None:
            return False
        if _is_literal(operand):
            return near and self._keeps(operand, type_)
        return _name(operand) in self.texts and type_ in _TEXTS

    def _keeps(self, literal: Node, type_: str) -> bool:
        """Whether the literal means in that type what it means in its column's."""
        if not isinstance(literal, Token):
            return False
        if literal.kind != "number":
            return True
        digits = _EXACT_DIGITS.get(type_, 0)
        if literal.text.isdigit():
            return len(literal.text) <= digits
        # 1.7::integer is 2.
        return type_ not in _INTEGERS and type_ != "real" and len(literal.text) <= digits


def _plain(type_: str) -> str:
    return " ".join(_MODIFIER.sub("", type_).split())


def _word(node: Node | None) -> str:
    return node.text if isinstance(node, Token) and node.kind == "word" else ""


def _name(node: Node) -> str:
    if isinstance(node, Token) and node.kind == "quoted" and node.text.startswith('"'):
        return node.text[1:-1].replace('""', '"')
    return _word(node)


def _is_name(node: Node | None) -> bool:
    return isinstance(node, Token) and node.kind in ("word", "quoted")


def _is_literal(node: Node) -> bool:
    return isinstance(node, Token) and (node.kind in ("string", "number") or node.text == "null")


def _is_value(items: tuple[Node, ...]) -> bool:
    """Whether it is a literal, perhaps cast, or an array."""
    signs = {item.text for item in items if isinstance(item, Token) and item.kind == "sign"}
    return bool(items) and signs <= {"::", "."} and (_is_literal(items[0]) or items[0] == _ARRAY)


def _is_array(items: tuple[Node, ...]) -> bool:
    return len(items) == 2 and items[0] == _ARRAY and isinstance(items[1], Brackets)


def _is_array_of_strings(items: tuple[Node, ...]) -> bool:
    if not _is_array(items) or not isinstance(items[1], Brackets):
        return False
    return all(
        isinstance(item, Token) and (item.kind == "string" or item == _COMMA)
        for item in items[1].items
    )


def _unwrapped(found: list[Node], after: tuple[Node, ...]) -> tuple[Node, ...]:
    """The last of them without brackets around one name, literal or array, if it stands free."""
    last = found[-1]
    if not isinstance(last, Brackets) or last.opening != "(":
        return (last,)
    taken = bool(after) and (after[0] == _DOT or isinstance(after[0], Brackets))
    single = len(last.items) == 1 and (_is_literal(last.items[0]) or _is_name(last.items[0]))
    return last.items if not taken and (single or _is_array(last.items)) else (last,)


def _flat(items: tuple[Node, ...]) -> tuple[Node, ...]:
    """`(a AND b) AND c` as `a AND b AND c`, and so with OR: PostgreSQL writes either."""
    joint = _joint(items)
    if joint is None:
        return items
    found: list[Node] = []
    for item in items:
        inner = isinstance(item, Brackets) and item.opening == "(" and _joint(item.items) == joint
        found.extend(item.items if inner and isinstance(item, Brackets) else (item,))
    return tuple(found)


def _joint(items: tuple[Node, ...]) -> Node | None:
    """The AND or OR that alone joins them, each of them one name or in brackets."""
    joints = set(items[1::2])
    if len(items) % 2 == 0 or len(joints) != 1:
        return None
    (joint,) = joints
    single = all(isinstance(item, Brackets) or _is_name(item) for item in items[::2])
    return joint if single and _word(joint) in ("and", "or") else None


def _unquoted_numbers(items: tuple[Node, ...]) -> tuple[Node, ...]:
    found: list[Node] = []
    for item in items:
        if isinstance(item, Brackets):
            item = Brackets(item.opening, _unquoted_numbers(item.items))
        elif item.kind == "string" and (number := _NUMBER_IN_QUOTES.fullmatch(item.text)):
            item = Token("number", number[1])
        found.append(item)
    return tuple(found)
