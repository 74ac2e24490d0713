"""The SQLAlchemy models: the schema `create_all()` makes of them, and where each is written."""

from __future__ import annotations

from dataclasses import dataclass, field

from pgassay.facts.catalog import Catalog
from pgassay.facts.location import Location


@dataclass(frozen=True, slots=True)
class Models:
    """`locations` maps (schema, table, column or "") to where the model writes it."""

    catalog: Catalog
    locations: dict[tuple[str, str, str], Location] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ModelTable:
    """A table that a file writes as a model or `Table`. `base` is the declarative base or MetaData
    it belongs to, as "path:name"; "" where the text does not tell."""

    table: str
    location: Location
    base: str = ""
