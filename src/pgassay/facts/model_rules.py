"""Rules for rows that the models carry, as running env.py showed them."""

from __future__ import annotations

from dataclasses import dataclass

from pgassay.facts.catalog import TableName
from pgassay.facts.location import Location


@dataclass(frozen=True, slots=True)
class RuleMention:
    """Where a file speaks of rules for rows. `in_info`: in what it gives as somebody's `info`."""

    location: Location
    in_info: bool


@dataclass(frozen=True, slots=True)
class CarriedRules:
    """What stands under "pgassay" in the `info` of a column, or of a table where `column` is "".
    `value` is JSON; `wrong` what of it is none, "" where all is."""

    table: TableName
    column: str
    value: str
    wrong: str = ""


@dataclass(frozen=True, slots=True)
class ModelRules:
    """`tables` are all that the models have, so that one which was not looked at shows."""

    carried: tuple[CarriedRules, ...]
    tables: frozenset[TableName]
