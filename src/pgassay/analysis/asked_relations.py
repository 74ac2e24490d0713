"""The relations whose being there an SQL text asks for."""

from __future__ import annotations

import re
from collections.abc import Iterator

from pgassay.analysis.sql_identifier import unquoted

_PART = r'(?:"(?:[^"]|"")+"|\w+)'
_ASKED = re.compile(
    r"\b(?:to_regclass\s*\(\s*'|ALTER\s+TABLE\s+IF\s+EXISTS\s+(?:ONLY\s+)?)"
    rf"(?P<written>{_PART}(?:\.{_PART})?)"
    r"|\b(?:table_name|relname|tablename)\s*=\s*'(?P<plain>[^']+)'",
    re.IGNORECASE,
)
_FILLED_IN = re.compile(r"[{}%:]")


def relations_asked(text: str) -> Iterator[str]:
    """Each as it is called, without quotes, its schema before it; not one with a dot in its name or
    that is filled in later."""
    for found in _ASKED.finditer(text):
        parts = re.findall(_PART, found["written"] or "")
        names = [unquoted(part) if part.startswith('"') else part.lower() for part in parts]
        names = names or [found["plain"]]
        if not any("." in name or _FILLED_IN.search(name) for name in names):
            yield ".".join(names)
