"""How a property's value is written in a difference."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from pgassay.analysis.sql_identifier import quoted
from pgassay.facts.catalog import Grant

_PLAIN_LABEL = re.compile(r"[^\s,';:](?:[^,';:]*[^\s,';:])?")

_NOTHING: Mapping[tuple[str, str], str] = {
    ("column", "generated"): "no",
    ("column", "collation"): "default",
    ("column", "storage"): "default",
    ("column", "compression"): "default",
    ("column", "statistics"): "default",
    ("column", "not_null_name"): "automatic",
    ("index", "tablespace"): "default",
    ("schema", "owner"): "default",
    ("table", "tablespace"): "default",
    ("table", "access_method"): "default",
    ("materialized view", "tablespace"): "default",
    ("materialized view", "access_method"): "default",
    ("statistics", "target"): "default",
    ("view column", "statistics"): "default",
    # PUBLIC may use these from the start, so that no grants are not no rights.
    ("aggregate", "grants"): "default",
    ("base type", "grants"): "default",
    ("composite type", "grants"): "default",
    ("database", "grants"): "default",
    ("domain", "grants"): "default",
    ("enum", "grants"): "default",
    ("function", "grants"): "default",
    ("language", "grants"): "default",
    ("range type", "grants"): "default",
}


def written(kind: str, prop: str, value: object) -> str:
    """The value as text; two values of one property are written alike only if they are equal."""
    nothing = _NOTHING.get((kind, prop), "none")
    if value is None or value == "" or value == ():
        return nothing
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, tuple) and prop == "owned_by":
        text = ".".join(quoted(part) for part in value)
    elif isinstance(value, tuple):
        text = _together(kind, value)
    elif isinstance(value, float):
        text = repr(value).removesuffix(".0")
    else:
        text = str(value)
    return literal(text) if text == nothing else text


def _together(kind: str, values: tuple[object, ...]) -> str:
    if all(isinstance(value, Grant) for value in values):
        return "; ".join(literal(text) if ";" in text else text for text in map(str, values))
    texts = [str(value) for value in values]
    if kind == "enum":
        return listed(texts)
    return ", ".join(literal(t) if _unclear(t) else t for t in texts)


def _unclear(text: str) -> bool:
    """Whether it could be taken for the end of one text and the beginning of the next."""
    return ", " in text or text != text.strip() or text[:1] in ("", "'") or text[:2] == "E'"


def listed(labels: Iterable[str]) -> str:
    """An enum's labels, in quotes where they could be taken for something else."""
    return ", ".join(label if _PLAIN_LABEL.fullmatch(label) else literal(label) for label in labels)


def literal(text: str) -> str:
    """The text as SQL writes it, whatever standard_conforming_strings is."""
    doubled = text.replace("'", "''")
    return "E'" + doubled.replace("\\", "\\\\") + "'" if "\\" in text else f"'{doubled}'"
