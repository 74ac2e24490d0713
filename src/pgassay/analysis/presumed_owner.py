"""Says where an owner is not a history's own word."""

from __future__ import annotations

from pgassay.facts.catalog import Catalog, Owned
from pgassay.facts.comparison import Difference
from pgassay.facts.unavailable import Unavailable


def presumed_owner(
    difference: Difference, side: str, history: Catalog | Unavailable | None, live: str
) -> str:
    """A sentence, where the owner on the history's `side` is whoever runs it; else "". `live`: what
    the other side is called."""
    thing = dict(difference.objects).get(side)
    owner = dict(difference.values).get(side)
    if difference.property != "owner" or not isinstance(thing, Owned) or owner is None:
        return ""
    if not isinstance(history, Catalog) or not history.role or thing.owner != history.role:
        return ""
    return (
        f" The history names no owner for it, so it is compared with {owner}, who owns more on "
        f"{live} than any other role."
    )
