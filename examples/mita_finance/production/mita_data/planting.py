"""Which rows are planted: the counts of each kind dealt to its places, and row numbers drawn."""

from mita_data.people import World
from mita_data.table import Place, Table

Planted = dict[str, dict[int, Place]]  # table -> number of the row -> what is planted there


def room(tables: list[Table], kind: str) -> int:
    """How many rows of a kind there can be at most."""
    return sum(t.room() for t in tables for p in t.places if p.kind == kind)


def deal(world: World, tables: list[Table], counts: dict[str, int]) -> Planted:
    """Spread each kind evenly over its places, as far as they have room."""
    planted: Planted = {table.name: {} for table in tables}
    for kind, wanted in counts.items():
        places = [(t, p) for t in tables for p in t.places if p.kind == kind]
        left = min(wanted, room(tables, kind))
        # The smallest first: what does not fit there goes to those with more room.
        for rest, (table, place) in enumerate(sorted(places, key=lambda p: p[0].room())):
            share = min(table.room(), left // (len(places) - rest))
            left -= share
            rng = world.rng("planted", kind, table.name, *place.columns)
            for nth in rng.sample(range(table.room()), share):
                planted[table.name][table.row_number(place, nth)] = place
    return planted
