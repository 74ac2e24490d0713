"""Passwords behind a key: `DB_PASSWORD=...`, `password: ...`, `host=... password=...`."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice
from typing import Literal

from pgassay.analysis.password_examples import is_example_login
from pgassay.analysis.password_placeholders import is_placeholder, is_throwaway
from pgassay.analysis.password_spot import Spot, is_local_host, plain_host

Kind = Literal["shell", "ini", "toml", "yaml", "json", "python", "sql", "pgpass", "other"]

_KEY_END = re.compile(
    r"(?:password|passwd|passwort|passphrase|pwd|pass)(?P<quote>[\"']?)\]?[ \t]{0,8}"
    r"(?::[ \t]{0,4}(?:str|SecretStr|Optional\[str\]|str \| None)[ \t]{0,4}(?==))?"
    r"(?P<sep>[:?]?=|:)(?![=>:\-])",
    re.IGNORECASE,
)
_QUOTED = re.compile(r"[rbu]?(?:\"((?:[^\"\\\n]|\\.){0,300})\"|'((?:[^'\\\n]|\\.){0,300})')", re.I)
_WORD = re.compile(r"[^\s\"'`;&|)]{1,300}")
_FLOW_WORD = re.compile(r"[^\s,}\"']{1,300}")
_REST_OF_LINE = re.compile(r"[^\r\n]{1,400}")
_CONNINFO_VALUE = re.compile(
    r"'((?:[^'\\\n]|\\.){1,300})'|([^\s;&,'\"`()]{1,300})(?=[\s;&'\"`\\]|$)"
)
# A comma or a bracket behind the value would be an argument list of some language.
_COMPANY = re.compile(
    r"(?<![\w.\-])(?P<name>host|hostaddr|server|data source|port|dbname|database|initial catalog|"
    r"user|username|user id|uid)\s?=\s?(?P<value>[^\s;&,'\"()]{1,100})(?=[\s;&'\"]|$)",
    re.IGNORECASE,
)
_USER_NAMES = ("user", "username", "user id", "uid")
_HOST_NAMES = ("host", "hostaddr", "server", "data source")
_URL_BEFORE = re.compile(r"://(?:[^\s/@]{0,100}@)?([^\s/?@]{1,255})[/?][^\s:]{0,200}\Z")
_WORDS_OF_KEY = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+")
_ABOUT_PASSWORDS = """
    allow ask change check confirm confirmation disable enable enter forgot forget has hash hashed
    hide incorrect invalid is max min missing no prompt require required reset set should show
    skip strong toggle update use validate validation verify weak with without wrong
