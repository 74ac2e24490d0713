"""Small texts of the catalogs in one way of writing: options, function names."""

from __future__ import annotations

import re
from collections.abc import Iterable

# Options that are a boolean, which PostgreSQL keeps in the word that was used.
_BOOLEAN = re.compile(
    r"(toast\.)?(autovacuum_enabled|vacuum_truncate|user_catalog_table)|security_(barrier|invoker)"
    r"|deduplicate_items|fastupdate|autosummarize"
)
_TRUE = frozenset({"on", "true", "tru", "tr", "t", "yes", "ye", "y", "1"})
_UNQUALIFIED = re.compile(r'("(?:[^"]|"")*"|[^".(]+)(\(.*)?', re.DOTALL)


def storage_options(options: Iterable[str] | None, prefix: str = "") -> tuple[str, ...]:
    """reloptions in alphabetical order, booleans as true or false."""
    return tuple(sorted(_option(prefix + option) for option in options or ()))


def _option(text: str) -> str:
    name, equals, value = text.partition("=")
    if equals and _BOOLEAN.fullmatch(name):
        value = "true" if value.lower() in _TRUE else "false"
    return name + equals + value


def routine(text: str) -> str:
    """A regproc's or regprocedure's text with its schema: PostgreSQL leaves out pg_catalog, which
    is on the search path. "" for none."""
    if text == "-":
        return ""
    return f"pg_catalog.{text}" if _UNQUALIFIED.fullmatch(text) else text


_ROUTINES = re.compile(
    r"(input|output|receive|send|typmod_in|typmod_out|analyze|subscript|m?sfunc|minvfunc"
    r"|m?finalfunc|combinefunc|serialfunc|deserialfunc|restrict|join|start|gettoken|end|lextypes"
    r"|headline|init|lexize)=(.*)",
    re.DOTALL,
)


def properties(texts: Iterable[str] | None) -> tuple[str, ...]:
    """ "name=value" ones as they are, functions with their schema."""
    return tuple(
        f"{found[1]}={routine(found[2])}" if (found := _ROUTINES.fullmatch(text)) else text
        for text in texts or ()
    )


def automatic_not_null(table: str, column: str) -> str:
    """The name that PostgreSQL gives a NOT NULL constraint (makeObjectName): 63 bytes at most, the
    longer part cut."""
    one, two = table.encode(), column.encode()
    while len(one) + len(two) > 63 - len("__not_null"):
        if len(one) > len(two):
            one = one[:-1]
        else:
            two = two[:-1]
    return "_".join([one.decode(errors="ignore"), two.decode(errors="ignore"), "not_null"])
