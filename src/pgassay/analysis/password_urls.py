"""Passwords in URLs: `scheme://user:password@host`."""

from __future__ import annotations

import re
from collections.abc import Iterator

from pgassay.analysis.password_examples import is_example_login, is_example_server
from pgassay.analysis.password_placeholders import is_placeholder
from pgassay.analysis.password_spot import Spot, is_local_host, plain_host

_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.\-]{0,40}\Z")
_USER = r"(?P<user>[^\s:/@\"'`<>?#]{0,100})"
_HOST = r"(?P<host>[^\s/?#\"'`<>\\|)@]{0,255})"
# Up to the last @, since people forget to escape one; never into the next URL.
_LENIENT = re.compile(rf"{_USER}:(?P<password>(?:(?!://)[^\s\"'`]){{1,300}})@{_HOST}")
_STRICT = re.compile(rf"{_USER}:(?P<password>[^\s\"'`/?]{{1,300}})@{_HOST}")
_PORT = re.compile(r"\d{1,5}[/?]")
_PATH = re.compile(r"/[\w.\-]{0,63}")
_HOST_IN_QUERY = re.compile(r"[^\s\"'`]{0,200}?[?&]host=([^\s&\"'`#]{1,255})")
_KEY = re.compile(
    r"([A-Za-z_][\w.\-]{0,80})[\"']?\]?\s{0,8}[:=]\s{0,8}[rbfu]{0,2}[\"']?(?:jdbc:)?\Z"
)
_DEFAULT_OF = re.compile(r"[\"']([A-Za-z_][\w.\-]{0,80})[\"']\s{0,8},\s{0,8}[rbfu]{0,2}[\"']\Z")
_NAMED = re.compile(
    r"(?:name|key):[ \t]{0,8}[\"']?([\w.\-]{1,80})[\"']?[ \t]{0,8}\r?\n[ \t\-]{0,60}\Z"
)
_DATABASES = ("postgres", "mysql", "mariadb", "mssql", "oracle", "mongodb", "redis", "cockroach")


def passwords_in_urls(text: str) -> Iterator[Spot]:
    """Every password in a URL that is not a placeholder."""
    at = text.find("://")
    while at >= 0:
        spot = _spot(text, at)
        if spot:
            yield spot
        at = text.find("://", spot.end if spot else at + 3)


def _spot(text: str, at: int) -> Spot | None:
    scheme = _SCHEME.search(text[max(0, at - 41) : at])
    if scheme is None:
        return None
    database = scheme[0].lower().startswith(_DATABASES)
    found = (_LENIENT if database else _STRICT).match(text, at + 3)
    if found is None or _PORT.match(found["password"]) or not (found["user"] or database):
        return None
    user, password = found["user"], found["password"]
    if is_placeholder(password) or is_example_login(user, password):
        return None
    named, _, port = found["host"].rstrip(",;.").partition(":")
    if is_example_server(named, port if "," not in port and ":" not in port else "", password):
        return None
    hosts = [plain_host(host) for host in found["host"].rstrip(",;.").split(",")]
    path = _PATH.match(text, found.end())
    shown_host = found["host"]
    if not found["host"]:
        elsewhere = _HOST_IN_QUERY.match(text, found.end())
        hosts = [plain_host(elsewhere[1])] if elsewhere else []
    local = all(is_local_host(host) for host in hosts)
    return Spot(
        start=found.start("password"),
        end=found.end("password"),
        key=_key(text, at - len(scheme[0])) or f"{scheme[0]} URL",
        shown=f"{scheme[0]}://{user}:***@{shown_host}{path[0] if path and database else ''}",
        host=next((host for host in hosts if not is_local_host(host)), "".join(hosts[:1])),
        local=local,
    )


def _key(text: str, start: int) -> str:
    """What the URL is assigned to: `sqlalchemy.url`, `DATABASE_URL`; "" where nothing says."""
    before = text[max(0, start - 200) : start]
    line = before[before.rfind("\n") + 1 :]
    found = _KEY.search(line) or _DEFAULT_OF.search(line)
    if found is None:
        return ""
    if found[1].lower() == "value":
        named = _NAMED.search(before[: before.rfind("\n") + 1])
        return named[1] if named else found[1]
    return found[1]
