"""Passwords, tokens and keys in options and settings are never facts: they are replaced by ***."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable

_Judge = Callable[[str, str], bool]

HIDDEN = "***"
HIDDEN_OPTIONS = ("hidden",)

# Of a name, its separators taken out: whatever stands around these.
_PARTS = re.compile(
    r"pass(word|wd|file|phrase|code|wort)|pwd|secret|credential|token|jwt"
    r"|(api|access|account|private|shared|storage|encryption|signing|master)key"
)
# Of a name, as a whole word of it.
_WORDS = frozenset(
    {
        "auth", "authorization", "bearer", "cert", "cookie", "cred", "creds", "key", "pass", "pin",
        "psw", "pw", "sas", "sig", "signature",
    }
)  # fmt: skip
# Names of PostgreSQL's own that speak of passwords and hold none.
_HARMLESS = frozenset({"password_encryption", "password_required", "use_scram_passthrough"})
_WORD = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])")
_SWITCH = frozenset(["on", "off", "true", "false", "yes", "no", "t", "f", "y", "n"])
_NUMBER = re.compile(r"[-+]?\d+(\.\d+)?")

_NAMED = re.compile(r"""([\w.-]+)(["']?\s*=\s*|["']\s*:\s*)""")
_QUOTED = re.compile(r"""'(?:[^'\\]|\\.|'')*'|"(?:[^"\\]|\\.|"")*"|\{(?:[^}]|\}\})*\}""", re.DOTALL)
# Up to where another name= stands, or the end: a password may hold what parts others.
_UP_TO_NEXT = re.compile(r"""(?s:.*?)(?=[;,\s]+["']?[\w.-]+["']?\s*[=:]|\}*\s*\Z)""")
_UP_TO_NEXT_IN_URL = re.compile(r"(?s:.*?)(?=[&;,\s]+[\w.-]+\s*=|\Z)")
_SCHEME_OF_TOKEN = re.compile(r"\b(bearer|basic)\s+\S+", re.IGNORECASE)

# What stands before the last @ that the path, if any, comes after.
_AUTHORITY = re.compile(r"(\w[\w+.-]*)?://([^/\s]*)@")
# A password with a slash in it, which is no port.
_ODD_AUTHORITY = re.compile(r"://([^/@\s:]*):(?!\d+/)([^@\s]*/\S*)@")
_ORACLE = re.compile(r"(jdbc:oracle:\w+:[^/@\s]+/)\S+(?=@)", re.IGNORECASE)


def without_secrets(options: Iterable[str] | None) -> tuple[tuple[str, ...], int]:
    """ "name=value" ones in alphabetical order, passwords and the like replaced by ***, and how
    many of them hold such."""
    return _each(options, _is_secret)


def without_values(options: Iterable[str] | None) -> tuple[tuple[str, ...], int]:
    """As `without_secrets`, for a user mapping: what says who somebody is counts as a secret, but
    for the user's name and switches."""
    return _each(
        options,
        lambda name, value: (
            name.lower() not in ("user", "username", *_HARMLESS) and value.lower() not in _SWITCH
        ),
    )


def _each(options: Iterable[str] | None, is_secret: _Judge) -> tuple[tuple[str, ...], int]:
    shown, number = [], 0
    for option in options or ():
        name, equals, value = option.partition("=")
        hidden = HIDDEN if is_secret(name, value) else _value(value)
        number += hidden != value or value == HIDDEN
        shown.append(name + equals + hidden)
    return tuple(sorted(shown)), number


def _is_secret(name: str, value: str) -> bool:
    """Whether the value under this name is one. A number is, where the name ends in the word: a
    password may be digits, `token_limit` is none."""
    if name.lower() in _HARMLESS or value.lower() in _SWITCH:
        return False
    words = [word.lower() for word in _WORD.findall(name)]
    joined = "".join(words)
    parts = list(_PARTS.finditer(joined))
    last = bool(parts and parts[-1].end() == len(joined)) or bool(words and words[-1] in _WORDS)
    return last or (
        bool(parts or _WORDS.intersection(words)) and not _NUMBER.fullmatch(value.strip())
    )


def _value(value: str) -> str:
    """A value that holds options itself, as connection strings and URLs do."""
    shown = _AUTHORITY.sub(_authority, value)
    shown = _ODD_AUTHORITY.sub(rf"://\1:{HIDDEN}@", shown)
    shown = _ORACLE.sub(rf"\1{HIDDEN}", shown)
    shown = _SCHEME_OF_TOKEN.sub(rf"\1 {HIDDEN}", shown)
    up_to_next = _UP_TO_NEXT_IN_URL if "://" in value else _UP_TO_NEXT
    kept, place = [], 0
    while named := _NAMED.search(shown, place):
        held = _QUOTED.match(shown, named.end()) or up_to_next.match(shown, named.end())
        kept.append(shown[place : named.end()])
        place = named.end()
        if held and _is_secret(named[1], held[0]):
            kept.append(HIDDEN)
            place = held.end()
    return "".join([*kept, shown[place:]])


def _authority(found: re.Match[str]) -> str:
    scheme, userinfo = (found[1] or "").lower(), found[2]
    user, colon, _ = userinfo.partition(":")
    if scheme.startswith("http") or not (colon or scheme.startswith("postgres")):
        return f"{found[1] or ''}://{HIDDEN}@"
    return f"{found[1] or ''}://{user}{colon}{HIDDEN if colon else ''}@"
