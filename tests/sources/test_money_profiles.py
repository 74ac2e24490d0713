"""What a conversion will change is what it changes: predictions against PostgreSQL's own casts."""

from __future__ import annotations

import random
import struct
from collections.abc import Iterator
from decimal import Decimal, localcontext

import psycopg
import pytest

from pgassay.facts.catalog import Catalog
from pgassay.facts.money_profile import ColumnProfile
from pgassay.facts.unavailable import Unavailable
from pgassay.postgres.binaries import all_binaries
from pgassay.postgres.scratch import Database
from pgassay.postgres.scratch_server import ScratchServer
from pgassay.sources.catalog import read_catalog
from pgassay.sources.money_profiles import read_money_profiles

_BINARIES = {binaries.major: binaries for binaries in all_binaries() if binaries.major >= 15}
TABLE = ("public", "paid")


@pytest.fixture(scope="module", params=sorted(_BINARIES), ids=lambda major: f"pg{major}")
def server(request: pytest.FixtureRequest) -> Iterator[ScratchServer]:
    with ScratchServer(_BINARIES[request.param]) as running:
        yield running


@pytest.fixture
def database(server: ScratchServer) -> Iterator[Database]:
    made = server.create_database("money")
    yield made
    server.drop_database(made)


def profiles(
    database: Database, *columns: str, size: tuple[int, int] = (12, 2), role: str = ""
) -> tuple[ColumnProfile | Unavailable, ...]:
    url = database.url()
    with psycopg.connect(
        url.replace("postgres@", f"{role}@") if role else url, autocommit=True
    ) as connection:
        catalog = read_catalog(connection)
        assert isinstance(catalog, Catalog)
        return read_money_profiles(connection, catalog, {TABLE: columns}, lambda _: size, 60)


def one(found: tuple[ColumnProfile | Unavailable, ...]) -> ColumnProfile:
    (profile,) = found
    assert isinstance(profile, ColumnProfile)
    return profile


def values(type_: str, rng: random.Random) -> Iterator[str]:
    """As text: cents, sub-cents, halves, tiny and huge ones, and random bits."""
    yield from ("0", "-0.0", "0.005", "0.015", "-0.005", "1.005", "2.675", "9999999999.995")
    yield from ("9999999999.99", "-9999999999.996", "123456.78", "1e-30", "0.1", "NaN")
    yield from ("Infinity", "-Infinity", "16777217", "0.29")
    for _ in range(400):
        yield f"{rng.randrange(-(10**7), 10**7) / 100}"
        yield f"{rng.uniform(-1e4, 1e4):.{rng.randrange(0, 9)}f}"
        yield f"{rng.choice('-+')}{rng.uniform(1, 10):.15f}e{rng.randrange(-6, 13)}"
        if type_ == "real":
            bits = struct.unpack("<f", rng.randbytes(4))[0]
            yield repr(bits) if abs(bits) < 1e30 else "1"
        elif type_ == "double precision":
            bits = struct.unpack("<d", rng.randbytes(8))[0]
            yield repr(bits) if abs(bits) < 1e30 else "1"
        else:
            yield f"{rng.randrange(10**14)}.{rng.randrange(10**6)}"


@pytest.mark.parametrize("type_", ["real", "double precision", "numeric"])
@pytest.mark.parametrize("seed", [1, 2])
def test_the_predicted_change_is_what_postgresql_does(
    database: Database, type_: str, seed: int
) -> None:
    rng = random.Random(f"{type_} {seed}")
    written = list(values(type_, rng))
    with database.connect(autocommit=True) as connection:
        connection.execute(f"CREATE TABLE paid (id serial PRIMARY KEY, amount {type_})".encode())
        with connection.cursor() as cursor, cursor.copy("COPY paid (amount) FROM STDIN") as copy:
            for value in written:
                copy.write_row([value])
    (profile,) = one(profiles(database, "amount")).currencies
    assert profile.rows == len(written)
    # Row by row, by the cast itself, what fits; then the whole column by the conversion.
    with database.connect(autocommit=True) as connection:
        connection.execute(
            "CREATE FUNCTION fits(v text) RETURNS bool LANGUAGE plpgsql AS $$ BEGIN "
            "PERFORM v::numeric(12,2); RETURN true; "
            "EXCEPTION WHEN numeric_value_out_of_range THEN RETURN false; END $$"
        )
        bad = connection.execute(
            "SELECT count(*) FILTER (WHERE amount::text IN ('Infinity', '-Infinity')), "
            "count(*) FILTER (WHERE amount::text NOT IN ('Infinity', '-Infinity', 'NaN') "
            "AND NOT fits(amount::text)) FROM paid"
        ).fetchone()
        assert bad == (profile.infinities, profile.misfits)
        connection.execute("DELETE FROM paid WHERE amount = 'NaN' OR NOT fits(amount::text)")
        before = dict(connection.execute("SELECT id, amount::text FROM paid").fetchall())
        direct = connection.execute(
            "SELECT count(*) FROM paid WHERE amount::numeric(12,2) <> amount::text::numeric(12,2)"
        ).fetchone()
        connection.execute(
            "ALTER TABLE paid ALTER amount TYPE numeric(12,2) USING amount::text::numeric(12,2)"
        )
        after = dict(connection.execute("SELECT id, amount::text FROM paid").fetchall())
    with localcontext() as exact:
        exact.prec = 400
        changes = [Decimal(after[row]) - Decimal(value) for row, value in before.items()]
        assert profile.changed == sum(change != 0 for change in changes)
        assert Decimal(profile.change or 0) == sum(changes, Decimal(0))
        assert profile.residue >= profile.changed > 0
    # A direct cast keeps six digits of a real; the 15 of a double are enough for numeric(12,2).
    assert (profile.naive,) == direct
    assert (profile.naive > 0) == (type_ == "real")


