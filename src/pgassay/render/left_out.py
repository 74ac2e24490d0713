"""What was not compared, and how much of each schema there is, in a few words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from pgassay.render.fact_reader import mapping, size, text
from pgassay.render.plain import counted, name

_KINDS: Final = {
    "another history": ("table of another history", "tables of another history"),
    "extension member": ("object of an extension", "objects of extensions"),
    "partition made at run time": ("partition made at run time", "partitions made at run time"),
    "subscription's connection": ("subscription's connection", "subscriptions' connections"),
    "schema pgassay": ("object in schema pgassay", "objects in schema pgassay"),
    "temporary": ("temporary object", "temporary objects"),
}
"""Reason for leaving out -> one such thing, several; other reasons are nouns themselves."""


def not_compared(facts: Mapping[str, Any]) -> str:
    """`1 version table, 2 objects of extensions`: what the databases have and nobody compared, by
    number and name; or ""."""
    sides = mapping(facts.get("pair")) or {"live": mapping(facts.get("sides")).get("live")}
    counts: dict[str, int] = {}
    for side in sides.values():
        # What both databases have is one thing to leave out.
        for reason, count in mapping(mapping(side).get("left_out")).items():
            if isinstance(count, int):
                counts[reason] = max(count, counts.get(reason, 0))
    for reason, count in mapping(mapping(facts.get("comparison")).get("left_out")).items():
        if isinstance(count, int):
            counts[reason] = counts.get(reason, 0) + count
    return ", ".join(_said(reason, count) for reason, count in sorted(counts.items()) if count)


def _said(reason: str, count: int) -> str:
    what, colon, why = name(reason).partition(": ")
    if colon:  # such as "owners: the history set none"
        return f"{what} of {counted(count, 'object')} ({why})"
    return counted(count, *_noun(what))


def _noun(reason: str) -> tuple[str, str]:
    """One and several of what was left out for this reason."""
    if reason in _KINDS:
        return _KINDS[reason]
    if reason.startswith("managed by "):  # by a service, such as Supabase
        return f"object {reason}", f"objects {reason}"
    if reason.startswith("beyond "):  # such as "beyond what the models can say"
        return f"property {reason}", f"properties {reason}"
    if reason.endswith("y") and reason[-2:-1] not in "aeiou":
        return reason, f"{reason[:-1]}ies"
    return reason, reason + ("es" if reason.endswith(("s", "x")) else "s")


def schema_size(side: Mapping[str, Any]) -> str:
    """`11 tables, 84 columns, 20 constraints, 9 indexes, 12 others`; tables and columns always."""
    parts = [size(side, "tables", "table"), size(side, "columns", "column")]
    for key, noun, nouns in (
        ("constraints", "constraint", "constraints"),
        ("indexes", "index", "indexes"),
    ):
        if isinstance(side.get(key), int):
            parts.append(counted(side[key], noun, nouns))
    if others := other_objects(side):
        parts.append(counted(others, "other"))
    return ", ".join(parts)


def other_objects(side: Mapping[str, Any]) -> int:
    """How many objects of other kinds there are."""
    return sum(n for n in mapping(side.get("others")).values() if isinstance(n, int))


def settled(facts: Mapping[str, Any]) -> str:
    """`3 reparsed, 1 equivalent`: texts that are written differently and mean the same, by what
    decided it; or ""."""
    found = mapping(mapping(facts.get("comparison")).get("settled"))
    return ", ".join(f"{text(found, rung)} {name(rung)}" for rung in found)
