"""All of a project's modules: the places in their code where money is a float."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import lru_cache

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


def money_in_code(
    modules: Iterable[tuple[str, str, ast.Module]], settings: MoneySettings
) -> tuple[MoneyInCode, ...]:
    """`modules` are (path, text, parsed), each of which may matter. A name that is not enough by
    itself counts where a column of the models has it."""
    seen: list[_Seen] = []
    columns: dict[str, str] = {}
    for path, text, module in modules:
        scopes = Scopes(path, module, text, settings)
        for column, model in exact_columns(scopes):
            columns.setdefault(column, model)
        frames = bool(_OF_FRAMES.search(text))
        seen += [_unsure(s) if frames else s for s in _seen(scopes)]
    facts = []
    for one in seen:
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


def _unsure(seen: _Seen) -> _Seen:
    return replace(seen, fact=replace(seen.fact, sure=False))
