"""Names that PostgreSQL gives an identity column's sequence by itself."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from pgassay.analysis.schema_diff.properties import IDENTITY_PREFIX, Differing
from pgassay.analysis.schema_diff.side import Side
from pgassay.facts.catalog import Sequence

_LONGEST = 63


def differing_name(sequences: Mapping[Side, Sequence]) -> Iterator[Differing]:
    """Where somebody chose a name on one side at least, and the sides do not agree on it."""
    prop = f"{IDENTITY_PREFIX}sequence name"
    names = {
        side: sequence.name
        for side, sequence in sequences.items()
        if side.scope.says("column", prop, usual=is_automatic(sequence))
    }
    chosen = any(not is_automatic(sequences[side]) for side in names)
    if chosen and len(set(names.values())) > 1:
        yield Differing(prop, tuple((side.name, name) for side, name in names.items()))


def is_automatic(sequence: Sequence) -> bool:
    """Whether PostgreSQL names the sequence of that column so: TABLE_COLUMN_seq, with a number
    after it where the name was taken; table and column cut as makeObjectName() does."""
    if len(sequence.owned_by) != 3:
        return False
    table, column = (part.encode() for part in sequence.owned_by[1:])
    number = re.fullmatch(r".*_seq(\d*)", sequence.name, re.DOTALL)
    if number is None:
        return False
    room = _LONGEST - len(f"__seq{number[1]}")
    while len(table) + len(column) > room:
        if len(table) > len(column):
            table = _shorter(table)
        else:
            column = _shorter(column)
    made = b"_".join((table, column, b"seq")).decode() + number[1]
    return sequence.name == made


def _shorter(name: bytes) -> bytes:
    """Without its last byte, and the rest of the character that it belonged to."""
    return name[:-1].decode(errors="ignore").encode()
