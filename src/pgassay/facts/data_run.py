"""What the rows of a database showed of its rules."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from pgassay.facts.data_rule import DataRule, NamedQuery

Ending = Literal["passed", "failed", "proved", "partial", "vacuous", "unavailable"]
"""passed: every row was looked at. proved: a constraint keeps wrong rows out, so none was. partial:
only some were, and none of those is wrong. vacuous: the table has no rows."""


@dataclass(frozen=True, slots=True)
class Affected:
    """The exact sum of a money column over the rows that are wrong, of one currency ("" where none
    is known), as PostgreSQL writes a numeric."""

    column: str
    currency: str
    amount: str


@dataclass(frozen=True, slots=True)
class RuleOutcome:
    """`failing` is the number of rows (of journals, for `Balanced`) that are wrong, None where it
    is not known. `keys` are of the first of them, by `key_columns`; what may be personal is a
    token. `coverage` says in words how much was looked at; `sql` what was asked. `reason`: why it
    could not be had, or what proves it."""

    rule: DataRule
    ending: Ending
    failing: int | None = None
    key_columns: tuple[str, ...] = ()
    keys: tuple[tuple[str, ...], ...] = ()
    affected: tuple[Affected, ...] = ()
    coverage: str = ""
    sql: str = ""
    reason: str = ""
    next_step: str = ""
    seconds: float = 0.0


@dataclass(frozen=True, slots=True)
class QueryValue:
    """`value` as PostgreSQL writes it, None for NULL. `reason` why there is none, "" where there
    is."""

    query: NamedQuery
    value: str | None = None
    reason: str = ""


@dataclass(frozen=True, slots=True)
class DataRun:
    """All outcomes are of one snapshot, taken at `at`, ISO 8601. `snapshot` is its
    pg_current_snapshot(). `waited_for` are the reasons why reading was slowed down."""

    path: str
    at: str
    snapshot: str
    outcomes: tuple[RuleOutcome, ...] = ()
    values: tuple[QueryValue, ...] = ()
    seconds: float = 0.0
    waited_for: tuple[str, ...] = ()
