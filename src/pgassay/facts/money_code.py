"""Places in the project's Python code where money is a float, or is about to be one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from pgassay.facts.location import Location

DeclaredKind = Literal["field", "variable", "parameter", "return", "option", "constant", "column"]
ComputedKind = Literal["float", "decimal", "arithmetic", "truncation", "minor units", "round"]
JsonKind = Literal["json column", "json text"]
Kind = DeclaredKind | ComputedKind | JsonKind


@dataclass(frozen=True, slots=True)
class MoneyInCode:
    """`name` is what was taken for money, below its module, class and function, as in
    `app.schemas.expense.ExpenseIn.amount`; `text` is the code that makes it a float. `why` it was
    taken for money. `sure`: that it is money, and that the code is wrong for it."""

    location: Location
    kind: Kind
    name: str
    text: str
    why: str
    sure: bool = True
