"""What a table's rows come to: numbers that are the same where the rows are."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, Final, Literal

ColumnKind = Literal[
    "text",
    "bytes",
    "uuid",
    "numeric",
    "timestamp",
    "timestamptz",
    "date",
    "bigint",
    "integer",
    "boolean",
    "shown",
]
"""How a column's values go into a digest. "shown": by their text; all others by their value."""

Algorithm = Literal["chain-1", "md5-1", "sha256-keyed-1"]

CHAIN: Final = "chain-1"
MD5: Final = "md5-1"
SHA256: Final = "sha256-keyed-1"


@dataclass(frozen=True, slots=True)
class DigestedColumn:
    """A column that a digest covers. `type` is format_type()'s text, as in the catalog."""

    name: str
    type: str
    kind: ColumnKind


@dataclass(frozen=True, slots=True)
class MoneySum:
    """The exact sum of a money column, as decimal text; None where it has no value.

    `currency` is the value of `currency_column`; both are None where the sum is over all rows, and
    `currency` alone for the rows that name none.
    """

    column: str
    total: str | None
    currency_column: str | None = None
    currency: str | None = None


@dataclass(frozen=True, slots=True)
class TableDigest:
    """One table in one snapshot.

    `digest` is, for each 64 bits of the row's hash, the sum over all rows, so it depends neither on
    the rows' order nor on where they lie. `key_id` tells keys of the keyed algorithm apart; it is
    "" for the others. `columns` are in the order of their names. `column_sums` are of each column
    together with the key of its row, where they were asked for. `left_out` are virtual generated
    columns, which hold nothing. `snapshot` is the server's text for the moment, and `seconds` what
    it took; neither is compared.
    """

    schema: str
    table: str
    algorithm: str
    rows: int
    digest: tuple[str, ...]
    columns: tuple[DigestedColumn, ...]
    money: tuple[MoneySum, ...] = ()
    column_sums: tuple[tuple[str, str], ...] = ()
    left_out: tuple[str, ...] = ()
    key_id: str = ""
    snapshot: str = ""
    seconds: float = 0.0

    def same_rows(self, other: TableDigest) -> bool | None:
        """Whether the rows are the same; None where the two cannot be compared: another algorithm,
        another key, or other columns."""
        if (self.algorithm, self.key_id) != (other.algorithm, other.key_id):
            return None
        ours, theirs = ([(c.name, c.kind) for c in one.columns] for one in (self, other))
        if ours != theirs:
            return None
        return (self.rows, self.digest) == (other.rows, other.digest)

    def to_json(self) -> dict[str, Any]:
        """What JSON can hold, and `from_json` takes."""
        return asdict(self)

    @classmethod
    def from_json(cls, document: Mapping[str, Any]) -> TableDigest:
        """Raises KeyError or TypeError for what `to_json` did not make."""
        return cls(
            **{
                **document,
                "digest": tuple(document["digest"]),
                "columns": tuple(DigestedColumn(**column) for column in document["columns"]),
                "money": tuple(MoneySum(**one) for one in document["money"]),
                "column_sums": tuple((name, total) for name, total in document["column_sums"]),
                "left_out": tuple(document["left_out"]),
            }
        )
