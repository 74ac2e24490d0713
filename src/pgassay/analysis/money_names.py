"""What a column's name says about money."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

from pgassay.analysis.money_lexicon import (
    COUNTING_TOO,
    CURRENCIES,
    ELSEWHERE,
    FILLERS,
    HEADS,
    LOOKALIKES,
    MONEY_TABLES,
    NEVER,
    PERIODS,
    RATIO_BASES,
    STRONG,
    SUPPORTING,
    TURNING,
    UNITS,
    WEAK,
)

_LETTERS = re.compile(r"[^\W\d_]+")
_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")
_VOCABULARY = STRONG | WEAK | SUPPORTING | NEVER | HEADS | UNITS | FILLERS | CURRENCIES
_OF_CURRENCIES = frozenset({"rate", "amount", "value", "factor", "count"})
_SHORTEST_PART = 3
_SHORTEST_RUN_TOGETHER = 6
_LONGEST_RUN_TOGETHER = 63
_LONG_STRONG = tuple(sorted(word for word in STRONG if len(word) >= 6))


@dataclass(frozen=True, slots=True)
class Saying:
    """`word` is what the name says; `beside` what else in it supports a word that needs support.

    `certain` is False for a word that says money only with other evidence.
    """

    word: str
    certain: bool
    beside: str = ""
    currency: bool = False


def singular(word: str) -> str:
    """The singular of an English word, as far as the lexicon needs it."""
    if len(word) <= 3 or word.endswith(("ss", "us", "is")) or not word.endswith("s"):
        return word
    if word.endswith("ies"):
        return word[:-3] + "y"
    if word.endswith(("sses", "xes", "uses")) and word[:-1] not in _VOCABULARY:
        return word[:-2]
    return word[:-1]


@lru_cache(maxsize=4096)
def words(name: str) -> tuple[str, ...]:
    """The words of a name, lower case: split at _, digits and capitals, and where run together."""
    found: list[str] = []
    for letters in _LETTERS.findall(name):
        for word in _CAMEL.split(letters):
            found += _parts(word.lower())
    return tuple(found)


def says_currency(name: str) -> bool:
    """Whether a column of this name holds the currency of its row."""
    said = {singular(word) for word in words(name)}
    return not said.isdisjoint({"currency", "ccy"}) and said.isdisjoint(_OF_CURRENCIES)


def is_of_rates(table: str) -> bool:
    """Whether a table of this name holds exchange rates: its currencies are no evidence."""
    return any(singular(word) in {"rate", "fx", "forex"} for word in words(table))


def money_table(table: str) -> bool:
    """Whether a table of this name deals in money."""
    return any(singular(word) in MONEY_TABLES for word in words(table))


def money_saying(name: str, table: str) -> Saying | None:
    """What the name of a column says about money, or None where it speaks of something else."""
    written = words(name)
    plain = tuple(singular(word) for word in written)
    if any(word in NEVER for word in plain) or _is_ratio(plain):
        return None
    if sum(word in CURRENCIES for word in plain) > 1:
        return None  # eur_usd is an exchange rate
    kept = plain[: _turn(plain)]
    strong_at = _last(kept, STRONG)
    weak_at = _last(kept, WEAK)
    at = strong_at if strong_at >= 0 else weak_at
    if _last(kept, HEADS | UNITS) > at:
        return None
    if at >= 0 and (at == weak_at or kept[at] in COUNTING_TOO) and _counts_units(written[:at]):
        return None
    if strong_at >= 0:
        if _means_something_else(kept[at], plain, table):
            return None
        return Saying(written[at], certain=True)
    if plain and plain[-1] in CURRENCIES:
        return Saying(written[-1], certain=True, currency=True)
    if weak_at < 0:
        return None
    support = SUPPORTING | STRONG | CURRENCIES
    beside = (written[i] for i, word in enumerate(plain) if i != at and word in support)
    return Saying(written[at], certain=False, beside=next(beside, ""))


def _last(plain: Sequence[str], among: frozenset[str]) -> int:
    return max((at for at, word in enumerate(plain) if word in among), default=-1)


def _counts_units(written: Sequence[str]) -> bool:
    """Whether words tell a unit: `hours`, `point`, `days`, but not `day`."""
    return any(
        singular(word) in UNITS or (singular(word) in PERIODS and singular(word) != word)
        for word in written
    )


def _means_something_else(word: str, plain: Sequence[str], table: str) -> bool:
    company = set(plain)
    if not money_table(table):
        company |= {singular(other) for other in words(table)}
    return not ELSEWHERE.get(word, frozenset()).isdisjoint(company)


def _turn(plain: Sequence[str]) -> int:
    """Where the name's subject ends and its description begins: `price_per_hour` at `per`."""
    known = STRONG | WEAK | HEADS | UNITS
    for at, word in enumerate(plain):
        if word in TURNING and any(earlier in known for earlier in plain[:at]):
            return at
    return len(plain)


def _is_ratio(plain: Sequence[str]) -> bool:
    pairs = zip(plain, plain[1:], plain[2:], strict=False)
    if any(b == "to" and a in STRONG and c in RATIO_BASES for a, b, c in pairs):
        return True
    return any(a == "per" and b == "cent" for a, b in pairwise(plain))


def _parts(word: str) -> list[str]:
    """A word as the lexicon knows it, else split into words that it knows, else as it is."""
    if _known(word) or not _SHORTEST_RUN_TOGETHER <= len(word) <= _LONGEST_RUN_TOGETHER:
        return [word]
    split = _split(word)
    if split:
        return split
    one = singular(word)
    if not one.endswith(tuple(LOOKALIKES)):
        for money in _LONG_STRONG:
            if one.endswith(money):
                return [word[: len(one) - len(money)], word[len(one) - len(money) :]]
    return [word]


def _split(word: str) -> list[str]:
    """All of a run-together word in words of the lexicon, longest first; [] where that fails."""
    splits: dict[int, list[str]] = {len(word): []}
    for start in range(len(word) - _SHORTEST_PART, -1, -1):
        for end in range(len(word), start + _SHORTEST_PART - 1, -1):
            if end in splits and _known(word[start:end]):
                splits[start] = [word[start:end], *splits[end]]
                break
    return splits.get(0, [])


def _known(word: str) -> bool:
    return word in _VOCABULARY or singular(word) in _VOCABULARY
