"""How each kind is planted in a row. Values are text, as COPY takes them."""

import random
from datetime import timedelta

from mita_data.people import JPY, World, new_id
from mita_data.table import NULL, Place, Row

UNKNOWN_CURRENCIES = ("usd", "eur", "US", "$", "UKP", "YEN", "ZZQ", "??", "")


def orphan(row: Row, _n: int, rng: random.Random, _world: World) -> None:
    row["user_id"] = new_id(rng)


def orphans() -> Place:
    return Place("orphans", ("user_id",), orphan)


def orphans_behind_fk() -> Place:
    return Place("orphans_behind_fk", ("user_id",), orphan)


def negatives(column: str) -> Place:
    """The row's own amount with the wrong sign, so that its decimals stay those of its currency."""

    def plant(row: Row, _n: int, _rng: random.Random, _world: World) -> None:
        row[column] = f"-{row[column] if row[column].strip('0.') else 5}"

    return Place("negatives", (column,), plant)


def emails(email_of_next: str) -> Place:
    """The next user's e-mail, written otherwise. The unique index on it sees no duplicate."""

    def plant(row: Row, n: int, rng: random.Random, _world: World) -> None:
        twin = email_of_next.format(n + 1)
        ways = (twin.title(), twin.upper(), f" {twin}", f"{twin} ", f"  {twin.capitalize()} ")
        row["email"] = rng.choice(ways)

    return Place("emails", ("email",), plant, twin=lambda n, world: world.id(n + 1))


def thirds(column: str) -> Place:
    """A sum split in three and never rounded, as numeric division leaves it."""

    def plant(row: Row, _n: int, rng: random.Random, _world: World) -> None:
        cents = rng.randrange(1_000, 60_000) * 3 + rng.choice((1, 2))
        dollars, rest = divmod(cents, 300)
        row[column] = f"{dollars}.{rest * 10**26 // 300:026d}"

    return Place("sub_cent", (column,), plant)


def half_yen(column: str) -> Place:
    """Yen have no decimals, but numeric(12,2) takes them."""

    def plant(row: Row, _n: int, rng: random.Random, _world: World) -> None:
        row["currency"], row["exchange_rate"] = JPY.code, JPY.rate
        row[column] = f"{rng.randrange(100, 40_000)}.{rng.choice((1, 25, 50, 99)):02d}"

    return Place("sub_cent", (column,), plant)


def float_residue(column: str) -> Place:
    """What arithmetic in binary floating point leaves: 33.333333333333336, or half a cent."""

    def plant(row: Row, _n: int, rng: random.Random, _world: World) -> None:
        row["currency"] = rng.choice(("USD", "EUR", "GBP"))
        cents = rng.randrange(100, 9_000) * 3 + rng.choice((1, 2))
        row[column] = rng.choice((repr(cents / 300), f"{cents / 100:.2f}5"))

    return Place("sub_cent", (column,), plant)


def constant(kind: str, column: str, value: str) -> Place:
    def plant(row: Row, _n: int, _rng: random.Random, _world: World) -> None:
        row[column] = value

    return Place(kind, (column,), plant)


def nan(column: str) -> Place:
    return constant("nan", column, "NaN")


def infinite(column: str) -> Place:
    return constant("infinite", column, "Infinity")


def overflow(column: str) -> Place:
    """9999999999.995 has ten digits before the point until it is rounded. No value can overflow
    by rounding without having too many decimals, so each of these is sub_cent too."""

    def plant(row: Row, _n: int, rng: random.Random, _world: World) -> None:
        row[column] = f"9999999999.99{rng.randrange(5, 10)}"
        if "currency" in row:
            row["currency"] = rng.choice(("USD", "EUR", "GBP"))

    return Place("overflow", (column,), plant, also="sub_cent")


def future(*columns: str) -> Place:
    """All columns at the same moment, so that nothing was created before it happened."""

    def plant(row: Row, _n: int, rng: random.Random, world: World) -> None:
        day = world.today + timedelta(days=rng.randrange(30 * 365, 70 * 365))
        for column in columns:
            row[column] = _same_form(row[column], day.isoformat(), "09:30:00+00")

    return Place("future", columns, plant)


def pre_epoch(column: str) -> Place:
    days = ("1969-12-31", "1900-01-01", "0001-01-01", "1904-01-01")

    def plant(row: Row, _n: int, rng: random.Random, _world: World) -> None:
        row[column] = _same_form(row[column], rng.choice(days), "23:59:59+00")

    return Place("pre_epoch", (column,), plant)


def unknown_currency() -> Place:
    def plant(row: Row, _n: int, rng: random.Random, _world: World) -> None:
        row["currency"] = rng.choice(UNKNOWN_CURRENCIES)
        if row.get("amount", "").partition(".")[2][2:]:
            # Of three decimals, which only some currencies have, the last would be sub_cent.
            row["amount"] = row["amount"][:-1]
        if "exchange_rate" in row:
            row["exchange_rate"] = NULL

    return Place("currency", ("currency",), plant)


def _same_form(old: str, day: str, time: str) -> str:
    return f"{day} {time}" if ":" in old else day
