"""Whether a condition lets everybody in, whatever the row."""

from __future__ import annotations

from enum import IntEnum

from pgassay.analysis.sql_tokens import Token, tokens


class Truth(IntEnum):
    """How far a condition is known to be true. LOGGED_IN: for whoever has signed in, and that is
    all it asks. SOMETIMES: it depends, or is not understood."""

    NEVER = 0
    SOMETIMES = 1
    LOGGED_IN = 2
    ALWAYS = 3


def truth_of(expression: str) -> Truth:
    """Of a policy's expression, as PostgreSQL deparses it."""
    found = tokens(expression)
    if not found:
        return Truth.SOMETIMES
    reading = _Reading(found)
    truth = reading.either()
    return truth if reading.is_at_end else Truth.SOMETIMES


_COMPARISONS = frozenset(("=", "<", ">", "<=", ">=", "<>"))


class _Reading:
    """By descent: OR, AND, NOT, and below them what can be told of a comparison."""

    def __init__(self, found: tuple[Token, ...]) -> None:
        self._tokens = found
        self._at = 0

    @property
    def is_at_end(self) -> bool:
        return self._at == len(self._tokens)

    def either(self) -> Truth:
        truth = self._both()
        while self._takes("or"):
            truth = max(truth, self._both())
        return truth

    def _both(self) -> Truth:
        truth = self._not()
        while self._takes("and"):
            truth = min(truth, self._not())
        return truth

    def _not(self) -> Truth:
        if self._takes("not"):
            inner = self._not()
            return {Truth.ALWAYS: Truth.NEVER, Truth.NEVER: Truth.ALWAYS}.get(
                inner, Truth.SOMETIMES
            )
        return self._one()

    def _one(self) -> Truth:
        start = self._at
        if self._takes("(") and not self._is_at("select"):
            truth = self.either()
            if self._takes(")") and self._ends_here():
                return truth
        self._at = start
        return _of_comparison(self._rest())

    def _ends_here(self) -> bool:
        return self.is_at_end or self._tokens[self._at].text in ("or", "and", ")")

    def _rest(self) -> tuple[Token, ...]:
        """Up to the next OR, AND or closing parenthesis of this level."""
        start, depth = self._at, 0
        while not self.is_at_end:
            token = self._tokens[self._at]
            if depth == 0 and token.kind in ("word", "sign") and token.text in ("or", "and", ")"):
                break
            depth += (token.text in ("(", "[", "case")) - (token.text in (")", "]", "end"))
            self._at += 1
        return self._tokens[start : self._at]

    def _is_at(self, text: str) -> bool:
        if self.is_at_end:
            return False
        token = self._tokens[self._at]
        return token.kind in ("word", "sign") and token.text == text

    def _takes(self, text: str) -> bool:
        is_there = self._is_at(text)
        self._at += is_there
        return is_there


def _of_comparison(found: tuple[Token, ...]) -> Truth:
    texts = [t.text for t in found]
    if texts in (["true"], ["false"]):
        return Truth.ALWAYS if texts == ["true"] else Truth.NEVER
    if _without_casts(_plain(texts[:-3])) == _UID and texts[-3:] == ["is", "not", "null"]:
        return Truth.LOGGED_IN
    middle = [place for place, token in enumerate(found) if token.text in _COMPARISONS]
    if len(middle) != 1:
        return Truth.SOMETIMES
    left, right = found[: middle[0]], found[middle[0] + 1 :]
    sign = found[middle[0]].text
    values = _value(left), _value(right)
    if None not in values:
        return _compared(values[0] or "", sign, values[1] or "")
    sides = [_without_casts(_plain([t.text for t in side])) for side in (left, right)]
    if sign == "=" and _ROLE in sides and ["'authenticated'"] in sides:
        return Truth.LOGGED_IN
    return Truth.SOMETIMES


_UID = ["auth", ".", "uid", "(", ")"]
_ROLE = ["auth", ".", "role", "(", ")"]


def _plain(texts: list[str]) -> list[str]:
    """Without the parentheses around it, and without the SELECT that lets a plan call it once:
    `( SELECT auth.uid() AS uid)`."""
    while texts[:1] == ["("] and texts[-1:] == [")"] and texts != ["(", ")"]:
        texts = texts[1:-1]
        if texts[:1] == ["select"]:
            texts = texts[1:-2] if texts[-2:-1] == ["as"] else texts[1:]
    return texts


def _without_casts(texts: list[str]) -> list[str]:
    return texts[: texts.index("::")] if "::" in texts else texts


def _value(found: tuple[Token, ...]) -> str | None:
    """A constant's text, whatever it is cast to; None for anything else."""
    texts = _without_casts(_plain([t.text for t in found]))
    kinds = {t.text: t.kind for t in found}
    if len(texts) == 1 and kinds.get(texts[0]) in ("string", "number"):
        return texts[0]
    return None


def _compared(left: str, sign: str, right: str) -> Truth:
    """Two constants. Only whether they are the same is told from their texts."""
    if left == right:
        return Truth.ALWAYS if sign in ("=", "<=", ">=") else Truth.NEVER
    return Truth.SOMETIMES
