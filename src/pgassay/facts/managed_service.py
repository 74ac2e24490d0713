"""A service that runs PostgreSQL for its users, and makes things of its own in their databases."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ManagedService:
    """`role` is there on every database of the service and nowhere else. `roles` are all that it
    makes for itself, `trusted` those that it lets its users' own servers log in as and that are
    meant to see every row, `schemas` and `publications` those that it looks after, `extensions`
    those that it makes there in every database. Of its schemas, the rows of those `served` may be
    asked for through its other services, and those of the `private` ones are for nobody outside.
    """

    name: str
    role: str
    roles: tuple[str, ...]
    trusted: tuple[str, ...] = ()
    schemas: tuple[str, ...] = ()
    publications: tuple[str, ...] = ()
    extensions: tuple[str, ...] = ()
    served: tuple[str, ...] = ()
    private: tuple[str, ...] = ()
