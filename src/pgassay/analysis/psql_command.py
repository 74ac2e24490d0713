"""psql's backslash commands: what they are to a run that only looks."""

from __future__ import annotations

import re
from typing import NamedTuple

_COMMAND = re.compile(r"\\(?P<name>!|\w+\+?)\s*(?P<rest>.*)$", re.DOTALL)
_ARGUMENT = re.compile(r"""'(?P<single>(?:[^']|'')*)'|"(?P<double>[^"]*)"|(?P<plain>\S+)""")
_TRUE = ("true", "on", "yes", "1", "t", "y")
_FALSE = ("false", "off", "no", "0", "f", "n")

SILENT = frozenset(
    (
        *("a", "C", "conninfo", "copyright", "echo", "encoding", "errverbose", "f", "g", "gdesc"),
        *("gx", "H", "help", "html", "p", "print", "pset", "qecho", "r", "reset", "restrict", "t"),
        *("T", "timing", "unrestrict", "unset", "warn", "watch", "x"),
    )
)
"""They only change what is shown."""

NOT_CARRIED_OUT = {
    "!": "it starts a program",
    "copy": "it reads or writes a file of whoever runs it",
    "o": "it writes a file",
    "out": "it writes a file",
    "w": "it writes a file",
    "write": "it writes a file",
    "s": "it writes a file",
    "e": "it opens an editor",
    "edit": "it opens an editor",
    "prompt": "it asks somebody",
    "password": "it asks somebody",
    "bind": "it is not known here",
    "getenv": "the environment is another one here",
    "setenv": "the environment is another one here",
    "lo_import": "it reads a file",
    "lo_export": "it writes a file",
    "cd": "it leaves the folder",
}


class PsqlCommand(NamedTuple):
    """`rest` is what follows the name, `arguments` its words without their quotes."""

    name: str
    rest: str
    arguments: tuple[str, ...]


def psql_command(text: str) -> PsqlCommand:
    match = _COMMAND.match(text)
    if match is None:
        return PsqlCommand(text[1:2], text[2:].strip(), ())
    found = tuple(
        m["single"].replace("''", "'") if m["single"] is not None else m["double"] or m["plain"]
        for m in _ARGUMENT.finditer(match["rest"])
    )
    return PsqlCommand(match["name"], match["rest"].strip(), found)


def truth(text: str) -> bool | None:
    r"""What \if takes an expression for; None for one that psql would have to compute."""
    word = text.strip().strip("'\"").lower()
    return True if word in _TRUE else False if word in _FALSE else None
