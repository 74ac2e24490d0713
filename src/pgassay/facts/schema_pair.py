"""Two schemas side by side, whatever they were read from."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from pgassay.facts.assay import Assay
from pgassay.facts.catalog import Catalog
from pgassay.facts.comparison import Comparison
from pgassay.facts.unavailable import Unavailable

A: Final = "A"
B: Final = "B"


@dataclass(frozen=True, slots=True)
class PairSide:
    """`of` is "database" or "file", "history" or "models": who can be told to change it. `name` is
    what sentences call it, such as "live" or "A"; `source` the masked URL, the file's path, or the
    history's folder."""

    of: str
    name: str
    source: str
    catalog: Catalog


@dataclass(frozen=True, slots=True)
class SchemaPair:
    """The comparison's sides are called A and B."""

    a: PairSide
    b: PairSide
    comparison: Comparison


@dataclass(frozen=True, slots=True)
class PairAssay(Assay):
    """The facts of a run that compares two schemas."""

    pair: SchemaPair | Unavailable | None = None
