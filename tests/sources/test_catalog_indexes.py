"""An index of the usual kind is written by us, word for word as pg_get_indexdef() does."""

from __future__ import annotations

from typing import Any

import psycopg

from pgassay.facts.catalog import Catalog, Index
from pgassay.sources.catalog import read_catalog

Connection = psycopg.Connection[Any]

_TYPES = [
    *("int", "smallint", "bigint", "text", "varchar(9)", "char(3)", "name", "boolean", "date"),
    *("timestamptz", "numeric(9,2)", "uuid", "real", "interval", "inet", "cidr", "bytea", "oid"),
    *("bit(3)", "money", "macaddr", "tsvector", "jsonb", "int[]", "text[]", "int4range", "pg_lsn"),
    *("xid8", "s.mood", "s.size", "s.pair"),
]
_METHODS = {
    "btree": ("", "DESC", "NULLS FIRST", "DESC NULLS LAST"),
    "hash": ("",),
    "gin": ("",),
    "brin": ("",),
    "gist": ("",),
    "spgist": ("",),
}
_OTHERS = (
    'CREATE INDEX ON odd ("Weird ""quoted"" Name")',
    'CREATE INDEX ON odd ("select")',
    "CREATE INDEX ON odd (a text_pattern_ops)",
    "CREATE INDEX ON odd (v varchar_pattern_ops)",
    "CREATE INDEX ON odd (v varchar_ops)",
    "CREATE INDEX ON odd (b text_ops)",
    "CREATE INDEX ON odd (n bpchar_ops)",
    'CREATE INDEX ON odd (a COLLATE "C")',
    "CREATE INDEX ON odd (sorted)",
    'CREATE INDEX ON odd (sorted COLLATE "POSIX")',
    "CREATE INDEX ON odd (j jsonb_path_ops)",
    "CREATE INDEX ON odd USING gin (j)",
    "CREATE INDEX ON odd USING gin (j jsonb_path_ops)",
    "CREATE INDEX ON odd (a) WITH (fillfactor = 70)",
    "CREATE INDEX ON odd (a) WHERE v IS NOT NULL",
    "CREATE INDEX ON odd (a) INCLUDE (v)",
    "CREATE INDEX ON odd (a, v)",
    "CREATE INDEX ON odd ((1))",
    "CREATE UNIQUE INDEX ON odd (a)",
    "CREATE INDEX ON odd USING brin (d date_bloom_ops)",
    "CREATE UNIQUE INDEX ON odd (a) NULLS NOT DISTINCT",
    "CREATE INDEX ON odd USING gist (words tsvector_ops (siglen = 100))",
)


def test_every_definition_is_the_servers_own(connection: Connection) -> None:
    connection.execute(
        "CREATE SCHEMA s; CREATE TYPE s.mood AS ENUM ('ok'); CREATE DOMAIN s.size AS int;"
        "CREATE TYPE s.pair AS (a int, b int);"
        'CREATE TABLE odd (a text, v varchar, b char(3), n name, j jsonb, d date, "select" int,'
        ' "Weird ""quoted"" Name" int, sorted text COLLATE "C", words tsvector);'
        "CREATE TABLE parted (a int) PARTITION BY RANGE (a);"
        "CREATE TABLE part PARTITION OF parted DEFAULT; CREATE INDEX ON ONLY parted (a);"
        "CREATE INDEX ON part (a); CREATE MATERIALIZED VIEW m AS SELECT a FROM odd;"
        "CREATE INDEX ON m (a)"
    )
    # A type that has a class of its own, and passes as an int.
    connection.execute(
        "CREATE TYPE mine; CREATE FUNCTION mine_in(cstring) RETURNS mine LANGUAGE internal"
        " IMMUTABLE STRICT AS 'int4in'; CREATE FUNCTION mine_out(mine) RETURNS cstring"
        " LANGUAGE internal IMMUTABLE STRICT AS 'int4out';"
        "CREATE TYPE mine (INPUT = mine_in, OUTPUT = mine_out, LIKE = int);"
        "CREATE CAST (mine AS int) WITHOUT FUNCTION AS IMPLICIT;"
        "CREATE FUNCTION mine_cmp(mine, mine) RETURNS int LANGUAGE internal IMMUTABLE STRICT"
        " AS 'btint4cmp'; CREATE OPERATOR CLASS mine_ops DEFAULT FOR TYPE mine USING btree"
        " AS FUNCTION 1 mine_cmp(mine, mine); CREATE TABLE own (a mine);"
        "CREATE INDEX ON own (a); CREATE INDEX ON own (a int4_ops)"
    )
    made: list[object] = []
    for number, type_ in enumerate(_TYPES):
        connection.execute(f"CREATE TABLE t{number} (a {type_})".encode())
        for method, orders in _METHODS.items():
            for order in orders:
                made += _try(connection, f"CREATE INDEX ON t{number} USING {method} (a {order})")
    for text in _OTHERS:
        made += _try(connection, text)
    assert len(made) > 120
    written = {i.name: i.definition for i in _read(connection).of(Index)}
    theirs = connection.execute(
        "SELECT relname, pg_get_indexdef(oid) FROM pg_class WHERE relkind IN ('i', 'I')"
        " AND relnamespace = 'public'::regnamespace"
    ).fetchall()
    assert len(written) == len(theirs)
    for name, definition in theirs:
        assert written[name] == definition[definition.index(" USING ") + 1 :], definition


def test_a_class_that_users_made_the_default(connection: Connection) -> None:
    """Then the one that varchar has by itself is no longer what goes without saying."""
    connection.execute(
        "CREATE TABLE t (v varchar); CREATE INDEX i ON t (v);"
        "CREATE FUNCTION cmp(varchar, varchar) RETURNS int LANGUAGE internal IMMUTABLE STRICT"
        " AS 'bttextcmp'; CREATE OPERATOR CLASS own_ops DEFAULT FOR TYPE varchar USING btree AS"
        " OPERATOR 1 < (text, text), FUNCTION 1 cmp(varchar, varchar)"
    )
    [index] = _read(connection).of(Index)
    assert index.definition == "USING btree (v text_ops)"


def _try(connection: Connection, ddl: str) -> list[object]:
    """Not every method has every type, nor every version all of the syntax."""
    try:
        return [connection.execute(ddl.encode())]
    except (psycopg.errors.UndefinedObject, psycopg.errors.FeatureNotSupported):
        return []
    except (psycopg.errors.SyntaxError, psycopg.errors.DatatypeMismatch):
        return []


def _read(connection: Connection) -> Catalog:
    connection.execute("SET search_path = pg_catalog")
    read = read_catalog(connection)
    assert isinstance(read, Catalog)
    return read
