"""psql's variables in an SQL text: `:name`, `:'name'` and `:"name"`."""

from __future__ import annotations

import re
from collections.abc import Mapping

_KEPT = (
    r"(?P<kept>--[^\n]*|/\*.*?\*/|[eE]'[^'\\]*(?:(?:''|\\.)[^'\\]*)*'|'[^']*(?:''[^']*)*'"
    r'|"[^"]*(?:""[^"]*)*"|(?P<tag>\$(?:[^\W\d]\w*)?\$).*?(?P=tag)|::)'
)
_VARIABLE = re.compile(
    _KEPT + r"""|:\{\?(?P<asked>\w+)\}|:(?P<quote>['"]?)(?P<name>\w+)(?P=quote)""", re.DOTALL
)


def substitute(sql: str, variables: Mapping[str, str]) -> str:
    """The text as psql sends it. What no variable is called stays, as with psql."""

    def value(match: re.Match[str]) -> str:
        if match["kept"]:
            return match.group()
        if match["asked"]:
            return "TRUE" if match["asked"] in variables else "FALSE"
        if match["name"] not in variables:
            return match.group()
        held = variables[match["name"]]
        quote = match["quote"]
        return quote + held.replace(quote, quote * 2) + quote if quote else held

    return _VARIABLE.sub(value, sql)


def variables_in(sql: str) -> tuple[str, ...]:
    """What looks like a variable in a text that was substituted; `[1:n]` does too."""
    found = (m["name"] for m in _VARIABLE.finditer(sql) if m["name"] and not m["name"].isdigit())
    return tuple(dict.fromkeys(found))
