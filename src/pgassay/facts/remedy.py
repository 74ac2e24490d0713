"""What makes an object that a history needs and does not make."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Remedy:
    """SQL statements, and whose object they make, such as "alembic/" or "the models"."""

    statements: tuple[str, ...]
    source: str
