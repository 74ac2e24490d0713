"""What an application does to the schema when it starts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from pgassay.facts.location import Location


@dataclass(frozen=True, slots=True)
class StartupCall:
    """`what` it does there: `create_all()` of models, or running migrations. `how` it comes to be
    run, such as "the lifespan of the application"; `hook` is where that is written. `locked`: an
    advisory lock is taken around it."""

    what: Literal["create_all", "migrate"]
    location: Location
    how: str
    hook: Location
    locked: bool = False
