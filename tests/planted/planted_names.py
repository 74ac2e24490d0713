"""Names that nobody chose: tables, columns, revision ids, folders, passwords."""

from __future__ import annotations

import string
from random import Random

_SYLLABLES = [
    "bra",
    "kel",
    "dov",
    "mir",
    "tun",
    "gal",
    "sop",
    "wex",
    "lin",
    "hud",
    "fen",
    "zor",
    "pim",
    "rak",
    "vel",
    "nus",
    "jat",
    "lor",
    "bic",
    "quo",
]
_NOUNS = [
    "badge",
    "blob",
    "crate",
    "device",
    "draft",
    "event",
    "folder",
    "gate",
    "label",
    "notice",
    "parcel",
    "photo",
    "shelf",
]
_TEXTS = [
    "title",
    "remark",
    "nickname",
    "colour",
    "street",
    "city",
    "slug",
    "summary",
    "subject",
    "kind_of",
    "origin",
]
_MONEY = [
    "amount",
    "price",
    "total_amount",
    "unit_price",
    "balance",
    "fee_charged",
    "refund_amount",
    "monthly_budget",
    "salary",
    "tax_amount",
    "saved_amount",
    "outstanding_balance",
    "discount_amount",
    "cost",
]
_NOT_MONEY = [
    "score",
    "latitude",
    "confidence",
    "progress_ratio",
    "exchange_rate",
    "weight_kg",
    "humidity",
]


def word(random: Random) -> str:
    """An invented word, such as `dovmirkel`."""
    return "".join(random.sample(_SYLLABLES, 3))


def plain(random: Random) -> str:
    return f"{random.choice(_TEXTS)}_{word(random)}"


def table(random: Random) -> str:
    return f"{word(random)}_{random.choice(_NOUNS)}s"


def money(random: Random) -> str:
    """A name that says money."""
    name = random.choice(_MONEY)
    return random.choice((name, f"{word(random)}_{name}"))


def not_money(random: Random) -> str:
    """A name for a number that is none."""
    return f"{word(random)}_{random.choice(_NOT_MONEY)}"


def camel(name: str) -> str:
    """`dovmir_crates` as `DovmirCrates`: what PostgreSQL keeps only between quotes."""
    return "".join(part.capitalize() for part in name.split("_"))


def password(random: Random) -> str:
    """One that is no placeholder, and needs no escaping anywhere."""
    letters = string.ascii_letters + string.digits
    return "".join(random.choice(letters) for _ in range(14)) + random.choice(string.digits)


def host(random: Random) -> str:
    return f"db-{word(random)}.{word(random)}.example"


def revision_id(random: Random, style: str, number: int) -> str:
    if style == "numbered":
        return f"{number:04d}_{word(random)}"
    if style == "hex":
        return f"{random.getrandbits(48):012x}"
    if style == "dated":
        return f"2024{random.randrange(1, 13):02d}{10 + number:02d}_{random.randrange(1000, 2400)}"
    return f"{word(random)}_{word(random)}"


def long_revision_id(random: Random, number: int) -> str:
    """33 to 60 characters: more than version_num holds."""
    length = random.randrange(33, 61)
    words = "_".join(word(random) for _ in range(12))
    return f"{number:04d}_{words}"[:length].rstrip("_").ljust(length, "x")
