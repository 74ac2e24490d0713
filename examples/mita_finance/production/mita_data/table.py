"""A table of the example: its lines for COPY, and the places where a defect can be planted."""

import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from mita_data.people import World

Row = dict[str, str]
NULL = "\\N"


@dataclass(frozen=True)
class Place:
    """Where a kind of defect fits. `plant` changes a row, whose number it is given; None where
    the table sees to it itself, since the defect shows in the rows of another.

    `twin` gives the key of the row that the planted one collides with; `also` names another kind
    whose definition every row planted here meets too.
    """

    kind: str
    columns: tuple[str, ...]
    plant: Callable[[Row, int, random.Random, World], None] | None
    twin: Callable[[int, World], str] | None = None
    also: str | None = None


@dataclass(frozen=True)
class Table:
    """`lines` gives `count` lines of tab-separated `columns`; the first is the primary key.

    A place is given every n-th row, n being one more than the places there are: so kinds never
    meet in a row, and leaving one out leaves all other rows as they are.
    """

    name: str
    columns: tuple[str, ...]
    count: int
    lines: Callable[[], Iterator[str]]
    places: tuple[Place, ...] = ()
    money: str | None = None
    currency: str | None = None
    serial: bool = False

    def room(self) -> int:
        """How many rows of each kind there can be."""
        return self.count // (len(self.places) + 1)

    def row_number(self, place: Place, nth: int) -> int:
        return nth * (len(self.places) + 1) + self.places.index(place)
