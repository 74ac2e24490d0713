"""One of the two histories, with what executing it showed."""

from __future__ import annotations

import re
from dataclasses import dataclass

from pgassay.facts.catalog import Catalog, TableName
from pgassay.facts.history import Build, History, Salvage, Statement
from pgassay.facts.touch import Touch

_RELATION = re.compile(r'relation "([^"]+)"')


@dataclass(frozen=True, slots=True)
class Known:
    """One history with what executing it showed."""

    history: History
    build: Build

    @property
    def catalog(self) -> Catalog | None:
        """The schema it makes; with what was assumed where it does not build."""
        salvage = self.build.salvage
        found = self.build.catalog or (salvage.catalog if isinstance(salvage, Salvage) else None)
        return found if isinstance(found, Catalog) else None

    @property
    def touches(self) -> tuple[Touch, ...]:
        salvage = self.build.salvage
        found = salvage.touches if isinstance(salvage, Salvage) else self.build.touches
        return found or ()

    @property
    def statements(self) -> tuple[Statement, ...]:
        salvage = self.build.salvage
        return salvage.statements if isinstance(salvage, Salvage) else self.build.statements

    @property
    def assumed(self) -> frozenset[TableName]:
        salvage = self.build.salvage
        if not isinstance(salvage, Salvage):
            return frozenset()
        found = (assumed_table(a.missing) for a in salvage.assumed)
        return frozenset(table for table in found if table is not None)


def assumed_table(missing: str) -> TableName | None:
    """The table that is meant by such as `relation "users"`; None for another kind of object."""
    match = _RELATION.fullmatch(missing)
    if match is None:
        return None
    schema, dot, name = match[1].rpartition(".")
    return (schema, name) if dot else ("public", name)