def test_a_direct_cast_of_a_double_loses_digits_beyond_fifteen(database: Database) -> None:
    with database.connect(autocommit=True) as connection:
        connection.execute(
            "CREATE TABLE paid (amount float8);"
            "INSERT INTO paid VALUES (12345678901234.67), (1234567.89)"
        )
        cast = connection.execute("SELECT max(amount::numeric(18,2))::text FROM paid").fetchone()
    (found,) = one(profiles(database, "amount", size=(18, 2))).currencies
    assert (cast, found.maximum, found.naive) == (("12345678901234.70",), "12345678901234.67", 1)


def test_all_columns_of_a_table_by_currency(database: Database) -> None:
    with database.connect(autocommit=True) as connection:
        connection.execute(
            "CREATE TABLE paid (id int, currency char(3), amount numeric, tip real, fee money);"
            "INSERT INTO paid VALUES (1, 'JPY', 100.5, 0.1, '1.00'), (2, 'JPY', -3, NULL, '2.00'), "
            "(3, 'KWD', 1.234, 'NaN', NULL), (4, NULL, 0, 2, '-1.50'), (5, 'US$', 1.005, 1, '0')"
        )
    amount, tip, fee = profiles(database, "amount", "tip", "fee")
    assert isinstance(amount, ColumnProfile)
    assert isinstance(tip, ColumnProfile)
    assert isinstance(fee, ColumnProfile)
    by_code = {c.currency: c for c in amount.currencies}
    assert list(by_code) == ["", "JPY", "KWD", "US$"]
    yen, dinar, none, odd = (by_code[code] for code in ("JPY", "KWD", "", "US$"))
    assert (yen.rows, yen.negatives, yen.residue, yen.total) == (2, 1, 1, "97.5")
    assert (yen.minimum, yen.maximum, yen.changed) == ("-3", "100.5", 0)
    # Three decimals are right for a dinar, and numeric(12,2) would lose one.
    assert (dinar.residue, dinar.changed, dinar.change) == (0, 1, "-0.004")
    assert (none.zeros, none.total) == (1, "0")
    # Of what is no currency nobody knows the decimals.
    assert (odd.residue, odd.changed, odd.change) == (0, 1, "0.005")
    tips = {c.currency: (c.nulls, c.nan, c.total) for c in tip.currencies}
    assert tips == {"": (0, 0, "2"), "JPY": (1, 0, "0.1"), "KWD": (0, 1, None), "US$": (0, 0, "1")}
    assert tip.undecided == 1
    assert {c.currency: c.total for c in fee.currencies}["JPY"] == "3.00"


def test_what_may_not_be_read_is_told(database: Database) -> None:
    with database.connect(autocommit=True) as connection:
        connection.execute(
            "CREATE TABLE paid (amount numeric); DROP ROLE IF EXISTS onlooker; "
            "CREATE ROLE onlooker LOGIN"
        )
    (lost,) = profiles(database, "amount", role="onlooker")
    assert isinstance(lost, Unavailable)
    assert lost.reason.startswith("role onlooker may not read public.paid")
    assert lost.next_step.endswith("GRANT SELECT ON TABLE public.paid TO onlooker;")
    with database.connect(autocommit=True) as connection:
        connection.execute("DROP ROLE onlooker")
