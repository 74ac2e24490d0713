"""A file's text as it is on disk."""

from __future__ import annotations

from pathlib import Path


def exact_text(path: Path) -> str:
    """With the ends of its lines as they are; "" of what cannot be read."""
    try:
        return path.read_bytes().decode("utf-8")
    except (OSError, UnicodeDecodeError):
        return ""
