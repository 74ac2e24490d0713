"""Database URLs as text: what may be shown of them."""

from __future__ import annotations

import re

# The password ends at the last @ before the host, since people forget to escape one.
_PASSWORD = re.compile(
    r"(?P<before>[a-z][a-z0-9+.\-]*://[^\s:/@]*:)[^\s]*@(?P<after>[^\s@]*)", re.IGNORECASE
)
_QUERY = re.compile(r"(?P<before>[?&](?:password|sslpassword)=)[^&\s]*", re.IGNORECASE)
_KEYWORD = re.compile(
    r"(?P<before>\b(?:password|sslpassword)\s*=\s*)('(?:[^'\\]|\\.)*'|[^\s&]+)", re.IGNORECASE
)


def masked_url(text: str) -> str:
    """`text` with every password in a URL or keyword string in it replaced by `***`."""
    text = _PASSWORD.sub(r"\g<before>***@\g<after>", text)
    text = _QUERY.sub(r"\g<before>***", text)
    return _KEYWORD.sub(r"\g<before>***", text)


def url_scheme(text: str) -> str:
    """Such as `postgresql+asyncpg`; "" for what is not a URL of PostgreSQL."""
    found = re.match(r"\s*[\"']?((?:postgres|postgresql)(?:\+\w+)?)://", text)
    return found.group(1) if found else ""


def other_dialect(url: str) -> str:
    """Such as `sqlite`; "" for a URL of PostgreSQL, and for what is no URL."""
    found = re.match(r"\s*([a-z][a-z0-9]*)(?:\+\w+)?://", url, re.IGNORECASE)
    return "" if found is None or url_scheme(url) else found.group(1).lower()
