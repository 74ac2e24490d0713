"""Users as the other tables see them: an id, a country and its currency. 17 bytes each."""

import random
from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True)
class Currency:
    """`digits` is ISO 4217's minor unit; `rate` is what one of it is in USD."""

    code: str
    digits: int
    rate: str

    def text(self, cents: int) -> str:
        """An amount of about cents / 100 US dollars, as exact as two decimals can hold it."""
        if self.digits == 0:
            return str(cents)
        return f"{cents // 100}.{cents % 100:02d}"

    def fine_text(self, cents: int) -> str:
        """The same for a column with room for the whole minor unit."""
        if self.digits == 3:
            return f"{cents // 1000}.{cents % 1000:03d}"
        return self.text(cents)


USD = Currency("USD", 2, "1.00000000")
EUR = Currency("EUR", 2, "1.16874210")
GBP = Currency("GBP", 2, "1.35061875")
JPY = Currency("JPY", 0, "0.00680412")
KWD = Currency("KWD", 3, "3.27310047")
CURRENCIES = {c.code: c for c in (USD, EUR, GBP, JPY, KWD)}

COUNTRIES = (
    # country, weight, currency, time zones
    ("US", 44, USD, ("America/New_York", "America/Chicago", "America/Los_Angeles")),
    ("DE", 18, EUR, ("Europe/Berlin",)),
    ("FR", 8, EUR, ("Europe/Paris",)),
    ("GB", 12, GBP, ("Europe/London",)),
    ("JP", 12, JPY, ("Asia/Tokyo",)),
    ("KW", 6, KWD, ("Asia/Kuwait",)),
)

_ID_BITS = ~((0xF << 76) | (0x3 << 62)) & ((1 << 128) - 1)
_VERSION_4 = (0x4 << 76) | (0x2 << 62)


def new_id(rng: random.Random) -> str:
    """A version 4 uuid in the form PostgreSQL reads fastest: 32 digits."""
    return f"{(rng.getrandbits(128) & _ID_BITS) | _VERSION_4:032x}"


@dataclass(frozen=True)
class World:
    """What all tables share. Each draws from its own source of randomness, so that the rows of
    one do not depend on how many another has."""

    seed: int
    users: int
    today: date
    ids: bytes
    countries: bytes

    def rng(self, *purpose: object) -> random.Random:
        return random.Random("/".join(map(str, (self.seed, *purpose))))

    def id(self, user: int) -> str:
        return self.ids[16 * user : 16 * user + 16].hex()

    def currency(self, user: int) -> Currency:
        return COUNTRIES[self.countries[user]][2]


def make_world(seed: int, users: int, today: date) -> World:
    rng = random.Random(f"{seed}/people")
    ids, countries = bytearray(), bytearray()
    weights = [weight for _, weight, _, _ in COUNTRIES]
    for start in range(0, users, 10_000):
        some = min(10_000, users - start)
        countries += bytes(rng.choices(range(len(COUNTRIES)), weights, k=some))
        for _ in range(some):
            ids += bytes.fromhex(new_id(rng))
    return World(seed, users, today, bytes(ids), bytes(countries))
