"""Whether SQL texts that several databases deparsed mean the same, and what found it out."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass

from pgassay.analysis.sql_tokens import tokens
from pgassay.analysis.text_equivalence import canonical
from pgassay.facts.comparison import Rung
from pgassay.facts.reparsed import ReparsedText

SQL_TEXTS: frozenset[tuple[str, str]] = frozenset(
    {
        ("column", "default"),
        ("constraint", "definition"),
        ("domain", "default"),
        ("domain constraint", "definition"),
        ("function", "arguments"),
        ("function", "body"),
        ("index", "definition"),
        ("materialized view", "definition"),
        ("policy", "check"),
        ("policy", "using"),
        ("rule", "definition"),
        ("statistics", "definition"),
        ("table", "bound"),
        ("table", "partition_key"),
        ("trigger", "definition"),
        ("view", "definition"),
        ("view column", "default"),
    }
)
"""(KIND, property) of what PostgreSQL deparses. A function's body only if it is `sql_body`."""

_VALUES = {("column", "default"), ("domain", "default"), ("view column", "default")}
_EXPRESSIONS = {*_VALUES, ("policy", "using"), ("policy", "check")}
_CHECKS = {("constraint", "definition"), ("domain constraint", "definition")}

ORDER: tuple[Rung, ...] = ("structure", "reparsed", "equivalent", "folded")
"""Each rung after those that are tried before it."""


@dataclass(frozen=True, slots=True)
class Settled:
    """`texts` are as given, but those that mean the same are written as the first of them.

    `rung` is the last one that was needed to bring any two together, "structure" for none.
    `undecided` is not "" where texts stayed apart and scratch could not parse one of them.
    """

    texts: dict[str, str]
    rung: Rung
    undecided: str = ""


def settle(
    kind: str, prop: str, texts: Mapping[str, str], reparsed: Mapping[str, ReparsedText]
) -> Settled:
    """Brings together the sides whose texts mean the same.

    `texts` and `reparsed` are by side; a side that was not reparsed is not in the latter.
    """
    what = (kind, prop)
    group = {side: side for side in texts}
    reached = 0
    rungs: tuple[Callable[[str], Hashable], ...] = (
        lambda side: texts[side],
        lambda side: _reparsed(reparsed, side),
        lambda side: _canonical(what, texts, reparsed, side),
        lambda side: _folded(what, texts, reparsed, side),
    )
    for rung, meaning in enumerate(rungs):
        if len(set(group.values())) == 1:
            break
        seen: dict[Hashable, str] = {}
        for side in texts:
            key = meaning(side)
            if key is None:
                continue
            first = seen.setdefault(key, group[side])
            if group[first] != group[side]:
                reached = rung
                old, new = group[side], group[first]
                group = {s: new if g == old else g for s, g in group.items()}
    undecided = ""
    if len(set(group.values())) > 1:
        failed = {reparsed[side].failed: None for side in texts if side in reparsed}
        undecided = "; ".join(reason for reason in failed if reason)
    return Settled({s: texts[group[s]] for s in texts}, ORDER[reached], undecided)


def _reparsed(reparsed: Mapping[str, ReparsedText], side: str) -> str | None:
    text = reparsed.get(side)
    return text.reparsed or None if text and not text.failed else None


def _canonical(
    what: tuple[str, str],
    texts: Mapping[str, str],
    reparsed: Mapping[str, ReparsedText],
    side: str,
) -> Hashable:
    return canonical(_reparsed(reparsed, side) or texts[side], is_value=what in _VALUES)


def _folded(
    what: tuple[str, str],
    texts: Mapping[str, str],
    reparsed: Mapping[str, ReparsedText],
    side: str,
) -> Hashable:
    """What the planner computed stands for the expression alone: what a constraint says besides,
    such as NOT ENFORCED, has to be the same too; an index says too much besides."""
    text = reparsed.get(side)
    if not text or text.failed or not text.folded:
        return None
    if what in _EXPRESSIONS:
        return (text.folded,)
    if what in _CHECKS:
        around = _around_check(texts[side])
        return None if around is None else (text.folded, around)
    return None


def _around_check(definition: str) -> Hashable:
    """What stands after the brackets of CHECK (...); None where it is no such definition."""
    found = tokens(definition)
    if found is None or [token.text for token in found[:2]] != ["check", "("]:
        return None
    depth = 0
    for place, token in enumerate(found):
        if token.kind == "sign":
            depth += (token.text == "(") - (token.text == ")")
        if place and depth == 0:
            return found[place + 1 :]
    return None
