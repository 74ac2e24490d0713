"""Saying that what scratch showed was seen by an earlier run."""

from __future__ import annotations

from pgassay.render.plain import one_line

LABEL = "scratch runs"


def unchanged(since: str) -> str:
    """One sentence, `since` being ISO 8601; "" for ""."""
    if not since:
        return ""
    moment = one_line(since)[:16].replace("T", " ")
    return f"unchanged since {moment}, not run again (see `--no-cache`)"
