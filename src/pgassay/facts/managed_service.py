"""A service that runs PostgreSQL for its users, and makes things of its own in their databases."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ManagedService:
    """`role` is there on every database of the service and nowhere else. `roles` are all that it
    makes for itself, `administrator` the one that it gives its users, which is no superuser.
    `schemas` are those that it looks after, `publications` likewise; `served` are those of them
    whose rows anybody may ask its other services for.
    """

    name: str
    role: str
    roles: tuple[str, ...]
    administrator: str
    schemas: tuple[str, ...] = ()
    publications: tuple[str, ...] = ()
    served: tuple[str, ...] = ()
