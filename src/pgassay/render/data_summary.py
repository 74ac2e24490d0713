"""How many rules the rows keep, in words, and what the compliance queries gave."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import Any

from pgassay.render.fact_reader import records, text
from pgassay.render.plain import counted

_ENDINGS = (
    ("failed", "broken"),
    ("passed", "kept by all rows"),
    ("proved", "proved by constraints"),
    ("vacuous", "of no rows"),
    ("partial", "asked in part"),
    ("unavailable", "not asked"),
)


def rules_in_words(data: Mapping[str, Any]) -> str:
    """`38 rules: 19 broken, 12 kept by all rows, 7 proved by constraints`."""
    rules = records(data.get("rules"))
    endings = Counter(text(rule, "status") for rule in rules)
    parts = [f"{endings[ending]} {words}" for ending, words in _ENDINGS if endings[ending]]
    said = counted(len(rules), "rule")
    return f"{said}: {', '.join(parts)}" if parts else said


def values(data: Mapping[str, Any]) -> list[tuple[str, str]]:
    """The compliance queries' names, and what each gave."""
    return [
        (
            text(query, "name"),
            f"unavailable: {text(query, 'reason')}"
            if text(query, "reason")
            else (text(query, "value") or "NULL"),
        )
        for query in records(data.get("queries"))
    ]
