"""The SQL expression that makes a number of a row, the same on every server.

What PostgreSQL's own hash functions leave out, measured on 15, 17 and 18, and what is done here:

- `hash_numeric_extended` has no sign, gives its seed for NaN and both infinities, and joins the
  weight by XOR at the end (1 and 10000 differ in one bit). Its result is hashed at once again,
  together with numeric_cmp(value, 0).
- `hashint8extended` and `timestamp_hash_extended` fold 64 bits into 32. A bigint goes into the seed
  instead, by XOR; a timestamp is hashed a second time, cut to steps of 2^32 microseconds.
- Hashes of arrays, records, ranges and jsonb join those of their parts so that swaps cancel out;
  those of interval and float call values the same that are not; enums' and reg*'s depend on oids.
  All these, and types without such a function, are hashed by their text.
- A function is not called for NULL, and NULL's stand-in is a value like any other. So which columns
  are NULL is hashed too.

A seed of 0 would not be mixed in at all, so the first one is not 0.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from pgassay.facts.catalog import Column
from pgassay.facts.table_digest import CHAIN, MD5, Algorithm, ColumnKind

_SEED = "8526495043095935640::int8"
_SMALL = ("integer", "boolean")
_AT_ONCE = 48  # Calls are nested; the server's stack and arguments have limits.
_FLAGS = 31  # NULL flags in an int4
_STEP = "'01:11:34.967296'::interval"  # 2^32 microseconds
# The first whole step that a timestamp can have: what is before it, some minors bin wrongly.
_FIRST_STEP = "'4714-11-24 00:53:22.37568 BC'::timestamp"
_STAND_INS: dict[ColumnKind, str] = {
    "text": "''",
    "bytes": "''::bytea",
    "uuid": "'00000000-0000-0000-0000-000000000000'::uuid",
    "numeric": "0::numeric",
    "timestamp": "'2000-01-01'::timestamp",
    "timestamptz": "'2000-01-01+00'::timestamptz",
    "date": "'2000-01-01'::date",
    "bigint": "0::int8",
    "integer": "0",
    "boolean": "false",
}
_KINDS: dict[str, ColumnKind] = {
    "text": "text",
    "character varying": "text",
    "character": "text",
    "bytea": "bytes",
    "uuid": "uuid",
    "numeric": "numeric",
    "timestamp without time zone": "timestamp",
    "timestamp with time zone": "timestamptz",
    "date": "date",
    "bigint": "bigint",
    "integer": "integer",
    "smallint": "integer",
    "boolean": "boolean",
}
KEY_SETTING = "pgassay.digest_key"
"""The setting of the transaction that holds the key of the keyed algorithm, in hexadecimal."""


@dataclass(frozen=True, slots=True)
class HashedColumn:
    """A column as it goes into a row's hash. `rests_on` is its type without domain and modifiers;
    `kind` is another than the type's own where the other side's type is."""

    name: str
    type: str
    rests_on: str
    kind: ColumnKind
    not_null: bool

    @classmethod
    def of(cls, column: Column) -> HashedColumn:
        rests_on = re.sub(r"\(.*?\)", "", column.base_type or column.type)
        not_null = column.not_null and column.not_null_valid and not column.not_null_no_inherit
        kind = _KINDS.get(rests_on, "shown")
        return cls(column.name, column.type, rests_on, kind, not_null)

    @property
    def reference(self) -> str:
        return '"' + self.name.replace('"', '""') + '"'

    @property
    def value(self) -> str:
        """The column, or what stands for its NULL."""
        if self.not_null or self.kind == "shown":
            return self.reference
        return f"coalesce({self.reference}, {_STAND_INS[self.kind]})"

    @property
    def text(self) -> str:
        """Its text; NULL for NULL. Blanks at the end of a char(n) mean nothing, nor do zeros at the
        end of a numeric. Of other types concat() asks the output function, not a cast that a user
        may have made; a row of NULLs is not NULL to num_nulls()."""
        if self.rests_on in ("text", "character varying", "character", "numeric"):
            return f"{self._plain}::text"
        return f"CASE WHEN num_nulls({self.reference}) = 0 THEN concat({self.reference}) END"

    @property
    def as_shown(self) -> str:
        """Its text for people: a numeric with all its decimals."""
        return f"{self.reference}::text" if self.rests_on == "numeric" else self.text

    @property
    def _plain(self) -> str:
        return f"trim_scale({self.reference})" if self.rests_on == "numeric" else self.reference

    @property
    def text_or_empty(self) -> str:
        """Its text; "" for NULL."""
        character = self.rests_on == "character"
        return f"concat({self._plain}{'::text' if character else ''})"


def row_hash(columns: Sequence[HashedColumn], algorithm: Algorithm) -> str:
    """An int8 expression: 64 bits of the row's hash over these columns, whatever their order."""
    return _chained(columns) if algorithm == CHAIN else lanes(hex_hash(columns, algorithm), 1)[0]


