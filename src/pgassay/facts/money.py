"""Columns that hold money."""

from __future__ import annotations

from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import Literal

from pgassay.facts.location import Location

Side = Literal["models", "history", "live"]


@dataclass(frozen=True, slots=True)
class MoneyPrecision:
    """The numeric(precision, scale) that columns matching `pattern` must have.

    `pattern` is matched by shell rules against `schema.table.column`.
    """

    pattern: str
    precision: int
    scale: int

    def covers(self, subject: str) -> bool:
        return fnmatchcase(subject, self.pattern) or fnmatchcase(subject, f"*.{self.pattern}")


@dataclass(frozen=True, slots=True)
class MoneyType:
    """The type one side gives a money column, and where that side writes it."""

    side: Side
    type: str
    location: Location | None = None


@dataclass(frozen=True, slots=True)
class MoneyColumn:
    """A column taken for money. `why` says on what evidence, so that people can overrule it."""

    schema: str
    table: str
    name: str
    why: str
    types: tuple[MoneyType, ...]

    @property
    def subject(self) -> str:
        return f"{self.schema}.{self.table}.{self.name}"
