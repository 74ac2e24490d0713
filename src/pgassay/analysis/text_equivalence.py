"""SQL texts that are written differently and mean the same to PostgreSQL.

Each equivalence rewrites tokens, so that it never reaches into a string or a quoted name, and is
meant for deparsed texts alone: fully bracketed, schema-qualified, every column alias with its AS.
"""

from __future__ import annotations

import re
from functools import lru_cache

from pgassay.analysis.sql_tokens import Token, tokens

_OPEN, _CLOSE, _DOT, _CAST = (Token("sign", text) for text in ("(", ")", ".", "::"))
_NOW = (Token("word", "current_timestamp"),)
_SUBQUERY = {Token("word", word) for word in ("select", "with", "values", "table")}
_BEFORE_TABLE = {Token("word", word) for word in ("from", "join", "only", "update", "using")} | {
    Token("sign", ","),
    _OPEN,
}

Tokens = tuple[Token, ...]


@lru_cache(maxsize=8192)
def canonical(sql: str, *, is_value: bool = False) -> Tokens | None:
    """What all ways of writing the text have in common; None where it is not understood.

    `is_value`: the whole text is one value, cast to its column's type at the end in any case.
    """
    found = tokens(sql)
    if found is None:
        return None
    found = _without_own_alias(_one_moment(found))
    while (fewer := _without_brackets(found)) != found:
        found = fewer
    found = _plain_numbers(found)
    return _value(found) if is_value else found


def _one_moment(found: Tokens) -> Tokens:
    """`now()` and `transaction_timestamp()` are CURRENT_TIMESTAMP: PostgreSQL's manual, 9.9.5.

    A user's function of that name is written with its schema; CURRENT_TIMESTAMP(3) rounds.
    """
    result: list[Token] = []
    place = 0
    while place < len(found):
        token = found[place]
        called = found[place + 1 : place + 3] == (_OPEN, _CLOSE)
        if token.kind == "word" and token.text in ("now", "transaction_timestamp") and called:
            own = result[-2:] == [Token("word", "pg_catalog"), _DOT]
            if own:
                del result[-2:]
            if own or result[-1:] != [_DOT]:
                result.extend(_NOW)
                place += 3
                continue
        result.append(token)
        place += 1
    return tuple(result)


def _without_own_alias(found: Tokens) -> Tokens:
    """`FROM public.parent parent` without the alias, which is the table's name anyway."""
    result: list[Token] = []
    for place, token in enumerate(found):
        doubled = (
            place >= 4
            and token.kind in ("word", "quoted")
            and found[place - 1] == token
            and found[place - 2] == _DOT
            and found[place - 4] in _BEFORE_TABLE
        )
        # With a list of columns, as in `parent parent(a, b)`, the alias is needed.
        if not doubled or found[place + 1 : place + 2] == (_OPEN,):
            result.append(token)
    return tuple(result)


def _without_brackets(found: Tokens) -> Tokens:
    """Without the brackets around brackets, and those around a single name or literal.

    Not around a subquery, for `= ANY ((SELECT a))` is about an array and `= ANY (SELECT a)` about
    rows; nor around a list; nor where what follows would read differently: `(a).b`, `(a)[1]`.
    """
    partner = _partners(found)
    dropped: set[int] = set()
    for start, end in partner.items():
        inner = found[start + 1 : end]
        if not inner or start in dropped:
            continue
        whole = inner[0] == _OPEN and partner.get(start + 1) == end - 1
        if whole and not _is_list_or_subquery(found[start + 2 : end - 1]):
            dropped |= {start + 1, end - 1}
        elif len(inner) == 1 and inner[0].kind != "sign" and _stands_free(found, start, end):
            dropped |= {start, end}
    return tuple(token for place, token in enumerate(found) if place not in dropped)


def _partners(found: Tokens) -> dict[int, int]:
    """The place of each opening bracket -> that of its closing one."""
    opened: list[int] = []
    partner: dict[int, int] = {}
    for place, token in enumerate(found):
        if token == _OPEN:
            opened.append(place)
        elif token == _CLOSE and opened:
            partner[opened.pop()] = place
    return partner


def _is_list_or_subquery(inner: Tokens) -> bool:
    if not inner or inner[0] in _SUBQUERY or inner[-1] == Token("sign", "*"):
        return True  # ROW(t.*) is about the columns of t, ROW((t.*)) about t
    depth = 0
    for token in inner:
        depth += (token.text in ("(", "[")) - (token.text in (")", "]")) if _sign(token) else 0
        if depth == 0 and token == Token("sign", ","):
            return True
    return False


def _sign(token: Token) -> bool:
    return token.kind == "sign"


def _stands_free(found: Tokens, start: int, end: int) -> bool:
    """Whether no function, type or keyword owns the brackets, and nothing is taken out of them."""
    before = found[start - 1] if start else None
    after = found[end + 1] if end + 1 < len(found) else None
    owned = before is not None and (not _sign(before) or before.text in (")", "]", "."))
    taken = after is not None and _sign(after) and after.text in (".", "[")
    return not owned and not taken


_NUMBER = re.compile(r"'(\d+(?:\.\d+)?)'")
_NUMBER_TYPES = ("smallint", "integer", "bigint", "numeric")


def _plain_numbers(found: Tokens) -> Tokens:
    """`'5'::numeric` as `5::numeric`, `5::integer` as `5`, `1.5::numeric` as `1.5`.

    A number with a point is a numeric, one of up to nine digits without is an integer: PostgreSQL's
    manual, 4.1.2.6. A type with a modifier, or an array of it, is another type.
    """
    result: list[Token] = []
    place = 0
    while place < len(found):
        token, cast = found[place], found[place + 1 : place + 3]
        after = found[place + 3 : place + 4]
        plain = not (after and _sign(after[0]) and after[0].text in ("(", "[", "."))
        if len(cast) == 2 and cast[0] == _CAST and cast[1].kind == "word" and plain:
            number = _number(token, cast[1].text)
            if number is not None:
                implied = "numeric" if "." in number else "integer" if len(number) <= 9 else ""
                result.append(Token("number", number))
                result.extend(() if cast[1].text == implied else cast)
                place += 3
                continue
        result.append(token)
        place += 1
    return tuple(result)


def _number(token: Token, type_: str) -> str | None:
    """The number that the literal is in that type; None where the cast may change it or fail."""
    if type_ not in _NUMBER_TYPES:
        return None
    quoted = _NUMBER.fullmatch(token.text) if token.kind == "string" else None
    number = quoted[1] if quoted else token.text if token.kind == "number" else ""
    if not re.fullmatch(r"\d+(?:\.\d+)?", number) or (type_ != "numeric" and "." in number):
        return None
    # 07 is 7, and so is '07'::integer; they are rare enough to be left as they are.
    return None if len(number) > 1 and number[0] == "0" and number[1] != "." else number


_SMALL = re.compile(r"\d{1,4}")


def _value(found: Tokens) -> Tokens:
    """A small whole number without its cast: whatever the type in between, it arrives as it is."""
    while found[:1] == (_OPEN,) and _partners(found).get(0) == len(found) - 1:
        found = found[1:-1]
    number, cast = found[:1], tuple(token.text for token in found[1:])
    exact = cast in {("::", type_) for type_ in _NUMBER_TYPES} | {("::", "double", "precision")}
    if exact and number[0].kind == "number" and _SMALL.fullmatch(number[0].text):
        return number
    return found
