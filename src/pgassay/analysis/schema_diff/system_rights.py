"""Rights on what the server made, beside a history: only those that concern its own roles."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace

from pgassay.analysis.schema_diff.owner_spread import OwnerSpread
from pgassay.analysis.side_scope import Scope
from pgassay.facts.catalog import (
    Catalog,
    Column,
    Grant,
    Owned,
    SchemaObject,
    SystemGrants,
    ViewColumn,
)

OTHERS = "system grants: more for no role of the history"
_OPTION = " WITH GRANT OPTION"
_EVERYBODY = "PUBLIC"


def without_others_rights(
    sides: Mapping[str, Catalog], scopes: Mapping[str, Scope]
) -> tuple[Mapping[str, Catalog], int]:
    """The sides, each database without the rights on system objects that are its host's or
    administrator's business; and how many objects had such.

    Hosts give rights to roles of their own, and take some from everybody. What counts is what a
    history gives or takes itself, and what gives more than at first to everybody, to a role that a
    history names in its grants, or to whoever owns nearly all of the database.
    """
    builds = [c for s, c in sides.items() if s in scopes and _speaks_of_grants(scopes[s])]
    if not builds:
        return sides, 0
    named = {grant.grantee for build in builds for grant in _granted(build)}
    set_by = {(t.name, g.grantee) for b in builds for t in b.of(SystemGrants) for g in t.grants}
    filtered: dict[str, Catalog] = {}
    number = 0
    for side, catalog in sides.items():
        filtered[side] = catalog
        if (side not in scopes or scopes[side].rights) and catalog.of(SystemGrants):
            known = named | {_EVERYBODY, OwnerSpread(catalog).usual}
            filtered[side], changed = _without(catalog, known, set_by)
            number += changed
    return filtered, number


def _speaks_of_grants(scope: Scope) -> bool:
    return not scope.rights and (scope.kinds is None or SystemGrants.KIND in scope.kinds)


def _granted(catalog: Catalog) -> Iterator[Grant]:
    for thing in catalog.objects():
        if isinstance(thing, Owned | Column | ViewColumn) and thing.KIND != "database":
            yield from thing.grants


def _without(
    catalog: Catalog, known: Collection[str], set_by: Collection[tuple[str, str]]
) -> tuple[Catalog, int]:
    number = 0
    others: list[SchemaObject] = []
    for thing in catalog.others:
        if not isinstance(thing, SystemGrants):
            others.append(thing)
            continue
        first = {grant.grantee: grant.privileges for grant in thing.initial}
        kept = tuple(
            grant
            for grant in thing.grants
            if (thing.name, grant.grantee) in set_by
            or (grant.grantee in known and _more(grant.privileges, first.get(grant.grantee, ())))
        )
        number += kept != thing.grants
        if kept:
            roles = {grant.grantee for grant in kept}
            initial = tuple(grant for grant in thing.initial if grant.grantee in roles)
            others.append(replace(thing, grants=kept, initial=initial))
    return (replace(catalog, others=tuple(others)) if number else catalog), number


def _more(now: Sequence[str], first: Sequence[str]) -> bool:
    """Whether there is a right that was not there at first."""
    if f"ALL{_OPTION}" in first:
        return False
    if "ALL" in first:
        return any(privilege.endswith(_OPTION) for privilege in now)
    return any(p not in first and f"{p}{_OPTION}" not in first for p in now)
