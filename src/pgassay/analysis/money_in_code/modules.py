"""All of a project's modules: the places in their code where money is a float."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from pgassay.analysis.money import matches
from pgassay.analysis.money_in_code.computed import computed
from pgassay.analysis.money_in_code.declared import declared, exact_columns
from pgassay.analysis.money_in_code.kept_as_json import kept_as_json
from pgassay.analysis.money_in_code.names import Saying, may_say_money
from pgassay.analysis.money_in_code.scopes import Scopes
from pgassay.analysis.money_lexicon import CURRENCIES, MONEY_TABLES, STRONG
from pgassay.facts.location import Location
from pgassay.facts.money_code import Kind, MoneyInCode
from pgassay.facts.settings import MoneySettings

_TELLING = ("loat", "round(", "asdecimal", "JSON", "Numeric", "NUMERIC", "DECIMAL", "100")
# Wrong whatever is called money there.
_ALWAYS = ("Decimal(", "json_encoders", "default=float")
_LITERAL = re.compile(r"\d\.\d")
_IDENTIFIER = re.compile(r"[^\W\d]\w{2,}")
_MONEY = re.compile("|".join(sorted(STRONG | CURRENCIES | MONEY_TABLES)), re.IGNORECASE)
# Code that draws, learns or measures computes in floats, and rightly.
_OF_SCIENCE = re.compile(
    r"^\s*(?:import|from)\s+(altair|bokeh|catboost|jax|keras|lightgbm|matplotlib|plotly|scipy|"
    r"seaborn|sklearn|statsmodels|tensorflow|torch|xgboost)\b",
    re.MULTILINE,
)
_OF_FRAMES = re.compile(r"^\s*(?:import|from)\s+(numpy|pandas|polars)\b", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class _Seen:
    fact: MoneyInCode
    said: Saying


@dataclass(frozen=True, slots=True)
class ModuleMoney:
    """What was seen in a module; `columns` are (column, class) of its models' exact columns."""

    seen: tuple[_Seen, ...]
    columns: tuple[tuple[str, str], ...]


def may_matter(text: str, settings: MoneySettings) -> bool:
    """Whether a module's text is worth parsing: it has a float, a rounding, JSON or exact columns,
    and a word of money in it, and is none of science."""
    if not (any(word in text for word in _TELLING) or _LITERAL.search(text)):
        return False
    if _OF_SCIENCE.search(text):
        return False
    if settings.columns or any(word in text for word in _ALWAYS):
        return True
    return any(map(_may_say_money, set(_IDENTIFIER.findall(text))))


@lru_cache(maxsize=1 << 16)
def _may_say_money(name: str) -> bool:
    return _MONEY.search(name) is not None and may_say_money(name)


def money_in_module(path: str, text: str, settings: MoneySettings) -> ModuleMoney:
    """What a module's text shows. Raises what ast.parse() does, and RecursionError."""
    scopes = Scopes(path, ast.parse(text), text, settings)
    seen = tuple(
        one
        for one in _seen(scopes)
        if not any(matches(one.fact.name, pattern) for pattern in settings.not_money)
    )
    if _OF_FRAMES.search(text):
        seen = tuple(replace(one, fact=replace(one.fact, sure=False)) for one in seen)
    return ModuleMoney(seen, tuple(exact_columns(scopes)))


def money_in_code(modules: Sequence[ModuleMoney]) -> tuple[MoneyInCode, ...]:
    """Of all modules together: a name that is not enough by itself counts where a column of the
    models is called so."""
    columns = dict(pair for module in reversed(modules) for pair in reversed(module.columns))
    facts = []
    for one in (one for module in modules for one in module.seen):
        said = one.said
        if not said.pending:
            facts.append(one.fact)
        elif said.name in columns:
            why = f"{said.why}, as a column of {columns[said.name]} is called"
            facts.append(replace(one.fact, why=why))
    return tuple(sorted(facts, key=lambda f: (f.location, f.name)))


def _seen(scopes: Scopes) -> Iterator[_Seen]:
    for place in declared(scopes):
        dotted = scopes.around(place.node).dotted
        if place.kind == "return":
            dotted = dotted.rpartition(".")[0]
        yield _fact(scopes, place.node.lineno, place.kind, dotted, place.text, place.said)
    for use in computed(scopes):
        dotted = scopes.around(use.node).dotted
        text = " ".join(ast.unparse(use.node).split())
        yield _fact(scopes, use.node.lineno, use.kind, dotted, text, use.said)
    for kept in kept_as_json(scopes):
        dotted = scopes.around(kept.node).dotted
        yield _fact(scopes, kept.node.lineno, kept.kind, dotted, kept.text, kept.said)


def _fact(scopes: Scopes, line: int, kind: Kind, dotted: str, text: str, said: Saying) -> _Seen:
    fact = MoneyInCode(
        Location(scopes.path, line), kind, f"{dotted}.{said.name}", text, said.why, said.sure
    )
    return _Seen(fact, said)
