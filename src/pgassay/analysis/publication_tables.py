"""A publication's tables one by one: each has an SQL text of its own, its WHERE."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from pgassay.analysis.sql_identifier import qualified
from pgassay.analysis.text_equality import ORDER, settle
from pgassay.facts.catalog import Catalog, Publication, TableName
from pgassay.facts.comparison import Rung
from pgassay.facts.reparsed import ReparsedText, TextKey

_PART = r'(?:"(?:[^"]|"")+"|[^".\s]+)'
_NAME = re.compile(rf"{_PART}\.{_PART}")
_PROPERTY = "tables"


def by_name(tables: tuple[str, ...]) -> dict[str, str]:
    """The entries of `Publication.tables`, by table as SQL writes it."""
    return {(found[0] if (found := _NAME.match(table)) else table): table for table in tables}


def publishing(catalog: Catalog, table: TableName) -> list[str]:
    """The publications that a new column of the table would be part of."""
    name = qualified(*table)
    return [
        p.name
        for p in catalog.of(Publication)
        if p.all_tables
        or table[0] in p.schemas
        # One with a list of columns has those.
        or re.fullmatch(rf"{re.escape(name)}(?: WHERE .*)?", by_name(p.tables).get(name, ""), re.S)
    ]


def text_key(publication: Publication, name: str) -> TextKey:
    return (publication.KIND, publication.identity, f"{_PROPERTY} {name}")


def text_of(publication: Publication, prop: str) -> str:
    """The entry that a key names; "" where there is none."""
    return by_name(publication.tables).get(prop.removeprefix(f"{_PROPERTY} "), "")


def unsettled_tables(publications: Mapping[str, Publication]) -> Iterator[tuple[str, TextKey]]:
    """By side, the entries that differ and may mean the same, which only those with a WHERE can."""
    entries = {side: by_name(one.tables) for side, one in publications.items()}
    for name in {name: None for tables in entries.values() for name in tables}:
        found = {side: tables[name] for side, tables in entries.items() if name in tables}
        if len({*found.values()}) > 1 and all(" WHERE (" in entry for entry in found.values()):
            for side in found:
                yield side, text_key(publications[side], name)


def settle_tables(
    values: Mapping[str, tuple[str, ...]], reparsed: Mapping[str, Mapping[str, ReparsedText]]
) -> tuple[dict[str, tuple[str, ...]], Rung, str]:
    """The tables by side, those that mean the same written the same; the rung that was needed, and
    why an entry could not be decided. `reparsed`: by side and table."""
    entries = {side: by_name(tables) for side, tables in values.items()}
    rung: Rung = "structure"
    undecided: dict[str, None] = {}
    for name in {name: None for tables in entries.values() for name in tables}:
        there = {side: tables[name] for side, tables in entries.items() if name in tables}
        texts = {side: known[name] for side, known in reparsed.items() if name in known}
        settled = settle(Publication.KIND, _PROPERTY, there, texts)
        rung = max(rung, settled.rung, key=ORDER.index)
        undecided |= dict.fromkeys([settled.undecided] if settled.undecided else [])
        for side, text in settled.texts.items():
            entries[side][name] = text
    return {side: tuple(e.values()) for side, e in entries.items()}, rung, "; ".join(undecided)
