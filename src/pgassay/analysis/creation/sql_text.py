"""Small parts of SQL statements: bodies, options, lists."""

from __future__ import annotations

import re
from collections.abc import Iterable

from pgassay.analysis.sql_identifier import literal, quoted

_BARE = re.compile(r"-?\d+(\.\d+)?|[a-z_]+")
# Settings whose value is a list of names (GUC_LIST_QUOTE): each is quoted by itself.
_LISTS = frozenset(
    {
        "local_preload_libraries",
        "search_path",
        "session_preload_libraries",
        "shared_preload_libraries",
        "temp_tablespaces",
        "unix_socket_directories",
    }
)
_LIST_ENTRY = re.compile(r'"((?:[^"]|"")*)"|([^,\s"]+)')


def dollar_quoted(body: str) -> str:
    """The body between dollar tags that do not occur in it."""
    tag, number = "", 0
    # A body ending in `$` or `$body` would run into the closing tag.
    while f"${tag}$" in f"{body}$":
        number += 1
        tag = f"body{number if number > 1 else ''}"
    return f"${tag}${body}${tag}$"


def storage_options(options: Iterable[str]) -> str:
    """ "name=value" ones as `name=value, other='a b'`, for WITH and SET."""
    return ", ".join(
        f"{name}={value if _BARE.fullmatch(value) else literal(value)}"
        for name, value in map(_pair, options)
    )


def foreign_options(options: Iterable[str]) -> str:
    """ "name=value" ones as `name 'value'`, for OPTIONS."""
    return ", ".join(f"{quoted(name)} {literal(value)}" for name, value in map(_pair, options))


def setting(text: str) -> str:
    """`name=value` as `name TO value`, for SET."""
    name, value = _pair(text)
    written = ".".join(quoted(part) for part in name.split("."))
    if name.lower() in _LISTS:
        names = [plain or inside.replace('""', '"') for inside, plain in _LIST_ENTRY.findall(value)]
        return f"{written} TO {', '.join(map(literal, names)) or literal('')}"
    return f"{written} TO {literal(value)}"


def _pair(option: str) -> tuple[str, str]:
    name, _, value = option.partition("=")
    return name, value
