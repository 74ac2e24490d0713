"""Rules that rows must keep: as a project writes them down, or as they are proposed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Literal

from pgassay.facts.catalog import TableName
from pgassay.facts.location import Location

Alike = Literal["case", "blanks"]
"""What two values may differ in and still count as one."""

Grave = Literal["", "blocker", "warning", "info"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """`table` is the one whose rows are judged, (schema, name). `severity` "" leaves it to the
    check. `location` is where it is written; `reason` why somebody proposed it."""

    KIND: ClassVar[str]

    table: TableName
    severity: Grave = ""
    location: Location | None = None
    reason: str = ""

    @property
    def columns(self) -> tuple[str, ...]:
        """Those of `table` that it is about."""
        raise NotImplementedError

    @property
    def tables(self) -> tuple[TableName, ...]:
        """All that have to be read."""
        return (self.table,)

    @property
    def subject(self) -> str:
        """`schema.table.column`, several columns with `+` between."""
        return ".".join((*self.table, "+".join(self.columns)))


@dataclass(frozen=True, slots=True, kw_only=True)
class OfColumn(Rule):
    column: str

    @property
    def columns(self) -> tuple[str, ...]:
        return (self.column,)


@dataclass(frozen=True, slots=True, kw_only=True)
class OfColumns(Rule):
    together: tuple[str, ...]

    @property
    def columns(self) -> tuple[str, ...]:
        return self.together


@dataclass(frozen=True, slots=True, kw_only=True)
class NotNull(OfColumn):
    """It holds a value in every row."""

    KIND = "not_null"


@dataclass(frozen=True, slots=True, kw_only=True)
class InRange(OfColumn):
    """`low` and `high` as SQL writes them, "" for none; NaN and infinities are in no range.
    `above` and `below`: the bound itself is outside."""

    KIND = "range"

    low: str = ""
    high: str = ""
    above: bool = False
    below: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Fits(OfColumn):
    """Rounded to `scale` it fits numeric(precision, scale), and is a number: what a conversion to
    that type wants. 9999999999.995 does not fit numeric(12,2), though it is below 1e10."""

    KIND = "fits"

    precision: int
    scale: int


@dataclass(frozen=True, slots=True, kw_only=True)
class OneOf(OfColumn):
    """One of some values, as text."""

    KIND = "one_of"

    values: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Matches(OfColumn):
    """A POSIX regular expression, as PostgreSQL's ~ has it."""

    KIND = "matches"

    pattern: str


@dataclass(frozen=True, slots=True, kw_only=True)
class IsCurrency(OfColumn):
    """A code of ISO 4217, in capitals."""

    KIND = "currency"


@dataclass(frozen=True, slots=True, kw_only=True)
class MinorUnits(OfColumn):
    """No more decimals than the currency has. `currency` is a column of the table, or a code; or
    `decimals` says how many, where there is none."""

    KIND = "minor_units"

    currency: str = ""
    decimals: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class InTime(OfColumn):
    """From `earliest` on, a date or time, and at most `ahead_s` seconds after now; None: no end."""

    KIND = "in_time"

    EARLIEST: ClassVar[str] = "1970-01-01"
    AHEAD_S: ClassVar[float] = 86400.0

    earliest: str = EARLIEST
    ahead_s: float | None = AHEAD_S


@dataclass(frozen=True, slots=True, kw_only=True)
class InOrder(OfColumns):
    """Each is at most the one after it; NULL is passed over."""

    KIND = "in_order"


@dataclass(frozen=True, slots=True, kw_only=True)
class Unique(OfColumns):
    """No two rows have the same values, NULL apart. `alike`: values that differ only in case, or in
    blanks at the ends, are the same."""

    KIND = "unique"

    alike: tuple[Alike, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class References(OfColumns):
    """A row of `parent` has these values in `key`; where one is NULL it refers to nothing.
    `declared` is the foreign key that says so, "" for none; `is_valid` what it says of itself."""

    KIND = "references"

    parent: TableName
    key: tuple[str, ...]
    declared: str = ""
    is_valid: bool = False

    @property
    def tables(self) -> tuple[TableName, ...]:
        return (self.table, self.parent)


@dataclass(frozen=True, slots=True, kw_only=True)
class Total(OfColumn):
    """It equals the sum of `line` over the rows of `lines` whose `by` is this row's `key`; a header
    without lines is 0. Also a balance that is the sum of its moves."""

    KIND = "total"

    lines: TableName
    line: str
    by: str
    key: str

    @property
    def tables(self) -> tuple[TableName, ...]:
        return (self.table, self.lines)


@dataclass(frozen=True, slots=True, kw_only=True)
class Balanced(OfColumn):
    """The amounts of each `journal` sum to 0, in each currency. `minus` is the column of the other
    side, where debit and credit stand in two; `currency` a column, "" for one currency only."""

    KIND = "balanced"

    journal: str
    minus: str = ""
    currency: str = ""

    @property
    def columns(self) -> tuple[str, ...]:
        return (self.column, self.minus) if self.minus else (self.column,)


@dataclass(frozen=True, slots=True, kw_only=True)
class NoRows(Rule):
    """`sql` gives the keys of rows that are wrong: it must give none. `name` is what people call
    it; `table` is ("", "") where it is of no single one."""

    KIND = "no_rows"

    name: str
    sql: str

    @property
    def columns(self) -> tuple[str, ...]:
        return ()

    @property
    def subject(self) -> str:
        return self.name


RowRule = NotNull | InRange | Fits | OneOf | Matches | IsCurrency | MinorUnits | InTime | InOrder
"""Those that one row alone decides."""

GroupRule = Unique | References | Total | Balanced
"""Those that several rows, or two tables, decide."""

DataRule = RowRule | GroupRule | NoRows
"""All that there are, so that a kind that somebody forgets does not pass the type check."""


@dataclass(frozen=True, slots=True)
class NamedQuery:
    """A compliance query: one value, such as the sum of all amounts, by a name that stays."""

    name: str
    sql: str
    location: Location | None = None


@dataclass(frozen=True, slots=True)
class DataRules:
    """What a file of rules says. `path` is relative to the project's root."""

    path: str
    rules: tuple[DataRule, ...] = ()
    queries: tuple[NamedQuery, ...] = ()