"""
_NOT_A_PASSWORD = frozenset(_ABOUT_PASSWORDS.split())
_OF_DATABASES = ("db", "database", "pg", "postgres", "postgresql", "sql", "pgpassword")
_NEAR, _FAR = 300, 4000
_LONGEST_KEY = 80
# Beyond these a file is data; reading it must stay quick.
_MOST_KEYS = 5000
_HOSTS_LOOKED_FOR = 200


def passwords_behind_keys(text: str, kind: Kind) -> Iterator[Spot]:
    """Every password that a key announces, as far as files of that kind write them so."""
    looked_for = 0
    for found in islice(_KEY_END.finditer(text), _MOST_KEYS):
        start = _key_start(text, found.start())
        quote_at = found.start("quote")
        key = text[start:quote_at].lstrip("-.")
        if text[max(0, start - 2) : start] == "${" or text[start - 1 : start] == "$":
            continue
        if not names_password(key):
            continue
        spot = _in_conninfo(text, found, start, key)
        if spot is None and _announces(kind, key, found, text):
            span = _value(text, found.end(), kind)
            if span and _written(text[slice(*span)], kind):
                looked_for += 1
                host = _host_beside(text, start, key) if looked_for <= _HOSTS_LOOKED_FOR else ""
                value = text[slice(*span)]
                local = is_local_host(host) if host else is_throwaway(value)
                shown = f"{key}: ***" if found["sep"] == ":" else f"{key}=***"
                spot = Spot(*span, key=key, shown=shown, host=host, local=local)
        if spot:
            yield spot


def _key_start(text: str, end: int) -> int:
    start = end
    while start > max(0, end - _LONGEST_KEY):
        if not (text[start - 1].isalnum() or text[start - 1] in "_.-"):
            break
        start -= 1
    return start


def names_password(key: str) -> bool:
    """Whether a key holds a password, not something about one such as `password_hash_rounds`."""
    words = [word.lower() for word in _WORDS_OF_KEY.findall(key)]
    if not words or not _NOT_A_PASSWORD.isdisjoint(words[:-1]):
        return False
    last = words[-1]
    if last == "pass":
        return len(words) > 1
    return last in ("pwd", "pgpass") or last.endswith(
        ("password", "passwd", "passwort", "passphrase", "dbpass", "dbpwd")
    )


def _announces(kind: Kind, key: str, found: re.Match[str], text: str) -> bool:
    """Whether a file of this kind writes values so."""
    after = text[found.end() : found.end() + 1]
    tight = found["sep"] == "=" and not after.isspace() and text[found.start("sep") - 1].isalpha()
    if kind == "shell":
        return tight and key.upper() not in ("PWD", "OLDPWD")
    if kind == "ini":
        return found["sep"] != "?="
    if kind == "toml":
        return found["sep"] == "="
    if kind == "yaml":
        return found["sep"] == ":" or (tight and key.isupper())
    if kind == "json":
        return (found["sep"] == ":" and found["quote"] == '"') or (tight and key.isupper())
    if kind == "python":
        words = [word.lower() for word in _WORDS_OF_KEY.findall(key)]
        django = key == "PASSWORD" and bool(found["quote"]) and found["sep"] == ":"
        return django or not set(_OF_DATABASES).isdisjoint(words)
    return False


def _value(text: str, end: int, kind: Kind) -> tuple[int, int] | None:
    """The span of the value that begins behind a separator."""
    while end < len(text) and text[end] in " \t":
        end += 1
    quoted = _QUOTED.match(text, end)
    if quoted:
        return quoted.span(1) if quoted[1] is not None else quoted.span(2)
    if kind in ("toml", "python") or text[end : end + 1] in ('"', "'"):
        return None
    if kind == "json":
        word = _FLOW_WORD.match(text, end) if text[end - 1 : end] == "=" else None
    elif kind == "shell" or (kind == "yaml" and text[end - 1 : end] == "="):
        word = _WORD.match(text, end)
    else:
        line = _REST_OF_LINE.match(text, end)
        if line is None:
            return None
        value = re.split(r"\s[#;]", line[0], maxsplit=1)[0].rstrip()
        flow = _FLOW_WORD.match(text, end) if kind == "yaml" else None
        if flow and value[len(flow[0]) :][:1] in (",", "}"):
            return flow.span()
        return (end, end + len(value))
    return word.span() if word else None


def _written(value: str, kind: Kind) -> bool:
    """Whether a value is a password and neither a stand-in nor prose."""
    if kind != "shell" and re.search(r"\s", value):
        return False
    return not value.startswith(("{", "[")) and not is_placeholder(value)


def _in_conninfo(text: str, found: re.Match[str], start: int, key: str) -> Spot | None:
    """A password in `host=... user=... password=...`, or `Host=...;Password=...`."""
    if key.lower() not in ("password", "pwd") or found["sep"] != "=" or found["quote"]:
        return None
    line_start = max(text.rfind("\n", max(0, start - _NEAR), start) + 1, start - _NEAR, 0)
    end = found.end()
    while text[end : end + 1] == " ":
        end += 1
    value = _CONNINFO_VALUE.match(text, end)
    if value is None:
        return None
    line_end = text.find("\n", value.end(), value.end() + _NEAR)
    rest = text[value.end() : line_end if line_end >= 0 else value.end() + _NEAR]
    company = [*_COMPANY.finditer(text[line_start:start]), *_COMPANY.finditer(rest)]
    password = value[1] or value[2]
    queried = text[start - 1 : start] in ("?", "&")
    url = _URL_BEFORE.search(text[line_start:start]) if queried else None
    if not (company or url) or is_placeholder(password):
        return None
    said = {item["name"].lower(): item["value"] for item in company}
    if any(is_example_login(said.get(name, ""), password) for name in _USER_NAMES):
        return None
    host = plain_host(next((said[name] for name in _HOST_NAMES if name in said), ""))
    if url and not host:
        host = plain_host(url[1])
    shown = " ".join([*(f"{name}={said[name]}" for name in said), f"{key}=***"])
    local = is_local_host(host)
    span = value.span(1) if value[1] is not None else value.span(2)
    return Spot(*span, key=key, shown=shown, host=host, local=local)


def _host_beside(text: str, start: int, key: str) -> str:
    """The host that a key of the same family names nearby: DB_HOST for DB_PASSWORD."""
    prefix = re.sub(r"(?i)[_.\-]?(?:password|passwd|passwort|passphrase|pwd|pass)$", "", key)
    reach = _FAR if prefix else _NEAR
    family = re.escape(prefix) + "[_.-]?" if prefix else ""
    pattern = re.compile(
        rf"(?<![\w.\-]){family}(?:host|hostname|hostaddr|server)[\"']?\]?[ \t]{{0,8}}[:=]"
        r"[ \t]{0,8}[\"']?([^\s\"',;}\\]{1,255})",
        re.IGNORECASE,
    )
    found = pattern.finditer(text, max(0, start - reach), start + reach)
    nearest = min(found, key=lambda match: abs(match.start() - start), default=None)
    return plain_host(nearest[1]) if nearest else ""
