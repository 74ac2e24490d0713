"""Which URLs lead to a pooler that hands out a server connection for one transaction only."""

from __future__ import annotations

import re
from collections.abc import Mapping

# Supabase's shared pooler and its dedicated one listen for transactions on 6543, for sessions (the
# dedicated one: for direct connections) on 5432.
_SUPABASE = re.compile(
    r"(?P<host>[\w\-]+(?:\.[\w\-]+)*\.pooler\.supabase\.com|\bdb\.[\w\-]+\.supabase\.(?:co|com))"
    r":6543(?!\d)",
    re.IGNORECASE,
)
# What Prisma and some drivers are told of a pooler in that mode.
_TOLD = re.compile(r"(?P<mark>[?&])pgbouncer=true&?", re.IGNORECASE)
# How libpq's programs are told where to connect, besides a URL.
_HOST = re.compile(r"""(?:\bhost=|(?<!\S)-h\s*|--host[= ]\s*)["']?([\w\-.]+)""")
_PORT = re.compile(r"""(?:\bport=|(?<!\S)-p\s*|--port[= ]\s*)["']?(\d+)""")
_URL = re.compile(r"\bpostgres(?:ql)?(?:\+\w+)?://[^\s\"'`]+", re.IGNORECASE)


def transaction_pooler(text: str) -> str:
    """The first URL in a text that leads to one, as it stands there; "" where none does."""
    urls = (found[0] for found in _URL.finditer(text))
    return next((url for url in urls if _SUPABASE.search(url) or _TOLD.search(url)), "")


def dump_pooler(command: str, variables: Mapping[str, str]) -> str:
    """The URL, or "host:port", of one that pg_dump is to connect to; "" where nothing says so."""
    named = re.findall(r"\$\{?(\w+)", command)
    urls = (transaction_pooler(text) for text in (command, *(variables.get(n, "") for n in named)))
    if url := next(filter(None, urls), ""):
        return url
    host, port = _HOST.search(command), _PORT.search(command)
    place = ":".join(
        found[1] if found else variables.get(name, "")
        for found, name in ((host, "PGHOST"), (port, "PGPORT"))
    )
    return place if _SUPABASE.fullmatch(place) else ""


def session_url(url: str) -> str:
    """The URL of the same database for sessions; "" where only its owner knows that."""
    if not _SUPABASE.search(url):
        return ""
    return _TOLD.sub(r"\g<mark>", _SUPABASE.sub(r"\g<host>:5432", url)).rstrip("?&")