def hex_hash(columns: Sequence[HashedColumn], algorithm: Algorithm) -> str:
    """The row's whole hash in hexadecimal, for the algorithms over the row's text.

    A record's text puts in quotes what could be taken for its own commas, and NULL is nothing.
    """
    texts = ", ".join(column.text for column in by_name(columns))
    row = f"convert_to(ROW({texts})::text, {_ENCODING})"
    if algorithm == MD5:
        return f"md5({row})"
    # Asked once, not for each row.
    key = f"(SELECT decode(current_setting('{KEY_SETTING}'), 'hex'))"
    return f"encode(sha256({key} || {row}), 'hex')"


_ENCODING = (
    "(SELECT CASE current_setting('server_encoding') WHEN 'SQL_ASCII' THEN 'SQL_ASCII'"
    " ELSE 'UTF8' END)"
)


def lanes(hexadecimal: str, number: int) -> list[str]:
    """Its first 64-bit numbers."""
    return [
        f"('x' || substr({hexadecimal}, {1 + 16 * lane}, 16))::bit(64)::int8"
        for lane in range(number)
    ]


def by_name(columns: Sequence[HashedColumn]) -> list[HashedColumn]:
    return sorted(columns, key=lambda column: column.name)


def _chained(columns: Sequence[HashedColumn]) -> str:
    ordered = by_name(columns)
    if len(ordered) <= _AT_ONCE:
        return _chain(ordered)
    whole = _SEED
    for first in range(0, len(ordered), _AT_ONCE):
        bound = _chain(ordered[first : first + _AT_ONCE])
        whole = f"hashint4extended(0, {whole} # {bound})"
    return whole


def _chain(columns: Sequence[HashedColumn]) -> str:
    """Each hash is the seed of the next. A bigint goes into whichever seed comes next, so that few
    calls are made for themselves."""
    big = [column.value for column in columns if column.kind == "bigint"]
    calls = [_call(column) for column in columns if column.kind not in ("bigint", *_SMALL)]
    calls += [_number(f"{c.value}::int4") for c in columns if c.kind in _SMALL]
    calls += [
        _number(_nulls(columns[first : first + _FLAGS])) for first in range(0, len(columns), _FLAGS)
    ]
    calls += [_number("0")] * (len(big) - len(calls))
    seed = _SEED
    for place, call in enumerate(calls):
        seed = call.format(f"{seed} # {big[place]}" if place < len(big) else seed)
    return seed


def _number(value: str) -> str:
    return f"hashint4extended({_braced(value)}, {{}})"


def _braced(expression: str) -> str:
    """For str.format: a column may have braces in its name."""
    return expression.replace("{", "{{").replace("}", "}}")


def _call(column: HashedColumn) -> str:
    """The call that hashes a column, with {} for its seed."""
    value = _braced(column.value)
    if column.kind == "text":
        function = "hashbpcharextended" if column.rests_on == "character" else "hashtextextended"
        return f'{function}({value} COLLATE "C", {{}})'
    if column.kind == "bytes":
        return f"hashtextextended(encode({value}, 'hex') COLLATE \"C\", {{}})"
    if column.kind == "uuid":
        return f"uuid_hash_extended({value}, {{}})"
    if column.kind == "numeric":
        # At once, and with nothing else: 1 and NaN would be NaN and 1 in two columns, and the
        # weight would be taken away by the same bit of a bigint.
        return f"hashint4extended({_braced(_sign(column))}, hash_numeric_extended({value}, {{}}))"
    if column.kind in ("timestamp", "timestamptz", "date"):
        moment = f"timezone('00:00'::interval, {value})"
        if column.kind != "timestamptz":
            moment = f"{value}::timestamp"
        step = f"date_bin({_STEP}, {moment}, {_FIRST_STEP})"
        return f"timestamp_hash_extended({step}, timestamp_hash_extended({moment}, {{}}))"
    return f'hashtextextended({_braced(column.text_or_empty)} COLLATE "C", {{}})'


def _sign(column: HashedColumn) -> str:
    sign = f"numeric_cmp({column.value}, 0)"
    if "(" in column.type and column.type.startswith("numeric"):
        return sign
    # Only a numeric without precision can hold an infinity, whose hash is that of NaN.
    infinity = f"numeric_cmp({column.value}, 'Infinity') = 0"
    return f"CASE WHEN {infinity} THEN 2 ELSE {sign} END"


def _nulls(columns: Sequence[HashedColumn]) -> str:
    """Which are NULL, as bits. A column that cannot be has its place all the same, so that it
    compares with one that can."""
    able = [(place, c.reference) for place, c in enumerate(columns) if not c.not_null]
    if not able:
        return "0"
    some = " OR ".join(f"{reference} IS NULL" for _, reference in able)
    bits = " | ".join(
        f"CASE WHEN {reference} IS NULL THEN {1 << place} ELSE 0 END" for place, reference in able
    )
    # Most rows have no NULL, or the same few: the bits are added up only where there is one.
    return f"CASE WHEN {some} THEN {bits} ELSE 0 END"
