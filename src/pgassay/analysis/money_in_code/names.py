"""What a name in code says about money: with less company than a column's, it has to say more."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from pgassay.analysis.money import matches
from pgassay.analysis.money_lexicon import CURRENCIES, MONEY_TABLES, NEVER, STRONG
from pgassay.analysis.money_names import money_saying, singular, words
from pgassay.facts.settings import MoneySettings


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_AMBIGUOUS = _words(
    """
    allowance amount amt balance bonus budget charge commission compensation cost credit debit
    deposit earned fund funding investment loan pay proceed rent saving spend spending spent
    """
)
"""Of a column they say money; in code a cost may be an optimiser's, an amount one of blur."""

_NOT_MONEY = _words(
    """
    alpha angle attr axis backoff baseline beta bound callback cls column config convergence
    deadline delta encoder energy epoch eps epsilon error exponent field fn format formatter
    func function gamma grad gradient handler iteration jitter lr matrix mean median mode momentum
    ms norm opacity penalty pixel radius rel relative residual search shadow sigma slope
    state temp throttle timeout tolerance ttl us ns vector vertex weight
    """
)
"""A name that has one of these is a number of the program's own, or no number."""

_RATIOS = _words("impact index key level precision progress rate share signal usage weight yield")
"""A name that ends in one holds a ratio or a measure, whatever it is made of."""

_OR_RATES = frozenset((word,) for word in ("fee", "gst", "tax", "vat"))
"""By themselves they may as well be rates."""

_TOO_WEAK = _words(
    """
    ask bid capital contribution due duty gain limit loss reserve reward stake sum target threshold
    value worth
    """
)
"""Of a column they may say money; every program has a value and a limit."""

_OF_TOTALS = _words("discount gross net outstanding paid shipping")

_BASES = MONEY_TABLES | _words("price amount")
# Words that are as usual in code that has nothing to do with money.
_VAGUE_BASES = _words("account cost fund order trade transaction transfer")
_CERTAIN_BASES = _BASES - _VAGUE_BASES
_BESIDE = CURRENCIES | (STRONG - _AMBIGUOUS) | _CERTAIN_BASES
_VERBS = _words("are can has have is should was will")


@dataclass(frozen=True, slots=True)
class Saying:
    """Why a name is taken for money. `pending`: only if a column of the models is called so."""

    name: str
    why: str
    sure: bool = True
    pending: bool = False


@dataclass(frozen=True, slots=True)
class Around:
    """What stands around a name: the `dotted` name of where it is, the classes and functions that
    it is in, and whether its file speaks of currencies or decimals."""

    dotted: str
    settings: MoneySettings
    classes: tuple[str, ...] = ()
    functions: tuple[str, ...] = ()
    path_words: frozenset[str] = field(default_factory=frozenset)
    of_money: str = ""


def is_ratio_name(name: str) -> bool:
    """Whether what is called so is a ratio, score or measure, and not an amount."""
    said = [singular(word) for word in words(name)]
    return bool(said) and (not NEVER.isdisjoint(said) or said[-1] in _RATIOS)


def says_anything(name: str) -> bool:
    """Whether a name speaks of money at all, be it weakly: a divisor that does makes a ratio."""
    return money_saying(name, "") is not None


def may_say_money(name: str) -> bool:
    """Whether a name is money or makes others money: a file without any has nothing to find."""
    said = money_saying(name, "")
    return (said is not None and said.certain) or bool(_said_by((name,), _CERTAIN_BASES))


def saying(name: str, around: Around, bases: Iterable[str] = ()) -> Saying | None:
    """What a name says; `bases` are the names of what it is taken from: `order` of order.total."""
    dotted = f"{around.dotted}.{name}"
    settings = around.settings
    if any(matches(dotted, pattern) for pattern in settings.not_money):
        return None
    if any(matches(dotted, pattern) for pattern in settings.columns):
        return Saying(name, "the configuration names it")
    plain = tuple(singular(word) for word in words(name))
    if not plain or plain[0] in _VERBS or not _NOT_MONEY.isdisjoint(plain):
        return None
    if plain[-1] in ("end", "start"):
        return None  # a moment: budget_start
    bases = tuple(bases) or around.classes
    said = money_saying(name, "")
    if said is None:
        return None
    says = f"the name says '{said.word}'"
    if said.currency:
        # `eur` alone may be a currency; as the end of a name it tells which.
        return Saying(name, f"the name ends in '{said.word}'") if len(plain) > 1 else None
    if not said.certain:
        if "total" in plain and (other := next((w for w in plain if w in _OF_TOTALS), "")):
            return Saying(name, f"the name says 'total', together with '{other}'", sure=False)
        base = _said_by(bases, _CERTAIN_BASES)
        if base and singular(said.word) not in _TOO_WEAK:
            return Saying(name, f"{says}, of '{base}'", sure=False)
        return None
    if singular(said.word) not in _AMBIGUOUS:
        return Saying(name, says, sure=plain not in _OR_RATES)
    beside = next((w for w in plain if w != singular(said.word) and w in _BESIDE), "")
    if beside:
        return Saying(name, f"{says}, together with '{beside}'")
    if base := _said_by(bases, _BASES):
        return Saying(name, f"{says}, of '{base}'")
    if base := _said_by(around.functions, _CERTAIN_BASES):
        return Saying(name, f"{says}, in '{base}'")
    if here := next(iter(sorted(around.path_words & _CERTAIN_BASES)), ""):
        return Saying(name, f"{says}, in a file of '{here}'")
    if around.of_money:
        return Saying(name, f"{says}, in a file {around.of_money}")
    return Saying(name, says, pending=True)


def _said_by(names: Iterable[str], among: frozenset[str]) -> str:
    for name in names:
        said = [singular(word) for word in words(name)]
        if _NOT_MONEY.isdisjoint(said) and not among.isdisjoint(said):
            return name
    return ""
