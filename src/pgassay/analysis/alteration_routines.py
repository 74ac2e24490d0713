"""Where CREATE OR REPLACE may stand for a function that is there."""

from __future__ import annotations

import re

from pgassay.facts.catalog import Function

_MODE = re.compile(r"^(IN|OUT|INOUT|VARIADIC) ")


def replaceable(old: Function, new: Function) -> bool:
    """Whether PostgreSQL lets OR REPLACE make `old` into `new`: with the same result, and
    arguments that only gain names and defaults. False where that is not sure."""
    if (old.returns, old.routine) != (new.returns, new.routine):
        return False
    before, after = split_arguments(old.arguments), split_arguments(new.arguments)
    return len(before) == len(after) and all(map(_fits, before, after))


def _fits(old: str, new: str) -> bool:
    (old_head, old_default), (new_head, new_default) = _halves(old), _halves(new)
    if old_default and not new_default:
        return False
    if old_head == new_head:
        return True
    # pg_get_function_arguments() writes a name, if there is one, between mode and type.
    mode = _MODE.match(old_head)
    start = mode[0] if mode else ""
    if start.startswith(("OUT", "INOUT")) or not new_head.startswith(start):
        return False
    name, _space, type_ = _word(new_head.removeprefix(start))
    return bool(name) and type_ == old_head.removeprefix(start)


def _halves(argument: str) -> tuple[str, bool]:
    head, default, _ = argument.partition(" DEFAULT ")
    return head, bool(default)


def _word(text: str) -> tuple[str, str, str]:
    if text.startswith('"'):
        end = text.find('" ', 1)
        return (text[: end + 1], " ", text[end + 2 :]) if end > 0 else ("", "", text)
    return text.partition(" ")


def split_arguments(text: str) -> list[str]:
    """The arguments, at the commas outside parentheses, brackets and quotes."""
    parts, depth, quote, start = [], 0, "", 0
    for place, letter in enumerate(text):
        if quote:
            quote = "" if letter == quote else quote
        elif letter in "'\"":
            quote = letter
        elif letter in "([":
            depth += 1
        elif letter in ")]":
            depth -= 1
        elif letter == "," and depth == 0:
            parts.append(text[start:place].strip())
            start = place + 1
    return [*parts, text[start:].strip()] if text.strip() else []
