"""Whether a server's hash functions give what is known of them.

They are PostgreSQL's own, stable from 11 on for servers of one byte order, and nothing promises it
to us. A server where they differ, such as a big-endian one, is read with another algorithm.
"""

from __future__ import annotations

from typing import Final

from pgassay.analysis.digest_expression import HashedColumn, row_hash
from pgassay.facts.table_digest import CHAIN, ColumnKind

_ROWS = (
    (
        "'Grüße'::text, 'EUR  '::char(6), decode('00ff', 'hex'), "
        "'6b9f0d3c-0001-4002-8003-00000000000a'::uuid, -1234567.0890::numeric, "
        "'2024-02-29 12:34:56.789012'::timestamp, '1999-12-31 23:59:59.999999+00'::timestamptz, "
        "'1969-07-20'::date, 8589934597::int8, -7::int4, true, '{1,NULL,\"a b\"}'::text[]"
    ),
    (
        "NULL::text, ''::char(6), NULL::bytea, NULL::uuid, 'NaN'::numeric, "
        "'infinity'::timestamp, '-infinity'::timestamptz, NULL::date, NULL::int8, 0::int4, "
        "NULL::boolean, NULL::text[]"
    ),
    (
        "''::text, NULL::char(6), ''::bytea, '00000000-0000-0000-0000-000000000000'::uuid, "
        "'-Infinity'::numeric, '0044-03-15 BC'::timestamp, NULL::timestamptz, 'infinity'::date, "
        "(-8589934597)::int8, NULL::int4, false, '{}'::text[]"
    ),
)
_COLUMNS: tuple[tuple[str, ColumnKind], ...] = (
    ("text", "text"),
    ("character", "text"),
    ("bytea", "bytes"),
    ("uuid", "uuid"),
    ("numeric", "numeric"),
    ("timestamp without time zone", "timestamp"),
    ("timestamp with time zone", "timestamptz"),
    ("date", "date"),
    ("bigint", "bigint"),
    ("integer", "integer"),
    ("boolean", "boolean"),
    ("text[]", "shown"),
)
KNOWN: Final = (8329266301516621110, -4081410789282298707, 97911936804496748)
"""What PostgreSQL 15, 17 and 18 give on x86-64."""


def self_test_query() -> str:
    """One column with one row for each that is known, in order."""
    columns = [
        HashedColumn(f"c{place:02}", type_, type_, kind, not_null=False)
        for place, (type_, kind) in enumerate(_COLUMNS)
    ]
    names = ", ".join(["n", *(column.name for column in columns)])
    rows = ", ".join(f"({number}, {row})" for number, row in enumerate(_ROWS))
    return f"SELECT {row_hash(columns, CHAIN)} FROM (VALUES {rows}) AS t ({names}) ORDER BY n"
