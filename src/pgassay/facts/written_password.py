"""A password that stands in a file of the project."""

from __future__ import annotations

from dataclasses import dataclass

from pgassay.facts.location import Location


@dataclass(frozen=True, slots=True)
class WrittenPassword:
    """`shown` is the line's secret-bearing part with the password masked. The password itself is
    never kept. `host` is the server it opens, "" when the place does not say. `local` means a
    server on the developer's own machine or in a CI job. `tracked` is None where git cannot tell.
    """

    location: Location
    key: str
    shown: str
    host: str = ""
    local: bool = False
    tracked: bool | None = None
